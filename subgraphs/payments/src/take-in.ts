import { plusSeconds, type Money } from '@stellr/kit'
import type { Context, Tx } from './context.ts'
import type { PaymentEventRow, PaymentRow, RefundRow } from './models.ts'
import { mismatches, refundsFailed } from './metrics.ts'
import { note, type Happening } from './note.ts'
import type { ProviderPayment, ProviderRefund } from './providers/provider.ts'
import { openStatuses } from './status.ts'
import type { PaymentChange } from './store/payments.ts'
import { priceOf } from './whole-state.ts'

type Tools = Pick<Context, 'clock' | 'random' | 'log' | 'services'>

/**
 * Takes in what the provider says of a payment, as of whenever that was: only what is not known yet has an effect. Says how
 * the payment is then, and when the provider is to be asked again. Null when there is no such payment.
 */
export async function takeIn(tx: Tx, tools: Tools, paymentId: string, found: ProviderPayment): Promise<PaymentRow | null> {
  const payment = await tx.lockPayment(paymentId)
  if (!payment) return null
  const known = await tx.eventsOf(paymentId)
  const isOurs = payment.transactionId === null || payment.transactionId === found.transactionId
  if (!isOurs || !sameMoney(found.price, priceOf(payment))) {
    const detail = isOurs
      ? `${found.price.amount} ${found.price.currency} at the provider`
      : `the provider also has ${found.transactionId}, which is ${found.state}`
    tools.log.error({ paymentId, transactionId: found.transactionId, detail }, 'a payment is not what its provider says')
    mismatches.inc({ provider: payment.provider })
    const subject = `${found.transactionId} ${found.state}`
    const mismatch: Happening = { type: 'MISMATCH', subject, detail, at: tools.clock.now() }
    return askLater(tx, tools, await note(tx, tools, { payment, known }, [mismatch]), isOurs && isOpenThere(found))
  }
  const refunds = await matchRefunds(tx, tools, payment, found.refunds)
  const mayGiveBack = payment.paidAt !== null || found.refunds.length > 0
  const isGivingBack = mayGiveBack && (await tx.refundsOf(paymentId)).some(isPending)
  const happenings = [...progressOf(payment, known, found, tools.clock.now()), ...refunds, ...disputesOf(found)]
  const first = payment.transactionId === null
  const failureCode = found.failure?.code ?? 'provider_error'
  const fails = found.state === 'failed' && openStatuses.includes(payment.status) && payment.failureCode !== failureCode
  const change: PaymentChange = {
    ...(first && { transactionId: found.transactionId, clientSecret: found.clientSecret, checkoutUrl: found.checkoutUrl }),
    ...(fails && { failureCode, failureMessage: found.failure?.message ?? null }),
  }
  const askNext = (after: PaymentRow, isNews: boolean) => {
    const checks = isNews ? 0 : after.checks
    const nextCheckAt = nextQuestion({ ...after, checks }, { isNews, isGivingBack, openThere: isOpenThere(found) }, tools)
    return { checks, nextCheckAt }
  }
  const changed = await note(tx, tools, { payment, known, askNext }, happenings, change)
  const isNewlyPaid = payment.paidAt === null && changed.paidAt !== null
  if (isNewlyPaid) await giveReceipt(tx, changed, changed.paidAt ?? tools.clock.now())
  return changed
}

/** Says when the provider is asked next. */
export async function askLater(
  tx: Tx,
  tools: Pick<Tools, 'clock' | 'services'>,
  payment: PaymentRow,
  openThere = false,
): Promise<PaymentRow> {
  const isGivingBack = payment.paidAt !== null && (await tx.refundsOf(payment.id)).some(isPending)
  const nextCheckAt = nextQuestion(payment, { isNews: true, isGivingBack, openThere }, tools)
  if (nextCheckAt?.getTime() === payment.nextCheckAt?.getTime()) return payment
  // Nobody sees when it is asked about: the payment has not changed.
  return tx.changePayment(payment.id, { nextCheckAt }, payment.updatedAt)
}

/**
 * When the provider is asked next: about what is open here or there soon, and later each time; about what is settled never.
 * What ended here while it was being made there is ended there then. Without news it stays as it was.
 */
function nextQuestion(
  payment: PaymentRow,
  { isNews, isGivingBack, openThere }: { isNews: boolean; isGivingBack: boolean; openThere: boolean },
  { clock, services }: Pick<Tools, 'clock' | 'services'>,
): Date | null {
  const isOpen = openStatuses.includes(payment.status) || payment.status === 'DISPUTED' || isGivingBack
  const endsThere = openThere && payment.paidAt === null
  if (!isOpen && !endsThere) return null
  return (isNews ? null : payment.nextCheckAt) ?? nextCheck(payment, clock.now(), services.rules.checkSeconds)
}

/** Twice as long each time, six hours at most; but never past the moment at which the payment expires. */
export function nextCheck({ checks, expiresAt, paidAt }: PaymentRow, now: Date, checkSeconds: number): Date {
  const next = plusSeconds(now, Math.min(checkSeconds * 2 ** Math.min(checks, 16), LONGEST_SECONDS))
  return paidAt === null && expiresAt > now && expiresAt < next ? expiresAt : next
}

const LONGEST_SECONDS = 6 * 60 * 60

function progressOf(payment: PaymentRow, known: readonly PaymentEventRow[], found: ProviderPayment, now: Date): Happening[] {
  const at = found.paidAt ?? found.createdAt
  const created: Happening = { type: 'CREATED', subject: found.transactionId, at: found.createdAt }
  if (found.state === 'succeeded') return [created, { type: 'SUCCEEDED', amount: payment.amount, at }]
  // What has settled is not unsettled by an older word.
  if (!openStatuses.includes(payment.status)) return [created]
  return [created, ...unsettled(payment, known, found, now)]
}

// A payment can fail, wait and be tried several times, so each time is a fact of its own: told apart by its place. No provider
// says when: it is when we hear of it.
function unsettled(payment: PaymentRow, known: readonly PaymentEventRow[], found: ProviderPayment, now: Date): Happening[] {
  const subject = `${known.length}`
  const at = new Date(Math.max(now.getTime(), known.at(-1)?.at.getTime() ?? 0))
  switch (found.state) {
    case 'requires_action':
      return payment.status === 'REQUIRES_ACTION' ? [] : [{ type: 'ACTION_REQUIRED', subject, at }]
    case 'processing':
      return payment.status === 'PENDING' && known.some(({ type }) => type === 'PROCESSING') ? [] : [{ type: 'PROCESSING', subject, at }]
    case 'failed': {
      const detail = found.failure?.code ?? 'provider_error'
      return payment.status === 'FAILED' && payment.failureCode === detail ? [] : [{ type: 'FAILED', subject, detail, at }]
    }
    case 'canceled':
      return [
        payment.cancelReason === 'expired' ? { type: 'EXPIRED', at } : { type: 'CANCELED', at, detail: payment.cancelReason ?? 'provider' },
      ]
    case 'succeeded':
      return []
  }
}

async function matchRefunds(tx: Tx, tools: Tools, payment: PaymentRow, found: readonly ProviderRefund[]): Promise<Happening[]> {
  const { clock, log, random } = tools
  if (found.length === 0) return []
  const ours = await tx.refundsOf(payment.id)
  const happenings: Happening[] = []
  for (const theirs of found) {
    const match = ours.find(({ id, providerRefundId }) => id === theirs.refundId || providerRefundId === theirs.id)
    const refund = match ?? (await takeOver(tx, { clock, random }, payment, theirs))
    if (theirs.state !== 'pending') happenings.push(refundEnded(refund, theirs))
    if (theirs.state === 'failed' && refund.status === 'SUCCEEDED') happenings.push(cameBack(refund, theirs))
    if (theirs.state === 'failed' && (refund.status !== 'FAILED' || !match)) {
      // Nobody who asked for it hears of this: somebody must look.
      log.error({ paymentId: payment.id, refundId: refund.id, before: refund.status }, 'a refund has failed at the provider')
      refundsFailed.inc({ provider: payment.provider })
    }
    // What has ended does not wait again because an older word comes late.
    const status = theirs.state === 'pending' ? refund.status : statuses[theirs.state]
    if (refund.status !== status || refund.providerRefundId !== theirs.id) {
      await tx.changeRefund(refund.id, { status, providerRefundId: theirs.id }, clock.now())
    }
  }
  return happenings
}

const statuses = { pending: 'PENDING', succeeded: 'SUCCEEDED', failed: 'FAILED' } as const

// Made on the provider's own pages.
async function takeOver(
  tx: Tx,
  { clock, random }: Pick<Tools, 'clock' | 'random'>,
  payment: PaymentRow,
  theirs: ProviderRefund,
): Promise<RefundRow> {
  return tx.addRefund({
    id: random.id(),
    paymentId: payment.id,
    amount: BigInt(theirs.amount),
    reason: 'made_at_provider',
    requestedBy: null,
    status: statuses[theirs.state],
    providerRefundId: theirs.id,
    createdAt: clock.now(),
  })
}

function refundEnded({ id }: RefundRow, { state, amount, at }: ProviderRefund): Happening {
  return { type: state === 'succeeded' ? 'REFUND_SUCCEEDED' : 'REFUND_FAILED', subject: id, amount: BigInt(amount), at }
}

// A bank may give back what it was given: the payment stays as it is, and somebody must look.
function cameBack({ id }: RefundRow, { at }: ProviderRefund): Happening {
  return { type: 'MISMATCH', subject: id, detail: 'a refund that had succeeded has failed', at }
}

function disputesOf({ disputes }: ProviderPayment): Happening[] {
  return disputes.flatMap(({ id: subject, amount, state, at }) => {
    const opened: Happening = { type: 'DISPUTE_OPENED', subject, amount: BigInt(amount), at }
    if (state === 'open') return [opened]
    return [opened, { ...opened, type: state === 'won' ? 'DISPUTE_WON' : 'DISPUTE_LOST' }]
  })
}

async function giveReceipt(tx: Tx, payment: PaymentRow, issuedAt: Date): Promise<void> {
  const course = await tx.findCourse(payment.courseId)
  // The enrollment was made of the course's offer; its title may be on its way. The receipt says at least which course.
  const courseTitle = course?.title ?? payment.courseId
  await tx.addReceipt({ paymentId: payment.id, courseTitle, amount: payment.amount, currency: payment.currency, issuedAt })
}

function isPending({ status }: RefundRow): boolean {
  return status === 'PENDING'
}

function isOpenThere({ state }: ProviderPayment): boolean {
  return state !== 'succeeded' && state !== 'canceled'
}

function sameMoney(one: Money, other: Money): boolean {
  return one.amount === other.amount && one.currency === other.currency
}
