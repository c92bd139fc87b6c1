import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { author } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id, title } from '../inputs.ts'
import type { ModuleRef } from '../models.ts'
import { workingModule } from '../outline.ts'

export const input = z.object({ courseId: id, title })

const MOST_MODULES = 100

/** Adds a module at the end of a course. */
export async function addModule(context: Context, { courseId, title }: z.output<typeof input>): Promise<{ module: ModuleRef }> {
  const module = await author(context, 'addModule', courseId, async ({ tx, now }) => {
    const { length } = await tx.modulesOf(courseId)
    if (length >= MOST_MODULES) throw new DomainError('CONFLICT', { most: MOST_MODULES }, 'A course has 100 modules at most.')
    return tx.insertModule({ id: context.random.id(), courseId, title, position: length + 1, createdAt: now, updatedAt: now })
  })
  return { module: workingModule(module) }
}
