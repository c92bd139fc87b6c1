import { DomainError } from '@stellr/kit'
import type { Context } from '../context.ts'
import { awaitEnrollment, pastOf } from '../enrolled.ts'
import type { EnrollmentRow, LessonRef } from '../models.ts'
import { hasLesson } from '../outline.ts'
import { isPublic, opensLessons } from '../policy.ts'

/** The text of a lesson that the viewer sees. Throws NOT_ENROLLED when it is not open to them. */
export async function readBody(context: Context, lesson: LessonRef): Promise<string | null> {
  // Only staff see the working copy.
  if (lesson.version === null) return (await context.store.lessonBody(lesson.id))?.body ?? null
  if (!(await isOpenPreview(context, lesson)) && !(await isLearned(context, lesson))) throw new DomainError('NOT_ENROLLED')
  return (await context.store.publishedBody(lesson.id))?.body ?? null
}

async function isOpenPreview({ store }: Context, { courseId, freePreview, version }: LessonRef): Promise<boolean> {
  const course = freePreview && version !== null ? await store.course(courseId) : null
  return course !== null && version !== null && isPublic(course, version)
}

async function isLearned(context: Context, { courseId, id }: LessonRef): Promise<boolean> {
  const { clock, store } = context
  const opens = async (enrollment: EnrollmentRow | undefined | null) => {
    const version = enrollment && (await store.courseVersion(courseId, enrollment.courseVersion))
    return version != null && hasLesson(version, id)
  }
  const past = await pastOf(context, courseId)
  const live = past.find((enrollment) => opensLessons(enrollment, clock.now()))
  if (await opens(live)) return true
  if (past.at(-1)?.status === 'SUSPENDED') return false
  // They may have enrolled, paid, or gone over to the latest version a moment ago.
  return opens(await awaitEnrollment(context, courseId, live))
}
