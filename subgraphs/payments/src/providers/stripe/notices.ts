import type { Stripe } from 'stripe'
import type { ProviderNotice } from '../provider.ts'
import { forPages } from './answers.ts'
import { event, type StripeEvent } from './shapes.ts'

/** What Stripe tells of that can change a payment: the webhook's endpoint is to hear these, and the list of events is asked for them. */
export const stripeEvents = [
  'payment_intent.processing',
  'payment_intent.requires_action',
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'checkout.session.completed',
  'checkout.session.expired',
  'checkout.session.async_payment_succeeded',
  'checkout.session.async_payment_failed',
  'charge.refunded',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
]

/** An event's subject is the id of a checkout, or of the intent that a charge, refund or dispute belongs to. */
export function noticeOf({ id, type, created, data }: StripeEvent): ProviderNotice {
  const { object } = data
  const intent = typeof object.payment_intent === 'string' ? object.payment_intent : object.payment_intent?.id
  const itself = object.object === 'checkout.session' || object.object === 'payment_intent'
  return { id, type, at: new Date(created * 1000), subject: (itself ? object.id : intent) ?? '' }
}

const MOST_AT_ONCE = 1000

/**
 * Everything that Stripe has told since a moment, oldest first. Its list begins with the newest and is of any length, so a stretch
 * of time that holds too much is halved: no more than a thousand events are held at once. Stripe keeps them for 30 days.
 */
export async function* noticesSince(stripe: Stripe, since: Date): AsyncGenerator<ProviderNotice> {
  const from = Math.floor(since.getTime() / 1000)
  const newest = await stripe.events.list({ types: stripeEvents, created: { gte: from }, limit: 1 }, forPages)
  if (newest.data[0]) yield* noticesBetween(stripe, from, event.parse(newest.data[0]).created + 1)
}

async function* noticesBetween(stripe: Stripe, from: number, to: number): AsyncGenerator<ProviderNotice> {
  const held: ProviderNotice[] = []
  const told = stripe.events.list({ types: stripeEvents, created: { gte: from, lt: to }, limit: 100 }, forPages)
  for await (const entry of told) {
    // What happened in one and the same second cannot be told apart by time.
    if (held.length === MOST_AT_ONCE && to - from > 1) {
      const middle = Math.floor((from + to) / 2)
      yield* noticesBetween(stripe, from, middle)
      yield* noticesBetween(stripe, middle, to)
      return
    }
    held.push(noticeOf(event.parse(entry)))
  }
  yield* held.toReversed()
}
