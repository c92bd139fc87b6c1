import { DomainError } from '@stellr/kit'
import { ReviewGiven } from '@stellr/schema/events/courses'
import { z } from 'zod'
import { spendChange } from '../authoring.ts'
import type { Context } from '../context.ts'
import { comment, id, stars } from '../inputs.ts'
import type { CourseRow, ReviewRow } from '../models.ts'
import { mayRate } from '../policy.ts'
import { findCourse } from './find-course.ts'

export const input = z.object({ courseId: id, stars, comment })

/** One rating for each learner; the course's mean is kept exactly, however many rate at once. */
export async function rateCourse(
  context: Context,
  { courseId, stars, comment }: z.output<typeof input>,
): Promise<{ course: CourseRow; review: ReviewRow }> {
  const userId = await spendChange(context)
  const { instructorId } = await findCourse(context, courseId)
  if (instructorId === userId) throw new DomainError('FORBIDDEN', { reason: 'OWN_COURSE' }, 'Your own course is for others to rate.')
  // Whoever has just enrolled may rate at once, though the news of it may not have arrived here.
  const enrolled = async () => (await context.store.findEnrollments(userId, courseId)).find(mayRate) ?? null
  if (!(await context.awaitOwn(courseId, enrolled, { undated: true }))) throw new DomainError('NOT_ENROLLED')

  return context.store.transaction(async (tx) => {
    const course = await tx.lockCourse(courseId)
    if (!course) throw new DomainError('NOT_FOUND')
    const before = await tx.reviewOf(userId, courseId)
    if (before && before.stars === stars && (comment === undefined || before.comment === comment)) return { course, review: before }
    const review = await tx.saveReview({ id: context.random.id(), courseId, userId, stars }, comment, context.clock.now())
    const previousStars = before?.stars ?? null
    await tx.outbox.add(ReviewGiven, review, { reviewId: review.id, courseId, userId, stars, previousStars })
    const rated = await tx.changeRating(courseId, {
      ratingSum: course.ratingSum + stars - (previousStars ?? 0),
      ratingCount: course.ratingCount + (before ? 0 : 1),
    })
    return { course: rated, review }
  })
}
