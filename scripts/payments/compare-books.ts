import { outcomeOf } from '@stellr/payments'
import { isPaid, type PaymentCase } from './cases.ts'
import type { Disagreement, Kind } from './disagreements.ts'

/** Where what payments itself writes of a payment does not fit together. It is one transaction, so none of it is on its way. */
export function compareBooks({ payment, events, receipt }: PaymentCase): Disagreement[] {
  const found: Disagreement[] = []
  const report = (kind: Kind, here: string, there: string, ids: Record<string, string> = {}) =>
    found.push({ kind, ids: { payment: payment.id, ...ids }, here, there, changedAt: null })

  const outcome = outcomeOf(payment.amount, events)
  if (
    outcome.status !== payment.status ||
    outcome.refundedAmount !== payment.refundedAmount ||
    isPaid(payment) !== (payment.paidAt !== null)
  ) {
    const paid = payment.paidAt === null ? 'no time of paying' : `paid at ${payment.paidAt.toISOString()}`
    report(
      'status-not-of-events',
      `${payment.status}, ${payment.refundedAmount} back, ${paid}`,
      `${outcome.status}, ${outcome.refundedAmount} back`,
    )
  }
  if (!receipt) {
    if (isPaid(payment)) report('receipt-missing', payment.status, 'no receipt')
    return found
  }
  const number = { receipt: `${receipt.number}` }
  if (!isPaid(payment)) report('receipt-of-unpaid', payment.status, 'a receipt', number)
  if (receipt.amount !== payment.amount || receipt.currency !== payment.currency) {
    report('receipt-differs', `${payment.amount} ${payment.currency}`, `${receipt.amount} ${receipt.currency}`, number)
  }
  return found
}

/** Numbers that are missing among receipts, given in order and a page at a time: `last` is that of the page before, or 0. */
export function findGaps(last: number, numbers: readonly number[]): Disagreement[] {
  return numbers.flatMap((number, index) => {
    const before = numbers[index - 1] ?? last
    if (number === before + 1) return []
    return [{ kind: 'receipt-gap', ids: { from: `${before + 1}`, to: `${number - 1}` }, changedAt: null } satisfies Disagreement]
  })
}

/** Whether the counter stands where the last receipt does. */
export function compareCounter(counter: number, last: number): Disagreement[] {
  if (counter === last) return []
  return [{ kind: 'receipt-counter', ids: {}, here: `${counter}`, there: `${last} is the last receipt`, changedAt: null }]
}
