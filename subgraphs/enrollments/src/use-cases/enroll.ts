import { line, plusSeconds, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'
import { enrollOnce, offerOf } from './enroll-once.ts'

// What is no id is the id of no course: COURSE_NOT_OPEN says the same of both.
export const input = z.object({ courseId: line(1, 100) })

/** Somebody starts a course. However often and at once they ask, they have one enrollment. */
export async function enroll(
  context: Context,
  { courseId }: z.output<typeof input>,
): Promise<{ enrollment: EnrollmentRow; alreadyEnrolled: boolean }> {
  const { clock, random, services, store } = context
  const learner = requireUser(context.viewer)
  await services.limits.spend('changes', learner.id)
  const offer = await offerOf(context, courseId)
  const now = clock.now()
  const isFree = offer.priceAmount === 0n
  const status = isFree ? 'ACTIVE' : 'PENDING_PAYMENT'
  const payBy = isFree ? null : plusSeconds(now, services.unpaidAfterMinutes * 60)
  const cause = { reason: 'enrolled', actorId: learner.id, now } as const
  const order = { id: random.id(), userId: learner.id, offer, status, payBy, cause } as const
  const { enrollment, created } = await store.transaction((tx) => enrollOnce(tx, order))
  return { enrollment, alreadyEnrolled: !created }
}
