import { faultPoint } from '@stellr/kit'
import type { Backstage, Context, Tx } from './context.ts'
import type { PaymentRow, RefundRow } from './models.ts'
import { refundsFailed } from './metrics.ts'
import { note } from './note.ts'
import { ProviderRefused, type Provider, type ProviderPayment } from './providers/provider.ts'
import { openStatuses } from './status.ts'
import { askLater, nextCheck, takeIn } from './take-in.ts'
import { priceOf } from './whole-state.ts'

/** What settling needs: of a request, or of a job. */
export type Tools = Pick<Backstage, 'clock' | 'random' | 'log' | 'services' | 'store'> | Context

/**
 * Brings a payment and its provider together: does there what is still to do, and takes in what it says. Every step has a key by
 * which the provider does it once, and nothing is done there that does not stand here before: killed anywhere, it is done again.
 * Throws ProviderUnavailable when nobody knows, and ProviderRefused when the provider does not begin it.
 */
export async function settle(tools: Tools, paymentId: string): Promise<PaymentRow | null> {
  const payment = await endIfOverdue(tools, paymentId)
  if (!payment) return null
  const provider = tools.services.providers[payment.provider]
  if (!provider) {
    tools.log.error({ paymentId, provider: payment.provider }, 'a payment is open at a provider that is not set up any more')
    await putOff(tools, payment)
    return payment
  }
  if (payment.transactionId === null) return begin(tools, provider, payment)
  // What is disputed is refused: it waits. One that the provider has an id for is under way there: asked for again, it could be another.
  const refunds = payment.status === 'DISPUTED' ? [] : await tools.store.refundsOf(paymentId)
  const pending = refunds.filter(({ status, providerRefundId }) => status === 'PENDING' && providerRefundId === null)
  let settled: PaymentRow | null = payment
  for (const refund of pending) settled = await giveBack(tools, provider, payment, payment.transactionId, refund)
  if (pending.length > 0) return settled
  const ends = payment.paidAt === null && (payment.cancelReason !== null || !openStatuses.includes(payment.status))
  const found = ends ? await provider.cancel(payment.transactionId) : await provider.find(payment.transactionId)
  if (found) return absorb(tools, payment, found)
  tools.log.error({ paymentId, transactionId: payment.transactionId }, 'the provider does not know a payment of ours')
  await putOff(tools, payment)
  return payment
}

/** Says later that the provider is to be asked, after it gave no answer or no news. */
export async function putOff({ clock, services, store }: Tools, payment: PaymentRow): Promise<void> {
  const at = nextCheck({ ...payment, checks: payment.checks + 1 }, clock.now(), services.rules.checkSeconds)
  await store.transaction((tx) => tx.putOff(payment.id, payment.version, at))
}

// Nobody may pay it any more: that stands here before the provider is told.
async function endIfOverdue(tools: Tools, paymentId: string): Promise<PaymentRow | null> {
  const { clock, store } = tools
  const payment = await store.findPayment(paymentId)
  if (!payment || payment.cancelReason !== null || !openStatuses.includes(payment.status) || payment.expiresAt > clock.now()) return payment
  return store.transaction(async (tx) => {
    const locked = await tx.lockPayment(paymentId)
    if (!locked || locked.cancelReason !== null || !openStatuses.includes(locked.status)) return locked
    return tx.changePayment(paymentId, { cancelReason: 'expired' }, clock.now())
  })
}

async function begin(tools: Tools, provider: Provider, payment: PaymentRow): Promise<PaymentRow | null> {
  if (!openStatuses.includes(payment.status)) return payment
  // Nobody has been told how to pay it, so nobody can: it ends here alone.
  if (payment.cancelReason !== null) return end(tools, payment)
  const course = await tools.store.findCourse(payment.courseId)
  try {
    const found = await provider.create({
      key: `${payment.id}:${payment.attempt}`,
      paymentId: payment.id,
      method: payment.method,
      price: priceOf(payment),
      description: course?.title ?? 'Course',
      expiresAt: payment.expiresAt,
    })
    return await absorb(tools, payment, found)
  } catch (error) {
    if (error instanceof ProviderRefused) await noteRefusal(tools, payment, error)
    throw error
  }
}

async function end(tools: Tools, { id }: PaymentRow): Promise<PaymentRow | null> {
  return changeOpen(tools, id, async (tx, payment) => {
    const known = await tx.eventsOf(id)
    const at = tools.clock.now()
    const type = payment.cancelReason === 'expired' ? 'EXPIRED' : 'CANCELED'
    return askLater(tx, tools, await note(tx, tools, { payment, known }, [{ type, at, detail: payment.cancelReason ?? type }]))
  })
}

// The next try has another key: the provider would answer this one as before, for ever.
async function noteRefusal(tools: Tools, { id, attempt }: PaymentRow, { code, message }: ProviderRefused): Promise<void> {
  tools.log.warn({ paymentId: id, code }, 'the provider does not take a payment')
  await changeOpen(tools, id, async (tx, payment) => {
    if (payment.attempt !== attempt) return payment
    const known = await tx.eventsOf(id)
    const failed = { type: 'FAILED', subject: `${known.length}`, detail: code, at: tools.clock.now() } as const
    const change = { attempt: attempt + 1, failureCode: code, failureMessage: message, cancelReason: 'refused' }
    const ended = { type: 'CANCELED', detail: 'refused', at: tools.clock.now() } as const
    return askLater(tx, tools, await note(tx, tools, { payment, known }, [failed, ended], change))
  })
}

/** Changes a payment that is still open and unknown to its provider. */
async function changeOpen(
  { store }: Tools,
  id: string,
  change: (tx: Tx, payment: PaymentRow) => Promise<PaymentRow>,
): Promise<PaymentRow | null> {
  return store.transaction(async (tx) => {
    const payment = await tx.lockPayment(id)
    const isOpen = payment && payment.transactionId === null && openStatuses.includes(payment.status)
    return isOpen ? change(tx, payment) : payment
  })
}

async function giveBack(
  tools: Tools,
  provider: Provider,
  payment: PaymentRow,
  transactionId: string,
  refund: RefundRow,
): Promise<PaymentRow | null> {
  const price = priceOf({ amount: refund.amount, currency: payment.currency })
  try {
    const found = await provider.refund({ key: `${refund.id}:${refund.attempt}`, refundId: refund.id, transactionId, price })
    return await absorb(tools, payment, found)
  } catch (error) {
    if (!(error instanceof ProviderRefused)) throw error
    refundsFailed.inc({ provider: provider.name })
    // Nobody waits for what the platform itself has asked for: somebody must look.
    const level = refund.requestedBy === null ? 'error' : 'warn'
    tools.log[level]({ paymentId: payment.id, refundId: refund.id, code: error.code }, 'the provider does not take a refund')
    return tools.store.transaction(async (tx) => {
      const locked = await tx.lockPayment(payment.id)
      if (!locked) return null
      const now = tools.clock.now()
      await tx.changeRefund(refund.id, { status: 'FAILED', failure: error.code }, now)
      const failed = { type: 'REFUND_FAILED', subject: refund.id, amount: refund.amount, detail: error.code, at: now } as const
      return askLater(tx, tools, await note(tx, tools, { payment: locked, known: await tx.eventsOf(payment.id) }, [failed]))
    })
  }
}

async function absorb(tools: Tools, payment: PaymentRow, found: ProviderPayment): Promise<PaymentRow | null> {
  faultPoint('provider.after_answer')
  const before = payment.version
  const changed = await tools.store.transaction((tx) => takeIn(tx, tools, payment.id, found))
  // No news: the next question comes later.
  if (changed && changed.version === before && changed.nextCheckAt !== null && payment.transactionId !== null) await putOff(tools, changed)
  return changed
}
