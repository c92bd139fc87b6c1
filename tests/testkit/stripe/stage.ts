import { PassThrough } from 'node:stream'
import { createLogger } from '@stellr/kit'
import type { Provider } from '../../../subgraphs/payments/src/providers/provider.ts'
import { createStripe } from '../../../subgraphs/payments/src/providers/stripe/stripe.ts'
import type { ContractCard, Stage } from '../../payments/provider.contract.ts'
import { openStripe, type StripeStub } from './stub.ts'

export const webhookSecrets = ['whsec_the_new_one_of_two', 'whsec_the_old_one_of_two']

/** The settings with which a process takes a stub for Stripe. */
export function stripeSettings(stub: StripeStub): Record<string, string> {
  const [secret = '', secretBefore = ''] = webhookSecrets
  return {
    STRIPE_SECRET_KEY: stub.secretKey,
    STRIPE_API_URL: stub.url,
    STRIPE_RETURN_URL: 'https://school.example.org/paid',
    STRIPE_WEBHOOK_SECRET: secret,
    STRIPE_WEBHOOK_SECRET_BEFORE: secretBefore,
  }
}

export interface StripeStage extends Stage {
  provider: Provider
  stub: StripeStub
  /** Everything that was logged. */
  logged(): string
}

/** The Stripe provider over a stub of Stripe. */
export async function openStage(options: Parameters<typeof openStripe>[0] = {}): Promise<StripeStage> {
  const stub = await openStripe(options)
  const lines: string[] = []
  const destination = new PassThrough().on('data', (line: Buffer) => lines.push(line.toString()))
  const provider = createStripe({
    secretKey: stub.secretKey,
    webhookSecrets,
    returnUrl: 'https://school.example.org/paid?from=stripe',
    apiUrl: stub.url,
    log: createLogger({ name: 'payments', level: 'trace', destination }),
  })
  return {
    provider,
    stub,
    logged: () => lines.join(''),
    async pay(payment, card) {
      const [before, after] = steps[card]
      const status = await stub.payer.pay(payment, before)
      if (status !== 200 && status !== 402) throw new Error(`the payer is shown ${status}`)
      if (after !== null) await stub.payer.authenticate(payment, after)
    },
    async dispute({ transactionId }) {
      stub.dispute(transactionId)
    },
    close: () => stub.close(),
  }
}

const steps = {
  success: ['success', null],
  decline: ['decline', null],
  insufficient_funds: ['insufficient_funds', null],
  three_d_secure_passed: ['three_d_secure', true],
  three_d_secure_failed: ['three_d_secure', false],
} as const satisfies Record<ContractCard, readonly [string, boolean | null]>
