import { madeAt, plusSeconds } from '@stellr/kit'
import type { Stripe } from 'stripe'
import type { PaymentOrder, RefundOrder } from '../provider.ts'
import { toStripe } from './amounts.ts'

/** Our words in the metadata of Stripe's objects, by which they are found again. */
export const PAYMENT = 'stellr_payment'
export const REFUND = 'stellr_refund'
/** The key that an object was made with: Stripe itself remembers keys for a day only. */
export const KEY = 'stellr_key'
export const METHOD = 'stellr_method'

/** What a payment is read with: with what went back, in one request. */
export const withBooks = ['latest_charge.refunds']

export function intentOrder({ key, paymentId, price, description }: PaymentOrder): Stripe.PaymentIntentCreateParams {
  return {
    ...toStripe(price),
    description,
    allowed_payment_method_types: ['card'],
    metadata: { [PAYMENT]: paymentId, [KEY]: key, [METHOD]: 'CARD' },
    expand: withBooks,
  }
}

export function sessionOrder(order: PaymentOrder, returnUrl: string): Stripe.Checkout.SessionCreateParams {
  const { key, paymentId, price, description } = order
  const { amount, currency } = toStripe(price)
  const metadata = { [PAYMENT]: paymentId, [KEY]: key, [METHOD]: 'CHECKOUT' }
  return {
    mode: 'payment',
    line_items: [{ quantity: 1, price_data: { currency, unit_amount: amount, product_data: { name: description } } }],
    // The price is ours, in our currency, whoever pays.
    adaptive_pricing: { enabled: false },
    client_reference_id: paymentId,
    metadata,
    payment_intent_data: { description, metadata },
    success_url: pageAfter(returnUrl, { payment: paymentId }),
    cancel_url: pageAfter(returnUrl, { payment: paymentId, canceled: 'true' }),
    expires_at: Math.floor(endOf(order).getTime() / 1000),
  }
}

export function refundOrder({ key, refundId, price }: RefundOrder, intentId: string, paymentId: string | null): Stripe.RefundCreateParams {
  const metadata = { [REFUND]: refundId, [KEY]: key, ...(paymentId !== null && { [PAYMENT]: paymentId }) }
  return { payment_intent: intentId, amount: toStripe(price).amount, metadata }
}

const MINUTE = 60
const SHORTEST = 35 * MINUTE
const LONGEST = 24 * 60 * MINUTE - 10 * MINUTE

/**
 * When Stripe ends a checkout by itself, should nobody tell it to: half an hour after its creation at the earliest, by its rules, and
 * a day after it at the latest, with some minutes for clocks that differ. It must not depend on now: asked again, the
 * order has to be the same. A payment can be begun until it expires, and its id says since when.
 */
function endOf({ expiresAt, paymentId }: PaymentOrder): Date {
  const end = plusSeconds(expiresAt, SHORTEST)
  const begun = madeAt(paymentId)
  const last = begun && plusSeconds(begun, LONGEST)
  return last && last < end ? last : end
}

function pageAfter(returnUrl: string, facts: Record<string, string>): string {
  const url = new URL(returnUrl)
  for (const [name, value] of Object.entries(facts)) url.searchParams.set(name, value)
  return url.href
}
