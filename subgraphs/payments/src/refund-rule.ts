import { plusSeconds } from '@stellr/kit'
import type { PaymentState } from './models.ts'

const DAY_SECONDS = 24 * 60 * 60

/** Until when learners may ask for the money back, if they have learned little; null when the school does not have it. */
export function refundableUntil({ paidAt, refundDays, status }: PaymentState): Date | null {
  return paidAt === null || status === 'REFUNDED' ? null : plusSeconds(paidAt, refundDays * DAY_SECONDS)
}

/**
 * Whether a learner may have all of it back at a moment, by the terms on which it was begun. In an enrollment that nobody
 * knows of, nothing was learned.
 */
export function learnerMayRefund(payment: PaymentState, enrollment: { percentBasisPoints: number } | null, now: Date): boolean {
  const until = refundableUntil(payment)
  return until !== null && now < until && (enrollment?.percentBasisPoints ?? 0) < payment.refundBelow
}
