import { CourseCompleted, ProgressUpdated } from '@stellr/schema/events/progress'
import type { Tx } from '../context.ts'
import type { CourseProgressRef, CourseProgressRow } from '../models.ts'
import { basisPoints } from '../percent.ts'
import type { ProgressChange } from '../store/enrollments.ts'

/**
 * Writes how far an enrollment is and publishes it. When every required lesson is complete for the first time, so is the
 * course, `completeSince`: that is said once and never taken back.
 */
export async function advance(
  tx: Tx,
  { enrollment, progress }: CourseProgressRef,
  change: Partial<ProgressChange>,
  completeSince: Date,
  now: Date,
): Promise<CourseProgressRow> {
  const { enrollmentId, version: _version, createdAt: _createdAt, updatedAt: _updatedAt, ...present } = progress
  const next = { ...present, ...change }
  const isComplete = next.required > 0 && next.completedRequired >= next.required
  // A device's clock may be ahead of ours.
  const completedAt = progress.completedAt ?? (isComplete ? earlier(completeSince, now) : null)
  const percentBp = basisPoints(next.completedRequired, next.required)
  const row = await tx.changeCourseProgress(enrollmentId, { ...next, percentBp, completedAt }, now)

  const { userId, courseId, courseVersion } = enrollment
  const learner = { enrollmentId, userId, courseId }
  await tx.outbox.add(
    ProgressUpdated,
    { id: enrollmentId, version: row.version },
    {
      ...learner,
      percentBasisPoints: row.percentBp,
      completedLessons: row.completedRequired,
      requiredLessons: row.required,
      activeSeconds: Math.floor(Number(row.activeMs) / 1000),
    },
  )
  if (completedAt && !progress.completedAt) {
    const completion = { ...learner, courseVersion, completedAt: completedAt.toISOString() }
    await tx.outbox.add(CourseCompleted, { id: enrollmentId, version: 1 }, completion)
  }
  return row
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b
}
