import { z } from 'zod'
import { authorModule } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { ModuleRef } from '../models.ts'
import { workingModule } from '../outline.ts'
import { requireSame } from './reorder-modules.ts'

export const input = z.object({ moduleId: id, lessonIds: z.array(id).max(500) })

/** Puts the lessons of a module of the working copy in order. */
export async function reorderLessons(context: Context, { moduleId, lessonIds }: z.output<typeof input>): Promise<{ module: ModuleRef }> {
  const module = await authorModule(context, 'reorderLessons', moduleId, async ({ tx, module, now }) => {
    requireSame(lessonIds, await tx.lessonsOf(moduleId), 'lessonIds')
    await tx.placeLessons(lessonIds, now)
    return module
  })
  return { module: workingModule(module) }
}
