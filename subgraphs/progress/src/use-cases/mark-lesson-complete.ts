import { DomainError, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context, Tx } from '../context.ts'
import { evaluate, missingPrerequisites } from '../evaluate.ts'
import type { CourseProgressRef, LessonView } from '../models.ts'
import { givesAccess } from '../policy.ts'
import { lessonViews } from './find-progress.ts'
import { openEnrollment, saveOutcome } from './save-progress.ts'

export const input = z.object({ lessonId: z.uuid().toLowerCase() })

type Marked = { lessonProgress: LessonView; courseProgress: CourseProgressRef }

/** Completes a lesson now. One that is complete stays as it is, and nobody hears of it again. */
export async function markLessonComplete(context: Context, { lessonId }: z.output<typeof input>): Promise<Marked> {
  const viewer = requireUser(context.viewer)
  await context.services.limits.spend('changes', viewer.id)
  // The lesson's id does not tell when somebody enrolled in its course: that may have been a moment ago.
  const enrollment = await context.awaitOwn(lessonId, () => findAccess(context, viewer.id, lessonId), { undated: true })
  if (!enrollment) throw new DomainError((await context.store.isLesson(lessonId)) ? 'NOT_ENROLLED' : 'NOT_FOUND')
  return context.store.transaction((tx) => complete(tx, context, enrollment.id, lessonId))
}

async function findAccess({ store, clock }: Context, userId: string, lessonId: string) {
  const enrollments = await store.findEnrollmentsWithLesson(userId, lessonId)
  return enrollments.find((enrollment) => givesAccess(enrollment, clock.now())) ?? null
}

async function complete(tx: Tx, { clock, random }: Context, enrollmentId: string, lessonId: string): Promise<Marked> {
  const now = clock.now()
  const opened = await openEnrollment(tx, enrollmentId, [lessonId])
  const lesson = opened?.lessons.get(lessonId)
  // It may have ended, or gone over to another version, while this waited for its lock.
  if (!opened || !lesson || !givesAccess(opened.enrollment, now)) throw new DomainError('NOT_ENROLLED')

  if (opened.completed.has(lessonId)) return present(tx, opened, lessonId)
  if (lesson.kind === 'QUIZ') throw new DomainError('CONFLICT', undefined, 'A quiz is completed by passing it.')
  const missing = missingPrerequisites(lesson, opened.completed)
  if (missing.length > 0) throw new DomainError('LESSON_LOCKED', { missing })

  const event = {
    id: random.id(),
    lessonId,
    kind: 'COMPLETED',
    occurredAt: now.getTime(),
    position: null,
    ranges: [],
    activeSeconds: 0,
  } as const
  const outcome = evaluate([event], { ...opened, enrolledAt: opened.enrollment.enrolledAt, known: new Set(), now })
  const verdict = outcome.verdicts.get(event.id)
  if (typeof verdict === 'object') throw new DomainError('CONFLICT', undefined, verdict.message)
  return present(tx, await saveOutcome(tx, opened, outcome, now), lessonId)
}

async function present(tx: Tx, { enrollment, progress }: CourseProgressRef, lessonId: string): Promise<Marked> {
  const lessonProgress = (await lessonViews(tx, enrollment)).find(({ lesson }) => lesson.lessonId === lessonId)
  if (!lessonProgress) throw new Error('a lesson of the version is not in its outline')
  return { lessonProgress, courseProgress: { enrollment, progress } }
}
