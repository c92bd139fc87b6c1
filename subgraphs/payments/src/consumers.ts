import { NotYet, on, systemRandom, type Data, type Envelope } from '@stellr/kit'
import { CourseArchived, CoursePublished, CourseRestored, CourseUpdated } from '@stellr/schema/events/courses'
import { enrollmentEvents, EnrollmentDropped, RefundRequested, type EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { ProgressUpdated } from '@stellr/schema/events/progress'
import type { Tx } from './context.ts'
import { askBack, isRefundable, leftOf } from './give-back.ts'
import { learnerMayRefund } from './refund-rule.ts'
import type { Store } from './store.ts'

/** Keeps what is sold, and to whom. Each event carries all of it, so the latest version is all that counts. */
export const onCourse = [CoursePublished, CourseUpdated, CourseArchived, CourseRestored].map((event) =>
  on<typeof event, Store>(event, async ({ data, time, aggregateversion: version }, tx) => {
    await tx.putCourse({ id: data.courseId, title: data.title, version }, new Date(time))
  }),
)

export const onEnrollment = enrollmentEvents.map((event) => on<typeof event, Store>(event, projectEnrollment))

async function projectEnrollment(
  { data, time, aggregateversion: version }: Envelope<Data<typeof EnrollmentCreated>>,
  tx: Tx,
): Promise<void> {
  const { enrollmentId: id, userId, courseId, status, attempt, price, paymentId = null, enrolledAt } = data
  const cost = { priceAmount: BigInt(price.amount), priceCurrency: price.currency }
  await tx.putEnrollment(
    { id, userId, courseId, status, attempt, ...cost, paymentId, enrolledAt: new Date(enrolledAt), version },
    new Date(time),
  )
}

/** How far a learner is decides whether they may have their money back. */
export const onProgress = on<typeof ProgressUpdated, Store>(ProgressUpdated, async ({ data, aggregateversion }, tx) => {
  const { enrollmentId, percentBasisPoints } = data
  const isKnown = await tx.putPercent(enrollmentId, percentBasisPoints ?? 0, aggregateversion)
  if (!isKnown) throw new NotYet('the enrollment is not known')
})

/** Nobody pays for what they have, or have given up: a payment that is still open is ended. */
export const onEnrollmentClosedToPaying = enrollmentEvents.map((event) =>
  on<typeof event, Store>(event, async ({ data, time }, tx) => {
    if (data.status === 'PENDING_PAYMENT') return
    const open = await tx.lockOpen(data.enrollmentId)
    if (!open || open.cancelReason !== null) return
    const now = new Date(time)
    await tx.changePayment(open.id, { cancelReason: `enrollment_${data.status.toLowerCase()}`, nextCheckAt: now }, now)
  }),
)

/** Whoever leaves a course within the rule has the money back without asking for it. */
export const onDropped = on<typeof EnrollmentDropped, Store>(EnrollmentDropped, async ({ id, data, time }, tx) => {
  if (!data.paymentId || data.previousStatus === 'DROPPED') return
  const now = new Date(time)
  const payment = await tx.lockPayment(data.paymentId)
  if (!payment || !isRefundable(payment)) return
  if (!learnerMayRefund(payment, await tx.findEnrollment(data.enrollmentId), now)) return
  const refunds = await tx.refundsOf(payment.id)
  if (refunds.some((refund) => refund.id === id || refund.status === 'PENDING')) return
  await askBack(tx, at(now), payment, { id, amount: leftOf(payment), reason: 'dropped', requestedBy: null })
})

/** What was paid and can give access to nothing goes back. */
export const onRefundRequested = on<typeof RefundRequested, Store>(RefundRequested, async ({ id, data, time }, tx) => {
  const payment = await tx.lockPayment(data.paymentId)
  if (!payment) throw new Error(`there is no payment ${data.paymentId}`)
  if (payment.status === 'REFUNDED') return
  const refunds = await tx.refundsOf(payment.id)
  if (refunds.some((refund) => refund.id === id)) return
  if (!isRefundable(payment) || refunds.some(({ status }) => status === 'PENDING'))
    throw new NotYet('the payment is disputed, or a refund under way')
  await askBack(tx, at(new Date(time)), payment, { id, amount: leftOf(payment), reason: data.reason, requestedBy: null })
})

const at = (now: Date) => ({ clock: { now: () => now }, random: systemRandom })
