import type { Data, Money } from '@stellr/kit'
import type { PaymentInitiated } from '@stellr/schema/events/payments'
import type { PaymentRow, PaymentState } from './models.ts'

/** What every event of a payment carries: all of it, after the change. */
export function wholeState(row: PaymentState): Data<typeof PaymentInitiated> {
  const { id, enrollmentId, userId, courseId, status, method, provider, transactionId } = row
  return {
    paymentId: id,
    enrollmentId,
    userId,
    courseId,
    status,
    price: priceOf(row),
    refundedAmount: Number(row.refundedAmount),
    method,
    provider,
    transactionId,
    initiatedAt: row.createdAt.toISOString(),
    paidAt: row.paidAt?.toISOString() ?? null,
  }
}

/** Prices arrive as numbers, so they are exact as one. */
export function priceOf({ amount, currency }: { amount: bigint; currency: string }): Money {
  return moneyOf(amount, currency)
}

export function moneyOf(amount: bigint, currency: string): Money {
  return { amount: Number(amount), currency }
}

/** A payment without what opens the way to paying it. */
export function withoutSecrets({ clientSecret: _secret, checkoutUrl: _url, ...state }: PaymentRow): PaymentState {
  return state
}
