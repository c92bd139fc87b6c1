import { systemRandom } from '@stellr/kit'
import type { Tx } from '../context.ts'
import type { EnrollmentRow, RefundReason } from '../models.ts'
import { effectiveStatus } from '../status.ts'
import { transition, type Cause } from '../transition.ts'
import { enrollOnce } from './enroll-once.ts'

/**
 * Money came for an enrollment that does not wait for it any more. It pays for what the learner waits to pay for now, if that
 * is the same at the same price; or for a new attempt, if the one before was canceled unpaid and the course is still offered
 * as it was. Returns null then, and otherwise why it must go back. The enrollment's lock must be held.
 */
export async function useLatePayment(tx: Tx, begunFor: EnrollmentRow, cause: Cause): Promise<RefundReason | null> {
  const { userId, courseId } = begunFor
  const live = await tx.lockLive(userId, courseId)
  if (live && effectiveStatus(live, cause.now) !== 'EXPIRED') {
    if (live.status !== 'PENDING_PAYMENT') return 'already_enrolled'
    if (!sameTerms(live, begunFor)) return 'late_payment'
    await transition(tx, live, 'ACTIVE', cause)
    return null
  }
  // Whoever had access and left, or used up their time, has not asked for another.
  const offer = begunFor.status === 'CANCELED' ? await tx.findOffer(courseId) : null
  if (offer?.status !== 'PUBLISHED' || !sameTerms(offer, begunFor)) return 'late_payment'
  const { created } = await enrollOnce(tx, { id: systemRandom.id(), userId, offer, status: 'ACTIVE', payBy: null, cause })
  // They enrolled at this very moment.
  return created ? null : useLatePayment(tx, begunFor, cause)
}

type Terms = Pick<EnrollmentRow, 'priceAmount' | 'priceCurrency' | 'accessDays'>

function sameTerms(one: Terms, other: Terms): boolean {
  return one.priceAmount === other.priceAmount && one.priceCurrency === other.priceCurrency && one.accessDays === other.accessDays
}
