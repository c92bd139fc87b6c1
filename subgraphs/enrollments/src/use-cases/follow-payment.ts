import type { Data, Envelope } from '@stellr/kit'
import { RefundRequested } from '@stellr/schema/events/enrollments'
import type { PaymentInitiated } from '@stellr/schema/events/payments'
import type { Tx } from '../context.ts'
import type { EnrollmentRow } from '../models.ts'
import { effectiveStatus, transitions } from '../status.ts'
import { resume, transition, type Cause, type Reason } from '../transition.ts'
import { useLatePayment } from './use-late-payment.ts'

type PaymentEvent = Envelope<Data<typeof PaymentInitiated>>

/**
 * Does with access what has become of the money. It follows from how the payment is, not from which event says so: what is no
 * news has no effect. Money that was received gives access to one enrollment, or is asked back, once; only the enrollment
 * that it gave access to is touched by what becomes of it later.
 */
export async function followPayment(tx: Tx, event: PaymentEvent): Promise<void> {
  const { data, type, time, aggregateversion: version } = event
  const { paymentId: id, enrollmentId, status } = data
  const isNews = await tx.putPayment({ id, enrollmentId, status, initiatedAt: new Date(data.initiatedAt), version }, new Date(time))
  if (!isNews) return
  const because = (reason: Reason): Cause => ({ reason, actorId: null, eventId: event.id, paymentId: id, now: new Date(time) })
  const paid = await tx.lockPaidBy(id)
  switch (status) {
    case 'COMPLETED':
    case 'PARTIALLY_REFUNDED':
      return paid ? giveBack(tx, paid, because('dispute_won')) : spend(tx, event, because)
    case 'DISPUTED':
      return paid ? withhold(tx, paid, because('payment_disputed')) : undefined
    case 'REFUNDED':
      return paid ? takeAway(tx, paid, because(type === 'payment.dispute_closed' ? 'dispute_lost' : 'refunded')) : undefined
    case 'REQUIRES_ACTION':
    case 'PENDING':
    case 'FAILED':
    case 'CANCELED':
    case 'EXPIRED':
      // Nothing was received: what waits for it in vain is canceled by the clock.
      return undefined
  }
}

/** Money that has given access to nothing yet. */
async function spend(tx: Tx, { data, time }: PaymentEvent, because: (reason: Reason) => Cause): Promise<void> {
  const { paymentId, enrollmentId, userId, courseId } = data
  if (await tx.wasAskedBack(paymentId)) return
  const enrollment = await tx.lockEnrollment(enrollmentId)
  // Payments has heard of it from here.
  if (!enrollment) throw new Error(`there is no enrollment ${enrollmentId}`)
  if (enrollment.status === 'PENDING_PAYMENT') {
    await transition(tx, enrollment, 'ACTIVE', because('paid'))
    return
  }
  const reason = await useLatePayment(tx, enrollment, because('paid_late'))
  if (reason === null || !(await tx.addRefundRequest({ paymentId, enrollmentId, reason }, new Date(time)))) return
  await tx.outbox.add(RefundRequested, { id: paymentId, version: 1 }, { paymentId, enrollmentId, userId, courseId, reason })
}

/** A dispute is won. What an administrator has suspended besides stays so. */
async function giveBack(tx: Tx, enrollment: EnrollmentRow, cause: Cause): Promise<void> {
  if (effectiveStatus(enrollment, cause.now) !== 'SUSPENDED') return
  if ((await tx.reasonOfSuspension(enrollment.id)) === 'payment_disputed') await resume(tx, enrollment, cause)
}

async function withhold(tx: Tx, enrollment: EnrollmentRow, cause: Cause): Promise<void> {
  if (transitions.allows(effectiveStatus(enrollment, cause.now), 'SUSPENDED')) await transition(tx, enrollment, 'SUSPENDED', cause)
}

async function takeAway(tx: Tx, enrollment: EnrollmentRow, cause: Cause): Promise<void> {
  if (enrollment.status !== 'REFUNDED') await transition(tx, enrollment, 'REFUNDED', cause)
}
