import { DomainError, plusSeconds, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context, Tx } from '../context.ts'
import { fingerprint, idempotencyKey, uuid } from '../inputs.ts'
import type { EnrollmentRow, PaymentMethod, PaymentRow } from '../models.ts'
import { note } from '../note.ts'
import { settle } from '../settle.ts'
import { openStatuses } from '../status.ts'
import { askProvider } from './ask-provider.ts'
import { claimKey } from './claim-key.ts'
import { ownEnrollment } from './own-enrollment.ts'

export const input = z.object({ enrollmentId: uuid, method: z.enum(['CARD', 'CHECKOUT']), idempotencyKey })

interface Order {
  userId: string
  enrollment: EnrollmentRow
  method: PaymentMethod
  key: string
  requestHash: Buffer
}

/** The enrollment's open payment has to end first; null when it has just ended. */
class InTheWay extends Error {
  readonly payment: PaymentRow | null

  constructor(payment: PaymentRow | null) {
    super('another payment is open')
    this.payment = payment
  }
}

// What comes between can end one open payment and let another in; more than that is somebody playing.
const MOST_TRIES = 4

/** Begins to pay for an enrollment, or goes on with what was begun. */
export async function initiatePayment(
  context: Context,
  { enrollmentId, method, idempotencyKey: key }: z.output<typeof input>,
): Promise<{ payment: PaymentRow }> {
  const payer = requireUser(context.viewer)
  await context.services.limits.spend('changes', payer.id)
  const enrollment = await ownEnrollment(context, payer.id, enrollmentId)
  const requestHash = fingerprint('initiatePayment', [enrollmentId, method])
  const payment = await openPayment(context, { userId: payer.id, enrollment, method, key, requestHash })
  if (payment.transactionId !== null || !openStatuses.includes(payment.status)) return { payment }
  const settled = await askProvider(() => settle(context, payment.id))
  return { payment: settled ?? payment }
}

async function openPayment(context: Context, order: Order): Promise<PaymentRow> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    try {
      return await context.store.transaction((tx) => beginOrJoin(tx, context, order))
    } catch (error) {
      if (!(error instanceof InTheWay)) throw error
      if (error.payment) await endFirst(context, error.payment.id)
    }
  }
  throw new DomainError('CONFLICT')
}

async function beginOrJoin(tx: Tx, context: Context, order: Order): Promise<PaymentRow> {
  const { clock, random } = context
  const { enrollment, key, method, requestHash, userId } = order
  const paymentId = random.id()
  const request = { userId, key, requestHash, paymentId, refundId: null }
  const known = await claimKey(tx, request, clock.now())
  const before = known && (await tx.lockPayment(known.paymentId))
  if (before) return before
  const begun = await begin(tx, context, order, paymentId)
  if (begun) return begun
  const open = await tx.lockOpen(enrollment.id)
  if (!open || open.method !== method || open.cancelReason !== null || open.expiresAt <= clock.now()) throw new InTheWay(open)
  await tx.changeRequestKey({ ...request, paymentId: open.id })
  return open
}

async function endFirst(context: Context, paymentId: string): Promise<void> {
  const { clock, store } = context
  await store.transaction(async (tx) => {
    const payment = await tx.lockPayment(paymentId)
    if (!payment || payment.cancelReason !== null || !openStatuses.includes(payment.status)) return
    await tx.changePayment(paymentId, { cancelReason: 'replaced', nextCheckAt: clock.now() }, clock.now())
  })
  const ended = await askProvider(() => settle(context, paymentId))
  // Too late to end it: the bank is at work.
  if (ended && openStatuses.includes(ended.status)) throw new DomainError('CONFLICT', { paymentId, status: ended.status })
}

/** Null when one is open already. */
async function begin(tx: Tx, context: Context, { enrollment, method, userId }: Order, id: string): Promise<PaymentRow | null> {
  const { clock, services } = context
  const { checkSeconds, payableMinutes, refundDays, refundBelowBasisPoints: refundBelow } = services.rules
  const now = clock.now()
  const payment = await tx.insertPayment({
    id,
    enrollmentId: enrollment.id,
    userId,
    courseId: enrollment.courseId,
    amount: enrollment.priceAmount,
    currency: enrollment.priceCurrency,
    method,
    provider: services.provider.name,
    expiresAt: plusSeconds(now, payableMinutes * 60),
    refundDays,
    refundBelow,
    nextCheckAt: plusSeconds(now, checkSeconds),
    createdAt: now,
  })
  // Asked last: the index may have let this one in because the one before was paid a moment ago.
  requireUnpaid(enrollment, await tx.isPaid(enrollment.id))
  return payment && note(tx, context, { payment, known: [] }, [{ type: 'INITIATED', amount: payment.amount, actorId: userId, at: now }])
}

function requireUnpaid({ status, paymentId }: EnrollmentRow, isPaid: boolean): void {
  if (isPaid) throw new DomainError('ALREADY_PAID')
  if (status === 'PENDING_PAYMENT') return
  const isOpen = status === 'ACTIVE' || status === 'COMPLETED' || status === 'SUSPENDED'
  throw isOpen && paymentId !== null ? new DomainError('ALREADY_PAID') : new DomainError('CONFLICT', { status })
}
