/** Every way in which money, books and access can disagree, and what it means. */
export const kinds = {
  'paid-here-not-there': 'paid here; the provider did not receive the money',
  'paid-there-not-here': 'the provider received the money; not paid here',
  'missing-there': 'the provider does not know the payment that we have of it',
  'unknown-payment-there': 'the provider has a payment that says it is ours, and we have no such payment',
  'second-payment-there': 'the provider has another payment for the same payment of ours, which was made or still can be',
  'amount-differs': 'another amount or currency here than there',
  'status-differs': 'not paid, or disputed: but not the same here as there',
  'refunded-sum-differs': 'more or less was given back here than there',
  'refunded-more-than-paid': 'more was given back than was paid',
  'refund-here-not-there': 'a refund that succeeded here and not there',
  'refund-there-not-here': 'a refund that succeeded there and not here',
  'refund-amount-differs': 'a refund of another amount here than there',
  'access-unpaid': 'an enrollment gives access by a payment that is not paid, or went back',
  'access-while-disputed': 'an enrollment gives access by a payment that is disputed',
  'access-taken-money-kept': 'an enrollment is REFUNDED, and its payment is not',
  'paid-without-access': 'paid; no enrollment comes of it, and no refund is on its way',
  'paid-twice': 'somebody has paid more than once for the same course, and has not got it back',
  'payment-used-twice': 'two enrollments by one payment',
  'enrollment-of-another': 'an enrollment by a payment of another person or course',
  'enrollment-of-unknown-payment': 'an enrollment by a payment that we do not have',
  'status-not-of-events': 'the payment’s row does not say what its events come to',
  'receipt-missing': 'paid, without a receipt',
  'receipt-of-unpaid': 'a receipt of a payment that is not paid',
  'receipt-differs': 'a receipt of another amount or currency than the payment’s',
  'receipt-gap': 'numbers of receipts are missing',
  'receipt-counter': 'the counter of receipts does not say the last number',
} as const

export type Kind = keyof typeof kinds

/** Two parts that do not say the same of one thing. */
export interface Disagreement {
  kind: Kind
  /** What it is about, by what the ids are of: `payment`, `transaction`, `refund`, `enrollment`. */
  ids: Readonly<Record<string, string>>
  /** What each side says. */
  here?: string
  there?: string
  /** When something of it last changed: what is young may be on its way. Null for what time does not mend. */
  changedAt: Date | null
}
