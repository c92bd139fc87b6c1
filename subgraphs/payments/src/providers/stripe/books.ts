import type { Stripe } from 'stripe'
import type { ProviderPayment } from '../provider.ts'
import { isMissing } from './answers.ts'
import { KEY, METHOD, PAYMENT, withBooks } from './orders.ts'
import { noBooks, readIntent, readSession, type Books } from './reading.ts'
import * as shapes from './shapes.ts'
import type { StripeIntent, StripeRefund, StripeSession } from './shapes.ts'

/** A payment that Stripe has, and what of it only Stripe's own calls need. */
export interface Held {
  payment: ProviderPayment
  /** Null while nobody has tried to pay on Stripe's page. */
  intentId: string | null
  refunds: readonly StripeRefund[]
}

export interface StripeBooks {
  /** By the id of an intent or a checkout; null when there is none. One request, and one more for a dispute or very many refunds. */
  find(transactionId: string): Promise<Held | null>
  /** What an event is about, when it is ours: for an intent that a checkout has made, the checkout. */
  findOurs(subject: string): Promise<Held | null>
  /** What was made with a key of ours, among what Stripe was asked for lately. */
  findByKey(method: string, key: string): Promise<string | null>
  ofIntent(intent: StripeIntent): Promise<Held>
  ofSession(session: StripeSession): Promise<Held>
}

/** How lists of payments are read: with everything that `ofIntent` and `ofSession` look at. */
export const intentsWithBooks = withBooks.map((path) => `data.${path}`)
export const sessionWithBooks = withBooks.map((path) => `payment_intent.${path}`)
export const sessionsWithBooks = sessionWithBooks.map((path) => `data.${path}`)

export const isIntent = (id: string) => id.startsWith('pi_')
export const isSession = (id: string) => id.startsWith('cs_')

const MOST_REFUNDS = 1000
const MOST_DISPUTES = 100
const MOST_LOOKED_THROUGH = 1000

export function openBooks(stripe: Stripe): StripeBooks {
  const booksOf = async (intent: StripeIntent | null): Promise<Books> => {
    const charge = intent?.latest_charge
    if (!intent || !charge) return noBooks
    const [refunds, disputes] = await Promise.all([
      charge.refunds?.has_more ? take(stripe.refunds.list({ payment_intent: intent.id, limit: 100 }), MOST_REFUNDS) : charge.refunds?.data,
      charge.disputed ? take(stripe.disputes.list({ payment_intent: intent.id, limit: 100 }), MOST_DISPUTES) : [],
    ])
    return {
      refunds: (refunds ?? []).map((refund) => shapes.refund.parse(refund)),
      disputes: disputes.map((dispute) => shapes.dispute.parse(dispute)),
    }
  }
  const ofIntent = async (intent: StripeIntent): Promise<Held> => {
    const { refunds, disputes } = await booksOf(intent)
    return { payment: readIntent(intent, { refunds, disputes }), intentId: intent.id, refunds }
  }
  const ofSession = async (session: StripeSession): Promise<Held> => {
    const { refunds, disputes } = await booksOf(session.payment_intent)
    return { payment: readSession(session, { refunds, disputes }), intentId: session.payment_intent?.id ?? null, refunds }
  }
  const intent = async (id: string): Promise<StripeIntent | null> => {
    const found = await known(() => stripe.paymentIntents.retrieve(id, { expand: withBooks }))
    return found && shapes.intent.parse(found)
  }
  const session = async (id: string): Promise<StripeSession | null> => {
    const found = await known(() => stripe.checkout.sessions.retrieve(id, { expand: sessionWithBooks }))
    return found && shapes.session.parse(found)
  }
  const sessionOf = async (intentId: string): Promise<StripeSession | null> => {
    const { data } = await stripe.checkout.sessions.list({ payment_intent: intentId, limit: 1, expand: sessionsWithBooks })
    return data[0] ? shapes.session.parse(data[0]) : null
  }
  return {
    ofIntent,
    ofSession,
    async find(id) {
      const [byCard, onPage] = [isIntent(id) ? await intent(id) : null, isSession(id) ? await session(id) : null]
      if (byCard) return ofIntent(byCard)
      return onPage && ofSession(onPage)
    },
    async findOurs(id) {
      const byCard = isIntent(id) ? await intent(id) : null
      if (byCard?.metadata[PAYMENT] && byCard.metadata[METHOD] !== 'CHECKOUT') return ofIntent(byCard)
      const onPage = isSession(id) ? await session(id) : byCard?.metadata[PAYMENT] ? await sessionOf(id) : null
      return onPage?.metadata?.[PAYMENT] ? ofSession(onPage) : null
    },
    async findByKey(method, key) {
      const list = method === 'CARD' ? stripe.paymentIntents.list({ limit: 100 }) : stripe.checkout.sessions.list({ limit: 100 })
      const lately = await take<{ id: string; metadata: Stripe.Metadata | null }>(list, MOST_LOOKED_THROUGH)
      return lately.find(({ metadata }) => metadata?.[KEY] === key && metadata[METHOD] === method)?.id ?? null
    },
  }
}

async function known<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask()
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

async function take<T>(list: AsyncIterable<T>, most: number): Promise<T[]> {
  const taken: T[] = []
  for await (const entry of list) {
    taken.push(entry)
    if (taken.length === most) break
  }
  return taken
}
