import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { authorLesson } from '../authoring.ts'
import type { Context } from '../context.ts'
import { id } from '../inputs.ts'
import type { ModuleRef } from '../models.ts'
import { workingModule } from '../outline.ts'

export const input = z.object({ lessonId: id })

/** Takes a lesson out of the working copy, and out of the prerequisites of the others. */
export async function archiveLesson(context: Context, { lessonId }: z.output<typeof input>): Promise<{ module: ModuleRef }> {
  const module = await authorLesson(context, 'archiveLesson', lessonId, async ({ tx, course, lesson, now }) => {
    await tx.archiveLessons([lessonId], now)
    await tx.dropPrerequisites(course.id, [lessonId], now)
    await tx.closeGap(lesson, now)
    const row = await tx.module(lesson.moduleId)
    if (!row) throw new DomainError('NOT_FOUND')
    return row
  })
  return { module: workingModule(module) }
}
