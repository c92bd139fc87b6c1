import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { authorLesson, type Edit } from '../authoring.ts'
import type { Context } from '../context.ts'
import { body, durationSeconds, id, kind, prerequisiteIds, title } from '../inputs.ts'
import type { LessonRef, LessonRow } from '../models.ts'
import { workingLesson } from '../outline.ts'
import { requirePrerequisites } from './add-lesson.ts'

export const input = z.object({
  lessonId: id,
  title: title.optional(),
  kind: kind.optional(),
  body,
  durationSeconds: durationSeconds.optional(),
  required: z.boolean().optional(),
  freePreview: z.boolean().optional(),
  prerequisiteIds: prerequisiteIds.optional(),
  moduleId: id.optional(),
})

/** Changes what is given of a lesson of the working copy; another module takes it at its end. */
export async function updateLesson(
  context: Context,
  { lessonId, moduleId, ...changes }: z.output<typeof input>,
): Promise<{ lesson: LessonRef }> {
  const lesson = await authorLesson(context, 'updateLesson', lessonId, async (edit) => {
    const { tx, course, lesson, now } = edit
    if (changes.kind && changes.kind !== lesson.kind && (await tx.publishedLesson(lessonId))) {
      throw new DomainError('CONFLICT', { reason: 'PUBLISHED' }, 'The kind of a lesson stays once it was published.')
    }
    if (changes.prerequisiteIds) requirePrerequisites(lessonId, changes.prerequisiteIds, await tx.lessonsOfCourse(course.id))
    const place = moduleId === undefined || moduleId === lesson.moduleId ? {} : await move(edit, moduleId)
    if (Object.keys({ ...changes, ...place }).length === 0) return lesson
    return tx.changeLesson(lessonId, { ...changes, ...place }, now)
  })
  return { lesson: workingLesson(lesson) }
}

async function move({ tx, course, lesson, now }: Edit & { lesson: LessonRow }, moduleId: string) {
  const target = await tx.module(moduleId)
  if (!target || target.courseId !== course.id || target.archivedAt !== null) {
    throw new DomainError('BAD_USER_INPUT', [{ path: 'input.moduleId', rule: 'unknown', message: 'must be a module of the same course' }])
  }
  const position = (await tx.lessonsOf(moduleId)).length + 1
  await tx.closeGap(lesson, now)
  return { moduleId, position }
}
