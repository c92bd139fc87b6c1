import type { Stripe } from 'stripe'
import type { ProviderPayment } from '../provider.ts'
import { forPages } from './answers.ts'
import { intentsWithBooks, sessionsWithBooks, type StripeBooks } from './books.ts'
import { METHOD, PAYMENT } from './orders.ts'
import { noBooks, readIntent } from './reading.ts'
import * as shapes from './shapes.ts'

/** Every payment that was begun at Stripe between two moments, to the second. Others may use the account as well. */
export async function* paymentsBetween(stripe: Stripe, books: StripeBooks, from: Date, to: Date): AsyncGenerator<ProviderPayment> {
  const created = { gte: Math.floor(from.getTime() / 1000), lt: Math.ceil(to.getTime() / 1000) }
  for await (const listed of stripe.paymentIntents.list({ created, limit: 100, expand: intentsWithBooks }, forPages)) {
    const intent = shapes.intent.safeParse(listed)
    if (!listed.metadata?.[PAYMENT]) yield* intent.success ? foreign(intent.data) : []
    // A checkout's own intent is told of as the checkout.
    else if (listed.metadata[METHOD] !== 'CHECKOUT') yield (await books.ofIntent(shapes.intent.parse(listed))).payment
  }
  for await (const listed of stripe.checkout.sessions.list({ created, limit: 100, expand: sessionsWithBooks }, forPages)) {
    if (listed.metadata?.[PAYMENT]) yield (await books.ofSession(shapes.session.parse(listed))).payment
  }
}

// What others sell may be in a currency that cannot be counted here.
function foreign(intent: shapes.StripeIntent): ProviderPayment[] {
  try {
    return [readIntent(intent, noBooks)]
  } catch {
    return []
  }
}
