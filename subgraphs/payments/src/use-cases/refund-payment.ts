import { DomainError, isAdmin, prose, requireUser } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import { z } from 'zod'
import type { Context, Tx } from '../context.ts'
import { askBack, isRefundable, leftOf } from '../give-back.ts'
import { fingerprint, idempotencyKey, uuid } from '../inputs.ts'
import type { PaymentRow } from '../models.ts'
import { maySeePayments } from '../policy.ts'
import { ProviderUnavailable } from '../providers/provider.ts'
import { learnerMayRefund } from '../refund-rule.ts'
import { settle } from '../settle.ts'
import { claimKey } from './claim-key.ts'

export const input = z.object({
  paymentId: uuid,
  amount: z.int().positive().nullish(),
  reason: prose(500).refine((text) => text.length > 0, 'must not be empty'),
  idempotencyKey: idempotencyKey.nullish(),
})

type Input = z.output<typeof input>

/** Gives money back: what is asked for stands in the database before the provider is told, and is done whatever happens then. */
export async function refundPayment(context: Context, wanted: Input): Promise<{ payment: PaymentRow }> {
  const viewer = requireUser(context.viewer)
  await context.services.limits.spend('changes', viewer.id)
  const payment = await context.store.findPayment(wanted.paymentId)
  if (!payment || !maySeePayments(viewer, payment.userId)) throw new DomainError('NOT_FOUND')
  if (!isAdmin(viewer)) await requireRule(context, payment, wanted)
  const refundId = await context.store.transaction((tx) => ask(tx, context, viewer.id, wanted))
  const refunded = await tell(context, payment.id)
  const refund = (await context.store.refunds(payment.id)).find(({ id }) => id === refundId)
  if (refund?.status === 'FAILED') throw new DomainError('PAYMENT_REFUSED', { code: refund.failure ?? 'refused' })
  return { payment: refunded ?? payment }
}

async function requireRule({ clock, store }: Context, payment: PaymentRow, { amount }: Input): Promise<void> {
  if (payment.paidAt === null) throw new DomainError('CONFLICT', { status: payment.status })
  const enrollment = (await store.enrollmentPaidBy(payment.id)) ?? (await store.findEnrollment(payment.enrollmentId))
  const isAll = amount === undefined || amount === null || BigInt(amount) === leftOf(payment)
  // What went back already is answered like every second refund.
  if (payment.status === 'REFUNDED' || (isAll && learnerMayRefund(payment, enrollment, clock.now()))) return
  throw new DomainError('FORBIDDEN', { withinDays: payment.refundDays, belowPercent: payment.refundBelow / 100, wholeAmountOnly: true })
}

/** Returns the refund's id. */
async function ask(tx: Tx, context: Context, viewerId: string, { paymentId, amount, reason, idempotencyKey: key }: Input): Promise<string> {
  const { clock, random, viewer } = context
  const id = random.id()
  if (key) {
    const requestHash = fingerprint('refundPayment', [paymentId, amount ?? null, reason])
    const known = await claimKey(tx, { userId: viewerId, key, requestHash, paymentId, refundId: id }, clock.now())
    if (known?.refundId) return known.refundId
  }
  const payment = await tx.lockPayment(paymentId)
  if (!payment) throw new DomainError('NOT_FOUND')
  if (!isRefundable(payment)) throw new DomainError('CONFLICT', { status: payment.status })
  const refunds = await tx.refundsOf(paymentId)
  if (refunds.some(({ status }) => status === 'PENDING')) throw new DomainError('CONFLICT', { refund: 'PENDING' })
  const left = leftOf(payment)
  const wanted = BigInt(amount ?? left)
  if (wanted > left) throw new DomainError('REFUND_TOO_LARGE', { left: Number(left) })
  await askBack(tx, context, payment, { id, amount: wanted, reason, requestedBy: viewerId })
  if (isAdmin(viewer)) {
    await recordDeed(tx, context, {
      action: 'refundPayment',
      subjectType: 'Payment',
      subjectId: paymentId,
      before: { status: payment.status, refundedAmount: Number(payment.refundedAmount) },
      after: { refundId: id, amount: Number(wanted), currency: payment.currency, reason },
    })
  }
  return id
}

// The provider need not answer now: the refund is on its way, and whoever asked sees it as PENDING.
async function tell(context: Context, paymentId: string): Promise<PaymentRow | null> {
  try {
    return await settle(context, paymentId)
  } catch (error) {
    if (!(error instanceof ProviderUnavailable)) throw error
    return context.store.findPayment(paymentId)
  }
}
