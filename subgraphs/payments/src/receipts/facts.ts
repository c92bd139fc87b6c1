import type { PaymentState, ReceiptRow } from '../models.ts'
import { writtenMoney } from '../written-money.ts'
import { receiptNumber } from './address.ts'

/** Everything that a receipt shows, in the words in which it does. What is the same here is the same document. */
export interface ReceiptFacts {
  number: string
  /** In lines. */
  issuer: readonly string[]
  issuedAt: string
  /** When it says so itself: the time that is written into the file. */
  issuedAtMs: number
  /** Null when it is not known what they are called. */
  payer: string | null
  account: string
  course: string
  price: string
  refunded: string
  left: string
  payment: string
}

interface Sources {
  receipt: ReceiptRow
  payment: PaymentState
  payer: { name: string } | null
  issuer: readonly string[]
}

/** A receipt in words. What was given back is as of now. */
export function receiptFacts({ receipt, payment, payer, issuer }: Sources): ReceiptFacts {
  const { amount, currency, issuedAt } = receipt
  return {
    number: receiptNumber(receipt.number),
    issuer,
    issuedAt: `${issuedAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`,
    issuedAtMs: issuedAt.getTime(),
    payer: payer?.name ?? null,
    account: payment.userId,
    course: receipt.courseTitle,
    price: writtenMoney(amount, currency),
    refunded: writtenMoney(payment.refundedAmount, currency),
    left: writtenMoney(amount - payment.refundedAmount, currency),
    payment: payment.id,
  }
}
