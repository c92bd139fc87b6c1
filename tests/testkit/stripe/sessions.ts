import { authenticate, cancelIntent, confirm, createIntent, settleIntent } from './intents.ts'
import { checkPrice } from './money.ts'
import { invalid, Refusal } from './refusal.ts'
import { count, text, type Thing, type World } from './world.ts'

export interface SessionOrder {
  amount: number
  currency: string
  expiresAt: number | undefined
  metadata: Record<string, string> | undefined
  intentMetadata: Record<string, string> | undefined
  reference: string | undefined
  successUrl: string
  cancelUrl: string | undefined
}

const HALF_HOUR = 30 * 60
const DAY = 24 * 60 * 60

export function createSession(world: World, ownUrl: string, order: SessionOrder): Thing {
  const { amount, currency, expiresAt = world.now() + DAY } = order
  checkPrice(amount, currency)
  const lasts = expiresAt - world.now()
  if (lasts < HALF_HOUR || lasts > DAY) {
    throw invalid(
      'The `expires_at` timestamp must be between 30 minutes and 24 hours from Checkout Session creation.',
      undefined,
      'expires_at',
    )
  }
  const session = world.add('cs_test', 'checkout.session', {
    amount_total: amount,
    amount_subtotal: amount,
    currency,
    client_reference_id: order.reference ?? null,
    expires_at: expiresAt,
    metadata: order.metadata ?? {},
    mode: 'payment',
    payment_intent: null,
    payment_status: 'unpaid',
    status: 'open',
    success_url: order.successUrl,
    cancel_url: order.cancelUrl ?? null,
    url: '',
  })
  hidden.set(session, order.intentMetadata ?? {})
  session.url = `${ownUrl}/c/pay/${session.id}`
  return session
}

// Given for an intent that does not exist yet.
const hidden = new WeakMap<Thing, Record<string, string>>()

/** The payer has pressed the button of Stripe's page. Throws what the page shows them. */
export function payOnPage(world: World, session: Thing, method: string): void {
  if (session['status'] !== 'open') throw new Refusal(404, { type: 'invalid_request_error', message: 'This checkout is over.' })
  const amount = count(session['amount_total'])
  const fresh = () => createIntent(world, { amount, currency: text(session['currency']), metadata: hidden.get(session) })
  const intent = intentOf(world, session) ?? fresh()
  session['payment_intent'] = intent.id
  if (method === 'authenticated' || method === 'not_authenticated') authenticate(world, intent, method === 'authenticated')
  else confirm(world, intent, method)
  if (intent['status'] !== 'succeeded' && intent['status'] !== 'processing') return
  const isPaid = intent['status'] === 'succeeded'
  Object.assign(session, { status: 'complete', url: null, payment_status: isPaid ? 'paid' : 'unpaid' })
  world.tell('checkout.session.completed', session)
}

/** The bank has decided about what was paid on Stripe's page some days ago. */
export function settleSession(world: World, session: Thing, isGood: boolean): void {
  const intent = intentOf(world, session)
  if (!intent) throw new Error('nobody has paid on this page')
  settleIntent(world, intent, isGood)
  if (isGood) session['payment_status'] = 'paid'
  world.tell(`checkout.session.async_payment_${isGood ? 'succeeded' : 'failed'}`, session)
}

export function expireSession(world: World, session: Thing): void {
  if (session['status'] !== 'open') {
    const message = `Only Checkout Sessions with a status in ["open"] can be expired. This Checkout Session has a status of ${text(session['status'])}.`
    throw invalid(message)
  }
  Object.assign(session, { status: 'expired', url: null })
  const intent = intentOf(world, session)
  if (intent && intent['status'] !== 'canceled') cancelIntent(world, intent, 'automatic')
  world.tell('checkout.session.expired', session)
}

/** Stripe ends them by itself, too. */
export function expireOverdue(world: World): void {
  const overdue = world.all('checkout.session', (session) => session['status'] === 'open' && count(session['expires_at']) <= world.now())
  for (const session of overdue) expireSession(world, session)
}

function intentOf(world: World, session: Thing): Thing | undefined {
  const id = session['payment_intent']
  return typeof id === 'string' ? world.get('payment_intent', id) : undefined
}
