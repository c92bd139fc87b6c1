import { z } from 'zod'
import type { Params } from './form.ts'
import { cancelIntent, confirm, createIntent } from './intents.ts'
import { createRefund, type RefundOutcome } from './refunds.ts'
import { invalid } from './refusal.ts'
import { createSession, expireSession } from './sessions.ts'
import { page } from './show.ts'
import type { Thing, World } from './world.ts'

export interface Asked {
  world: World
  /** Where the stub itself answers. */
  url: string
  /** What the path names. */
  id: string
  /** What becomes of a refund at first. */
  refundOutcome: RefundOutcome
}

export interface Route {
  method: 'GET' | 'POST'
  path: RegExp
  /** Whether the payer's own page may ask it, with the publishable key and the payment's secret. */
  forPayers?: boolean
  answer(asked: Asked, params: Params): Record<string, unknown>
}

const number = z.string().regex(/^\d+$/).transform(Number)
const metadata = z.record(z.string().max(40), z.string().max(500)).optional()
const expand = z.array(z.string()).optional()
const range = z.union([
  z.strictObject({ gt: number.optional(), gte: number.optional(), lt: number.optional(), lte: number.optional() }),
  number.transform((moment) => ({ gte: moment, lte: moment })),
])
const paging = {
  limit: number.pipe(z.int().min(1).max(100)).optional(),
  starting_after: z.string().optional(),
  ending_before: z.string().optional(),
  created: range.optional(),
  expand,
}

function route<S extends z.ZodObject>(
  method: Route['method'],
  path: string,
  params: S,
  answer: (asked: Asked, params: z.output<S>) => Record<string, unknown>,
  more: Pick<Route, 'forPayers'> = {},
): Route {
  const pattern = new RegExp(`^/v1/${path.replace(':id', '(?<id>[^/]+)')}$`)
  return { method, path: pattern, answer: (asked, given) => answer(asked, accepted(params, given)), ...more }
}

/** Stripe takes no parameter that it does not know. */
function accepted<S extends z.ZodObject>(schema: S, given: Params): z.output<S> {
  const read = schema.safeParse(given)
  if (read.success) return read.data
  const [issue] = read.error.issues
  if (issue?.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys
    const isGone = key === 'payment_method_types'
    throw invalid(`Received unknown parameter: ${key}`, isGone ? 'payment_method_types_no_longer_supported' : 'parameter_unknown', key)
  }
  throw invalid(`Invalid ${issue?.path.join('.')}: ${issue?.message}`, 'parameter_invalid', issue?.path.join('.'))
}

const none = z.strictObject({ expand })

export const routes: readonly Route[] = [
  route(
    'POST',
    'payment_intents',
    z.strictObject({
      amount: number,
      currency: z.string(),
      description: z.string().max(1000).optional(),
      metadata,
      allowed_payment_method_types: z.array(z.enum(['card', 'sepa_debit'])).optional(),
      expand,
    }),
    ({ world }, { allowed_payment_method_types: types, ...order }) => createIntent(world, { ...order, ...(types && { types }) }),
  ),
  route('GET', 'payment_intents', z.strictObject({ ...paging, customer: z.string().optional() }), ({ world }, asked) =>
    page(world.all('payment_intent'), '/v1/payment_intents', asked),
  ),
  route('GET', 'payment_intents/:id', none, ({ world, id }) => world.get('payment_intent', id)),
  route(
    'POST',
    'payment_intents/:id/cancel',
    z.strictObject({ cancellation_reason: z.string().optional(), expand }),
    ({ world, id }, asked) => {
      const intent = world.get('payment_intent', id)
      cancelIntent(world, intent, asked.cancellation_reason ?? null)
      return intent
    },
  ),
  route(
    'POST',
    'payment_intents/:id/confirm',
    z.strictObject({ payment_method: z.string(), client_secret: z.string(), expand }),
    ({ world, id }, { payment_method: method, client_secret: secret }) => {
      const intent = world.get('payment_intent', id)
      if (intent['client_secret'] !== secret)
        throw invalid('The client_secret provided does not match.', 'payment_intent_invalid_parameter')
      confirm(world, intent, method)
      return intent
    },
    { forPayers: true },
  ),
  route('POST', 'checkout/sessions', checkout(), ({ world, url }, asked) => {
    const [item] = asked.line_items
    return createSession(world, url, {
      amount: item.price_data.unit_amount * item.quantity,
      currency: item.price_data.currency,
      expiresAt: asked.expires_at,
      metadata: asked.metadata,
      intentMetadata: asked.payment_intent_data?.metadata,
      reference: asked.client_reference_id,
      successUrl: asked.success_url,
      cancelUrl: asked.cancel_url,
    })
  }),
  route('GET', 'checkout/sessions', z.strictObject({ ...paging, payment_intent: z.string().optional() }), ({ world }, asked) => {
    const matches = (session: Thing) => asked.payment_intent === undefined || session['payment_intent'] === asked.payment_intent
    return page(world.all('checkout.session', matches), '/v1/checkout/sessions', asked)
  }),
  route('GET', 'checkout/sessions/:id', none, ({ world, id }) => world.get('checkout.session', id)),
  route('POST', 'checkout/sessions/:id/expire', none, ({ world, id }) => {
    const session = world.get('checkout.session', id)
    expireSession(world, session)
    return session
  }),
  route(
    'POST',
    'refunds',
    z.strictObject({ payment_intent: z.string(), amount: number.optional(), metadata, expand }),
    ({ world, refundOutcome }, { payment_intent: intentId, amount, metadata: facts }) =>
      createRefund(world, { intentId, amount, metadata: facts }, refundOutcome),
  ),
  ...(['refund', 'dispute'] as const).map((kind) =>
    route('GET', `${kind}s`, z.strictObject({ ...paging, payment_intent: z.string().optional() }), ({ world }, asked) => {
      const matches = (thing: Thing) => asked.payment_intent === undefined || thing['payment_intent'] === asked.payment_intent
      return page(world.all(kind, matches), `/v1/${kind}s`, asked)
    }),
  ),
  route('GET', 'events', z.strictObject({ ...paging, types: z.array(z.string()).max(20).optional() }), ({ world }, { types, ...asked }) =>
    page(
      world.all('event', ({ type }) => !types || (typeof type === 'string' && types.includes(type))),
      '/v1/events',
      asked,
    ),
  ),
]

function checkout() {
  return z.strictObject({
    mode: z.literal('payment'),
    line_items: z.tuple([
      z.strictObject({
        quantity: number,
        price_data: z.strictObject({
          currency: z.string(),
          unit_amount: number,
          product_data: z.strictObject({ name: z.string().min(1) }),
        }),
      }),
    ]),
    adaptive_pricing: z.strictObject({ enabled: z.enum(['true', 'false']) }).optional(),
    client_reference_id: z.string().max(200).optional(),
    metadata,
    payment_intent_data: z.strictObject({ description: z.string().max(1000).optional(), metadata }).optional(),
    success_url: z.url(),
    cancel_url: z.url().optional(),
    expires_at: number.optional(),
    expand,
  })
}
