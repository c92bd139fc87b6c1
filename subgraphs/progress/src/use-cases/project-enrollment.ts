import { NotYet, type Data, type Envelope } from '@stellr/kit'
import type { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import type { Tx } from '../context.ts'
import { progressFeed } from '../feed.ts'
import type { EnrollmentRow } from '../models.ts'
import { basisPoints } from '../percent.ts'
import { advance } from './advance.ts'

/** Keeps the newest of what is told of an enrollment. The first brings its progress into being; another version is counted anew. */
export async function projectEnrollment(tx: Tx, event: Envelope<Data<typeof EnrollmentCreated>>): Promise<void> {
  const { enrollmentId: id, userId, courseId, instructorId, courseVersion, status, attempt, enrolledAt, expiresAt } = event.data
  const now = new Date(event.time)
  const outline = await tx.outline({ courseId, version: courseVersion })
  if (!outline) throw new NotYet('the outline of its version is not there')

  const enrollment: EnrollmentRow = {
    id,
    userId,
    courseId,
    instructorId,
    courseVersion,
    status,
    attempt,
    enrolledAt: new Date(enrolledAt),
    expiresAt: expiresAt === null ? null : new Date(expiresAt),
    version: event.aggregateversion,
  }
  const saved = await tx.saveEnrollment(enrollment)
  if (saved === 'new') {
    const { required, quizzes } = outline
    await tx.addCourseProgress({ enrollmentId: id, required, percentBp: basisPoints(0, required), quizzesTotal: quizzes }, now)
  }
  if (saved === 'newer') await countAgain(tx, enrollment, { required: outline.required, quizzesTotal: outline.quizzes }, now)
}

async function countAgain(tx: Tx, enrollment: EnrollmentRow, totals: { required: number; quizzesTotal: number }, now: Date): Promise<void> {
  const progress = await tx.courseProgress(enrollment.id)
  if (!progress) throw new Error('an enrollment without progress')
  const { completedRequired, quizzesPassed, resumeLessonId, resumePosition, resumeAt } = await tx.tally(enrollment)
  const change = { ...totals, completedRequired, quizzesPassed, resumeLessonId, resumePosition: resumePosition ?? 0, resumeAt }
  const isSame = JSON.stringify({ ...progress, ...change, activeMs: 0 }) === JSON.stringify({ ...progress, activeMs: 0 })
  if (isSame) return
  const advanced = await advance(tx, { enrollment, progress }, change, now, now)
  await tx.feed.add(progressFeed, enrollment.id, { enrollment, progress: advanced, lesson: null })
}
