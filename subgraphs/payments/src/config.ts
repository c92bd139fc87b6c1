import { limitSetting } from '@stellr/kit'
import { z } from 'zod'

const whole = z.coerce.number().int()
const key = z.string().min(1).optional()

/** What an operator may set: PAYMENTS_<NAME>, or the name that is given. */
const settings = z.object({
  secret: z.string().min(32).meta({
    description: 'The addresses of receipts and the sandbox’s webhooks are signed by keys that derive from it: at least 32 characters',
    secret: true,
  }),
  payableMinutes: whole.min(1).max(1440).default(30).meta({ description: 'For how many minutes a payment that was begun can be paid' }),
  refundDays: whole.min(0).max(365).default(14).meta({ description: 'Days after paying in which learners may ask for the money back' }),
  refundBelowPercent: whole
    .min(0)
    .max(100)
    .default(20)
    .meta({ description: 'Part of the course, in percent, from which on learners may not ask for the money back' }),
  checkSeconds: z.coerce
    .number()
    .min(0.1)
    .max(3600)
    .default(60)
    .meta({ description: 'Seconds after which the provider is asked about a payment that it has not told of; twice as many each time' }),
  changesPerUser: limitSetting('PAYMENT_CHANGES_PER_USER', 60, 'payments and refunds a user may ask for in a minute'),
  receiptIssuer: z.string().min(1).max(500).default('Stellr').meta({
    description: 'Who issues receipts: name, address and tax number, as lines with | between them',
    example: 'Example School|1 Long Street|10115 Berlin|VAT DE123456789',
  }),
  stripeSecretKey: key.meta({
    env: 'STRIPE_SECRET_KEY',
    description: 'Stripe’s secret or restricted key; without it, payments go to the sandbox, which moves no money',
    example: 'sk_live_...',
    secret: true,
  }),
  stripeWebhookSecret: key.meta({
    env: 'STRIPE_WEBHOOK_SECRET',
    description: 'The signing secret of the webhook endpoint at Stripe; needed with STRIPE_SECRET_KEY',
    example: 'whsec_...',
    secret: true,
  }),
  stripeWebhookSecretBefore: key.meta({
    env: 'STRIPE_WEBHOOK_SECRET_BEFORE',
    description: 'The signing secret before that one, while it is being replaced',
    secret: true,
  }),
  stripeReturnUrl: z.url().optional().meta({
    env: 'STRIPE_RETURN_URL',
    description: 'The page of your front end to which Stripe’s checkout page returns; needed with STRIPE_SECRET_KEY',
    example: 'https://school.example.org/paid',
  }),
  stripeApiUrl: z.url().optional().meta({ env: 'STRIPE_API_URL', description: 'Where Stripe’s API is, when it is not Stripe: for tests' }),
})

/** What Stripe needs is needed together. */
export const config = settings.superRefine(
  (given, context) => {
    if (given.stripeSecretKey === undefined) {
      // Somebody means to take money, and the key was lost on the way: in the sandbox, anybody has the courses for nothing.
      const { stripeReturnUrl, stripeWebhookSecret, stripeWebhookSecretBefore } = given
      const isMeant = [stripeReturnUrl, stripeWebhookSecret, stripeWebhookSecretBefore].some((setting) => setting !== undefined)
      if (isMeant) context.addIssue({ code: 'custom', path: ['stripeSecretKey'], message: 'needed with the other settings of Stripe' })
      return
    }
    for (const name of ['stripeWebhookSecret', 'stripeReturnUrl'] as const) {
      if (given[name] === undefined) context.addIssue({ code: 'custom', path: [name], message: 'needed with STRIPE_SECRET_KEY' })
    }
  },
  // Said together with whatever else is missing.
  { when: () => true },
)

export type Settings = z.output<typeof config>
