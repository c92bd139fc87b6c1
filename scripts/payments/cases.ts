import type { Fact, ProviderPayment } from '@stellr/payments'

/** What the provider's ledger says of a payment: nothing that opens the way to paying it. */
export type LedgerEntry = Omit<ProviderPayment, 'clientSecret' | 'checkoutUrl' | 'failure'>

export interface PaymentFacts {
  id: string
  userId: string
  courseId: string
  amount: bigint
  currency: string
  refundedAmount: bigint
  status: string
  transactionId: string | null
  paidAt: Date | null
  updatedAt: Date
}

export interface RefundFacts {
  id: string
  amount: bigint
  status: string
  providerRefundId: string | null
}

export interface ReceiptFacts {
  number: number
  amount: bigint
  currency: string
}

export interface EnrollmentFacts {
  id: string
  userId: string
  courseId: string
  status: string
  paymentId: string
  updatedAt: Date
}

/** Everything that is known of one payment, wherever it is known. */
export interface PaymentCase {
  payment: PaymentFacts
  /** First to last. */
  events: readonly Fact[]
  refunds: readonly RefundFacts[]
  receipt: ReceiptFacts | null
  /** The provider's payments that say they are this one. */
  ledger: readonly LedgerEntry[]
  /** The enrollments that say it gave them access. */
  enrollments: readonly EnrollmentFacts[]
}

/** Whether the money was received, whatever became of it. */
export function isPaid({ status }: Pick<PaymentFacts, 'status'>): boolean {
  return ['COMPLETED', 'PARTIALLY_REFUNDED', 'DISPUTED', 'REFUNDED'].includes(status)
}

/** What the provider gave back, or lost to the payer's bank. */
export function backThere({ refunds, disputes }: LedgerEntry): number {
  const gone = [...refunds.filter(({ state }) => state === 'succeeded'), ...disputes.filter(({ state }) => state === 'lost')]
  return gone.reduce((total, { amount }) => total + amount, 0)
}

/** When something of a case last changed, on any side. */
export function lastChange({ payment, ledger, enrollments }: Pick<PaymentCase, 'payment' | 'ledger' | 'enrollments'>): Date {
  const moments = [payment.updatedAt, ...ledger.map(changedThere), ...enrollments.map(({ updatedAt }) => updatedAt)]
  return new Date(Math.max(...moments.map((moment) => moment.getTime())))
}

/** When the provider last did something about a payment. */
export function changedThere({ createdAt, paidAt, refunds, disputes }: LedgerEntry): Date {
  const moments = [createdAt, ...(paidAt ? [paidAt] : []), ...[...refunds, ...disputes].map(({ at }) => at)]
  return new Date(Math.max(...moments.map((moment) => moment.getTime())))
}
