import type { Context, Tx } from './context.ts'
import type { PaymentRow } from './models.ts'
import { note } from './note.ts'

export interface RefundAsked {
  id: string
  amount: bigint
  /** In the words of whoever asks, or one word of the platform's. */
  reason: string
  /** Null when the platform does. */
  requestedBy: string | null
}

/**
 * Writes down that money is to go back; settling does it. The payment's lock must be held, no other refund be pending, and
 * the amount be left.
 */
export async function askBack(
  tx: Tx,
  tools: Pick<Context, 'clock' | 'random'>,
  payment: PaymentRow,
  { id, amount, reason, requestedBy }: RefundAsked,
): Promise<PaymentRow> {
  const now = tools.clock.now()
  await tx.addRefund({ id, paymentId: payment.id, amount, reason, requestedBy, status: 'PENDING', providerRefundId: null, createdAt: now })
  const asked = { type: 'REFUND_REQUESTED', subject: id, amount, actorId: requestedBy, at: now } as const
  return note(tx, tools, { payment, known: await tx.eventsOf(payment.id) }, [asked], { nextCheckAt: now, checks: 0 })
}

/** What of a payment can still go back. */
export function leftOf({ amount, refundedAmount }: PaymentRow): bigint {
  return amount - refundedAmount
}

/** Whether money can go back at all. */
export function isRefundable({ status }: PaymentRow): boolean {
  return status === 'COMPLETED' || status === 'PARTIALLY_REFUNDED'
}
