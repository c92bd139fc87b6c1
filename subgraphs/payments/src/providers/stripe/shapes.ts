import { z } from 'zod'

// What is read of Stripe's objects: anything else that an answer holds is dropped here.
const id = z.string().min(1).max(255)
const moment = z.int().min(0)
const amount = z.int().min(0)
const currency = z.string().regex(/^[a-z]{3}$/)
const metadata = z.record(z.string(), z.string())

export const refund = z.object({
  id,
  object: z.literal('refund'),
  amount,
  currency,
  created: moment,
  status: z.string().nullable(),
  metadata: metadata.nullable(),
})

export const dispute = z.object({ id, object: z.literal('dispute'), amount, currency, created: moment, status: z.string() })

const charge = z.object({
  id,
  object: z.literal('charge'),
  created: moment,
  disputed: z.boolean(),
  refunds: z.object({ data: z.array(refund), has_more: z.boolean() }).nullish(),
})

export const intent = z.object({
  id,
  object: z.literal('payment_intent'),
  amount,
  amount_received: amount,
  currency,
  created: moment,
  client_secret: z.string().nullable(),
  metadata,
  status: z.enum([
    'requires_payment_method',
    'requires_confirmation',
    'requires_action',
    'requires_capture',
    'processing',
    'canceled',
    'succeeded',
  ]),
  last_payment_error: z
    .object({ type: z.string(), code: z.string().nullish(), decline_code: z.string().nullish(), message: z.string().nullish() })
    .nullable(),
  latest_charge: charge.nullable(),
})

export const session = z.object({
  id,
  object: z.literal('checkout.session'),
  amount_total: amount.nullable(),
  currency: currency.nullable(),
  created: moment,
  metadata: metadata.nullable(),
  payment_intent: intent.nullable(),
  status: z.enum(['open', 'complete', 'expired']).nullable(),
  url: z.string().nullable(),
})

/** Of an event, what it is about is all that is read; the rest of its body may be of any version of the API. */
export const event = z.object({
  id: z.string().startsWith('evt_').max(255),
  object: z.literal('event'),
  type: z.string().min(1).max(255),
  created: moment,
  data: z.object({
    object: z.object({
      id: id.optional(),
      object: z.string().optional(),
      payment_intent: z.union([id, z.object({ id })]).nullish(),
    }),
  }),
})

export type StripeRefund = z.output<typeof refund>
export type StripeDispute = z.output<typeof dispute>
export type StripeIntent = z.output<typeof intent>
export type StripeSession = z.output<typeof session>
export type StripeEvent = z.output<typeof event>
