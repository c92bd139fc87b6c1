import type { Logger } from '@stellr/kit'
import { Stripe } from 'stripe'
import {
  ProviderRefused,
  ProviderUnavailable,
  type PaymentOrder,
  type Provider,
  type ProviderPayment,
  type RefundOrder,
} from '../provider.ts'
import { answerOf, answersOf, isMissing, isRefusal } from './answers.ts'
import { isIntent, openBooks, sessionWithBooks, type Held } from './books.ts'
import { createClient } from './client.ts'
import { paymentsBetween } from './ledger.ts'
import { noticesSince } from './notices.ts'
import { intentOrder, KEY, refundOrder, sessionOrder, withBooks } from './orders.ts'
import { readRefund } from './reading.ts'
import * as shapes from './shapes.ts'
import { readWebhook } from './webhook.ts'

export interface StripeOptions {
  secretKey: string
  /** A webhook is good when it is signed with any of them. */
  webhookSecrets: readonly string[]
  /** Where Stripe's page sends people back to. */
  returnUrl: string
  apiUrl?: string | undefined
  log: Logger
}

/**
 * Stripe, through its SDK. A payment by card is a Payment Intent, one by checkout a Checkout Session; both carry our id, so that
 * whatever Stripe tells of leads back to it. Card data goes from the payer to Stripe alone.
 */
export function createStripe({ secretKey, webhookSecrets, returnUrl, apiUrl, log }: StripeOptions): Provider {
  const stripe = createClient({ secretKey, apiUrl })
  const books = openBooks(stripe)

  const find = async (transactionId: string): Promise<ProviderPayment | null> => (await books.find(transactionId))?.payment ?? null

  const begin = async (order: PaymentOrder): Promise<{ made: ProviderPayment; isNew: boolean }> => {
    const once = { idempotencyKey: order.key }
    if (order.method === 'CARD') {
      const made = await stripe.paymentIntents.create(intentOrder(order), once)
      return { made: (await books.ofIntent(shapes.intent.parse(made))).payment, isNew: !isReplayed(made) }
    }
    const made = await stripe.checkout.sessions.create({ ...sessionOrder(order, returnUrl), expand: sessionWithBooks }, once)
    return { made: (await books.ofSession(shapes.session.parse(made))).payment, isNew: !isReplayed(made) }
  }

  // It was asked for before with other words, such as the course's title of yesterday: what was made of it then is it.
  const begunOtherwise = async ({ key, method, paymentId }: PaymentOrder): Promise<ProviderPayment> => {
    log.warn({ paymentId }, 'a payment was begun at Stripe in other words')
    const transactionId = await books.findByKey(method, key)
    const found = transactionId && (await find(transactionId))
    if (!found) throw new ProviderUnavailable('Stripe has begun a payment, which cannot be found')
    return found
  }

  const create = async (order: PaymentOrder): Promise<ProviderPayment> => {
    try {
      const { made, isNew } = await begin(order)
      if (isNew) return made
      // The answer to a key that was used before is what it was then.
      return (await find(made.transactionId)) ?? made
    } catch (error) {
      if (!(error instanceof Stripe.errors.StripeIdempotencyError)) throw error
      return begunOtherwise(order)
    }
  }

  const cancel = async (transactionId: string): Promise<ProviderPayment> => {
    try {
      if (isIntent(transactionId)) {
        const ended = await stripe.paymentIntents.cancel(transactionId, { expand: withBooks })
        return (await books.ofIntent(shapes.intent.parse(ended))).payment
      }
      const ended = await stripe.checkout.sessions.expire(transactionId, { expand: sessionWithBooks })
      return (await books.ofSession(shapes.session.parse(ended))).payment
    } catch (error) {
      // It cannot be ended any more, or has ended already.
      const found = isRefusal(error) && !isMissing(error) ? await find(transactionId) : null
      if (!found) throw error
      return found
    }
  }

  const refund = async (order: RefundOrder): Promise<ProviderPayment> => {
    const before = await paid(order)
    // Stripe forgets keys after a day, and a refund may be asked for again after that.
    if (before.refunds.some(({ metadata }) => metadata?.[KEY] === order.key)) return before.payment
    const { payment, intentId } = before
    const made = await stripe.refunds.create(refundOrder(order, intentId, payment.paymentId), { idempotencyKey: order.key })
    const given = readRefund(shapes.refund.parse(made))
    if (!isReplayed(made)) return { ...payment, refunds: [...payment.refunds, given] }
    return (await find(order.transactionId)) ?? payment
  }

  const paid = async ({ transactionId, price }: RefundOrder): Promise<Held & { intentId: string }> => {
    const held = await books.find(transactionId)
    if (!held) throw new ProviderRefused('resource_missing', 'Stripe does not know the payment')
    const { intentId, payment } = held
    if (intentId === null || payment.state !== 'succeeded') throw new ProviderRefused('not_paid', 'the payment was not made')
    if (payment.price.currency !== price.currency) throw new ProviderRefused('currency_mismatch', 'it was paid in another currency')
    return { ...held, intentId }
  }

  return {
    name: 'stripe',
    create: (order) => answerOf(log, () => create(order)),
    find: (transactionId) => answerOf(log, () => find(transactionId)),
    cancel: (transactionId) => answerOf(log, () => cancel(transactionId)),
    refund: (order) => answerOf(log, () => refund(order)),
    readWebhook: (body, headers, now) => readWebhook(body, headers['stripe-signature'], webhookSecrets, now),
    subjectOf: ({ subject }) => answerOf(log, async () => (await books.findOurs(subject))?.payment ?? null),
    noticesSince: (since) => answersOf(log, noticesSince(stripe, since)),
    paymentsBetween: (from, to) => answersOf(log, paymentsBetween(stripe, books, from, to)),
  }
}

function isReplayed({ lastResponse }: { lastResponse: { headers: Record<string, string> } }): boolean {
  return new Headers(lastResponse.headers).get('idempotent-replayed') === 'true'
}
