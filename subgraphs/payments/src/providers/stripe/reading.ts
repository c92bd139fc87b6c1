import type { ProviderDispute, ProviderPayment, ProviderRefund } from '../provider.ts'
import { fromStripe } from './amounts.ts'
import { PAYMENT, REFUND } from './orders.ts'
import type { StripeDispute, StripeIntent, StripeRefund, StripeSession } from './shapes.ts'

/** What Stripe has of a payment's money, besides the intent. */
export interface Books {
  refunds: readonly StripeRefund[]
  disputes: readonly StripeDispute[]
}

export const noBooks: Books = { refunds: [], disputes: [] }

/** A payment by card, as Stripe has it. */
export function readIntent(intent: StripeIntent, books: Books): ProviderPayment {
  return {
    transactionId: intent.id,
    paymentId: intent.metadata[PAYMENT] ?? null,
    state: stateOf(intent),
    clientSecret: intent.client_secret,
    checkoutUrl: null,
    createdAt: moment(intent.created),
    ...moneyOf(intent, books),
  }
}

/** A payment on Stripe's own page: there is no intent before somebody tries to pay. */
export function readSession(session: StripeSession, books: Books): ProviderPayment {
  const { id, created, metadata, payment_intent: intent, url } = session
  return {
    transactionId: id,
    paymentId: metadata?.[PAYMENT] ?? null,
    state: stateOfSession(session),
    clientSecret: null,
    checkoutUrl: url,
    createdAt: moment(created),
    ...(intent ? moneyOf(intent, books) : { price: priceOf(session), failure: null, paidAt: null, refunds: [], disputes: [] }),
  }
}

type Money = Pick<ProviderPayment, 'price' | 'failure' | 'paidAt' | 'refunds' | 'disputes'>

function moneyOf(intent: StripeIntent, { refunds, disputes }: Books): Money {
  const isPaid = intent.status === 'succeeded'
  const error = intent.last_payment_error
  return {
    price: fromStripe(isPaid ? intent.amount_received : intent.amount, intent.currency),
    failure: error && {
      code: error.decline_code ?? error.code ?? error.type,
      message: error.message ?? 'The payment was not made.',
    },
    paidAt: isPaid ? moment(intent.latest_charge?.created ?? intent.created) : null,
    refunds: refunds.map(readRefund),
    disputes: disputes.flatMap((dispute) => readDispute(dispute, intent)),
  }
}

function stateOf({ status, last_payment_error: error }: StripeIntent): ProviderPayment['state'] {
  switch (status) {
    case 'requires_payment_method':
      return error ? 'failed' : 'requires_action'
    case 'requires_confirmation':
    case 'requires_action':
      return 'requires_action'
    case 'requires_capture':
    case 'processing':
      return 'processing'
    case 'canceled':
    case 'succeeded':
      return status
  }
}

function stateOfSession({ status, payment_intent: intent }: StripeSession): ProviderPayment['state'] {
  if (intent?.status === 'succeeded') return 'succeeded'
  if (status === 'expired') return 'canceled'
  if (!intent) return status === 'complete' ? 'processing' : 'requires_action'
  // The page is done, and a bank has said no later: there is no place any more where it could be tried again.
  if (status === 'complete' && intent.status === 'requires_payment_method') return 'canceled'
  return stateOf(intent)
}

function priceOf({ amount_total: amount, currency }: StripeSession): ProviderPayment['price'] {
  if (amount === null || currency === null) throw new RangeError('a checkout has no price')
  return fromStripe(amount, currency)
}

export function readRefund({ id, amount, currency, created, metadata, status }: StripeRefund): ProviderRefund {
  const ended = status === 'succeeded' ? 'succeeded' : 'failed'
  return {
    id,
    refundId: metadata?.[REFUND] ?? null,
    amount: fromStripe(amount, currency).amount,
    state: status === 'succeeded' || status === 'failed' || status === 'canceled' ? ended : 'pending',
    at: moment(created),
  }
}

// Questions before a dispute: no money has moved. One that was prevented was answered by a refund.
const noDispute = ['warning_needs_response', 'warning_under_review', 'warning_closed', 'prevented']

function readDispute({ id, amount, currency, created, status }: StripeDispute, intent: StripeIntent): ProviderDispute[] {
  if (noDispute.includes(status)) return []
  // A bank may dispute in its own currency; then it is about all of it.
  const disputed = currency === intent.currency ? amount : intent.amount
  const state = status === 'won' || status === 'lost' ? status : 'open'
  return [{ id, amount: fromStripe(disputed, intent.currency).amount, state, at: moment(created) }]
}

function moment(seconds: number): Date {
  return new Date(seconds * 1000)
}
