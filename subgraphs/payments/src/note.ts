import { isDeepStrictEqual } from 'node:util'
import * as events from '@stellr/schema/events/payments'
import type { Context, Tx } from './context.ts'
import { paymentFeed } from './feed.ts'
import type { PaymentEventRow, PaymentEventType, PaymentRow } from './models.ts'
import { outcomeOf, type Outcome } from './status.ts'
import type { PaymentChange } from './store/payments.ts'
import { wholeState, withoutSecrets } from './whole-state.ts'

/** Something that has happened to a payment. */
export interface Happening {
  type: PaymentEventType
  /** Which refund, dispute or try it is about; the same fact is never noted twice. */
  subject?: string
  amount?: bigint
  detail?: string
  /** Null when the platform or the provider did it. */
  actorId?: string | null
  at: Date
}

/** A payment whose lock is held. */
interface Held {
  payment: PaymentRow
  /** Its events so far. */
  known: readonly PaymentEventRow[]
  /** When the provider is to be asked next, of the payment as it comes out. */
  askNext?: (after: PaymentRow, isNews: boolean) => Pick<PaymentRow, 'checks' | 'nextCheckAt'>
}

type Tools = Pick<Context, 'clock' | 'random'>

/**
 * The one way in which a payment changes: its events, the status that they come to, and what others are told, together. What is
 * known already is passed over, and what the row says already is not written. `change` goes into the row besides.
 */
export async function note(
  tx: Tx,
  { clock, random }: Tools,
  { payment, known, askNext }: Held,
  happenings: readonly Happening[],
  change: PaymentChange = {},
): Promise<PaymentRow> {
  const now = clock.now()
  const news = happenings.filter((happening) => isNews(known, happening))
  const fresh = news.map(({ subject = '', amount = null, detail = null, actorId = null, ...event }, index) => ({
    ...event,
    paymentId: payment.id,
    seq: known.length + index + 1,
    subject,
    amount,
    detail,
    actorId,
  }))
  if (fresh.length > 0) {
    const ids = fresh.map(() => random.id())
    await tx.addEvents(ids, fresh, now)
  }

  // Each event in turn, so that a payment which was made and given back meanwhile is told of as both.
  const facts = [...known]
  const told: { event: typeof events.PaymentInitiated | null; state: PaymentRow }[] = []
  let state: PaymentRow = { ...payment, ...change, updatedAt: now }
  for (const event of fresh) {
    facts.push({ ...event, id: '', createdAt: now })
    const outcome = outcomeOf(payment.amount, facts)
    const moved = outcome.status !== state.status || outcome.refundedAmount !== state.refundedAmount
    const isFirst = event.type === 'INITIATED'
    const failsAgain = event.type === 'FAILED' && outcome.status === 'FAILED'
    const publishes = isFirst || failsAgain || moved ? (says[event.type] ?? null) : null
    state = stateAfter(state, event, outcome, publishes !== null && !isFirst)
    if (moved || publishes || event.type === 'CREATED') told.push({ event: publishes, state })
  }

  const { status, refundedAmount, paidAt, version, failureCode, failureMessage } = state
  const asking = askNext?.(state, fresh.length > 0)
  const columns = { ...change, status, refundedAmount, paidAt, version, failureCode, failureMessage, ...asking }
  // Of a payment that has just begun the row is new.
  const isWritten = (fresh.length === 0 || known.length === 0) && saysAlready(payment, columns)
  const written = isWritten ? payment : await tx.changePayment(payment.id, columns, now)
  for (const { event, state: then } of told) {
    if (event) await tx.outbox.add(event, then, wholeState(then))
    await tx.feed.add(paymentFeed, payment.userId, { payment: withoutSecrets(then) })
  }
  return written
}

/** Whether something is not among a payment's events yet. */
function isNews(known: readonly PaymentEventRow[], { type, subject = '' }: Happening): boolean {
  return !known.some((event) => event.type === type && event.subject === subject)
}

function saysAlready(payment: PaymentRow, change: PaymentChange): boolean {
  return isDeepStrictEqual({ ...payment, ...change }, { ...payment })
}

function stateAfter(state: PaymentRow, event: { type: PaymentEventType; at: Date }, outcome: Outcome, isNewVersion: boolean): PaymentRow {
  const isPaid = event.type === 'SUCCEEDED' && { paidAt: event.at, failureCode: null, failureMessage: null }
  return { ...state, ...outcome, ...isPaid, version: isNewVersion ? state.version + 1 : state.version }
}

const says: Partial<Record<PaymentEventType, typeof events.PaymentInitiated>> = {
  INITIATED: events.PaymentInitiated,
  FAILED: events.PaymentFailed,
  CANCELED: events.PaymentFailed,
  EXPIRED: events.PaymentFailed,
  SUCCEEDED: events.PaymentCompleted,
  REFUND_SUCCEEDED: events.PaymentRefunded,
  DISPUTE_OPENED: events.PaymentDisputed,
  DISPUTE_WON: events.PaymentDisputeClosed,
  DISPUTE_LOST: events.PaymentDisputeClosed,
}
