import { DomainError } from '@stellr/kit'
import { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { announce } from '../announce.ts'
import type { Context, Tx } from '../context.ts'
import { isId } from '../inputs.ts'
import type { EnrollmentRow, OfferRow } from '../models.ts'
import { effectiveStatus } from '../status.ts'
import { accessBy, note, transition, type Cause } from '../transition.ts'

export interface Order {
  /** Of the new enrollment, if there is one. */
  id: string
  userId: string
  offer: OfferRow
  status: 'ACTIVE' | 'PENDING_PAYMENT'
  /** When it is canceled unless it was paid for; null when it has not to be. */
  payBy: Date | null
  cause: Cause
}

/** What a course offers. Throws COURSE_NOT_OPEN for one that was never published, or is none. */
export async function offerOf(context: Context, courseId: string): Promise<OfferRow> {
  // A course that was made a moment ago may have been published, and not be here yet.
  const offer = isId(courseId) ? await context.awaitOwn(courseId, () => context.store.findOffer(courseId)) : null
  if (!offer) throw new DomainError('COURSE_NOT_OPEN', { courseId })
  return offer
}

/**
 * Gives somebody their one live enrollment in a course, a new one if need be. Of many requests at once, the index lets one
 * row in; the others wait for it and come back with that. Throws COURSE_NOT_OPEN when there is none, and no way to get one.
 */
export async function enrollOnce(tx: Tx, order: Order): Promise<{ enrollment: EnrollmentRow; created: boolean }> {
  const { userId, offer, cause } = order
  const isOpen = offer.status === 'PUBLISHED'
  const enrollment = isOpen ? await begin(tx, order) : null
  if (enrollment) return { enrollment, created: true }
  const live = await tx.lockLive(userId, offer.courseId)
  if (live && effectiveStatus(live, cause.now) !== 'EXPIRED') return { enrollment: live, created: false }
  if (!isOpen) throw new DomainError('COURSE_NOT_OPEN', { courseId: offer.courseId })
  if (live) await transition(tx, live, 'EXPIRED', { reason: 'expired', actorId: null, now: cause.now })
  // What was in the way has ended, here or in another transaction a moment ago.
  return enrollOnce(tx, order)
}

/** Null when somebody has a live one. */
async function begin(tx: Tx, { id, userId, offer, status, payBy, cause }: Order): Promise<EnrollmentRow | null> {
  const { courseId, instructorId, version: courseVersion, accessDays, priceAmount, priceCurrency } = offer
  const access = status === 'ACTIVE' ? accessBy(cause, accessDays) : { expiresAt: null, paymentId: null }
  const pinned = { courseId, instructorId, courseVersion, accessDays, priceAmount, priceCurrency, payBy }
  const enrollment = await tx.insertEnrollment({ id, userId, status, enrolledAt: cause.now, ...access, ...pinned })
  if (!enrollment) return null
  const noted = await note(tx, enrollment, null, cause)
  await announce(tx, EnrollmentCreated, enrollment, { previousStatus: null, transition: noted })
  return enrollment
}
