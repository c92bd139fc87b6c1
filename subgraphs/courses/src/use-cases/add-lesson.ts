import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import { authorModule } from '../authoring.ts'
import type { Context } from '../context.ts'
import { body, durationSeconds, id, kind, prerequisiteIds, title } from '../inputs.ts'
import type { LessonRef, LessonRow } from '../models.ts'
import { workingLesson } from '../outline.ts'
import { prerequisiteProblem } from '../prerequisites.ts'

export const input = z.object({
  moduleId: id,
  title,
  kind,
  body,
  durationSeconds: durationSeconds.nullish(),
  required: z.boolean().nullish(),
  freePreview: z.boolean().nullish(),
  prerequisiteIds: prerequisiteIds.nullish(),
})

const MOST_LESSONS = 500

/** Adds a lesson at the end of a module. */
export async function addLesson(context: Context, given: z.output<typeof input>): Promise<{ lesson: LessonRef }> {
  const { moduleId, title, kind } = given
  const lesson = await authorModule(context, 'addLesson', moduleId, async ({ tx, course, now }) => {
    const lessons = await tx.lessonsOfCourse(course.id)
    if (lessons.length >= MOST_LESSONS) throw new DomainError('CONFLICT', { most: MOST_LESSONS }, 'A course has 500 lessons at most.')
    requirePrerequisites(null, given.prerequisiteIds ?? [], lessons)
    return tx.insertLesson({
      id: context.random.id(),
      courseId: course.id,
      moduleId,
      title,
      kind,
      body: given.body ?? null,
      durationSeconds: given.durationSeconds ?? 0,
      position: lessons.filter((other) => other.moduleId === moduleId).length + 1,
      required: given.required ?? true,
      freePreview: given.freePreview ?? false,
      prerequisiteIds: given.prerequisiteIds ?? [],
      createdAt: now,
      updatedAt: now,
    })
  })
  return { lesson: workingLesson(lesson) }
}

/** Throws BAD_USER_INPUT unless these may be a lesson's prerequisites; `lessonId` is null for a new one. */
export function requirePrerequisites(lessonId: string | null, ids: readonly string[], lessons: readonly LessonRow[]): void {
  const problem = prerequisiteProblem(lessonId, ids, lessons)
  if (problem) throw new DomainError('BAD_USER_INPUT', [{ path: 'input.prerequisiteIds', ...problem }])
}
