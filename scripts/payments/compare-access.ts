import { isPaid, lastChange, type EnrollmentFacts, type PaymentCase } from './cases.ts'
import type { Disagreement, Kind } from './disagreements.ts'

/** Where a payment and the access that it gave do not agree. */
export function compareAccess(one: PaymentCase): Disagreement[] {
  const { payment, refunds, enrollments } = one
  const found: Disagreement[] = []
  const changedAt = lastChange(one)
  const report = (kind: Kind, ids: Record<string, string>, here: string, there: string) =>
    found.push({ kind, ids: { payment: payment.id, ...ids }, here, there, changedAt })

  for (const { id: enrollment, status, userId, courseId } of enrollments) {
    const hasAccess = status === 'ACTIVE' || status === 'COMPLETED'
    // A dispute that is not over suspends; whoever has got all of it back is not suspended either.
    const holds = hasAccess || status === 'SUSPENDED'
    if (holds && (!isPaid(payment) || payment.status === 'REFUNDED')) report('access-unpaid', { enrollment }, payment.status, status)
    if (hasAccess && payment.status === 'DISPUTED') report('access-while-disputed', { enrollment }, payment.status, status)
    if (status === 'REFUNDED' && payment.status !== 'REFUNDED') report('access-taken-money-kept', { enrollment }, payment.status, status)
    if (userId !== payment.userId || courseId !== payment.courseId) {
      report('enrollment-of-another', { enrollment }, `${payment.userId} in ${payment.courseId}`, `${userId} in ${courseId}`)
    }
  }
  if (enrollments.length > 1) report('payment-used-twice', namedApart(enrollments), '1 payment', `${enrollments.length} enrollments`)
  const goesBack = refunds.some(({ status }) => status === 'PENDING')
  if (holdsMoney(payment.status) && enrollments.length === 0 && !goesBack) {
    report('paid-without-access', { user: payment.userId, course: payment.courseId }, payment.status, 'no enrollment')
  }
  return found
}

/** A payment of which the school has something, among those of one person for one course. */
export interface Held {
  paymentId: string
  userId: string
  courseId: string
  updatedAt: Date
  /** Whether a refund of it is on its way. */
  goesBack: boolean
  /** The enrollment that it gave access to. */
  enrollmentStatus: string | null
}

/**
 * Whether somebody holds a course by more than one payment. Who left a course, or whose time is over, may pay again: what
 * they paid for what has ended does not count.
 */
export function findPaidTwice(held: readonly Held[]): Disagreement[] {
  const counted = held.filter(({ goesBack, enrollmentStatus }) => !goesBack && !hasEnded(enrollmentStatus))
  const [first] = counted
  if (!first || counted.length < 2) return []
  const payments = Object.fromEntries(counted.map(({ paymentId }, index) => [`payment${index + 1}`, paymentId]))
  const changedAt = new Date(Math.max(...counted.map(({ updatedAt }) => updatedAt.getTime())))
  return [{ kind: 'paid-twice', ids: { ...payments, user: first.userId, course: first.courseId }, changedAt }]
}

/** Whether the school has the money of a payment, or a part of it. */
export function holdsMoney(status: string): boolean {
  return status === 'COMPLETED' || status === 'PARTIALLY_REFUNDED' || status === 'DISPUTED'
}

function hasEnded(status: string | null): boolean {
  return status !== null && ['DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'].includes(status)
}

function namedApart(enrollments: readonly EnrollmentFacts[]): Record<string, string> {
  return Object.fromEntries(enrollments.map(({ id }, index) => [`enrollment${index + 1}`, id]))
}
