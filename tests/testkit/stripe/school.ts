import { openSchool, type School } from '../../../subgraphs/payments/src/testing/school.ts'
import { webhookSecrets } from './stage.ts'
import { openStripe, type StripeStub } from './stub.ts'

export interface StripeSchool {
  stub: StripeStub
  school: School
  close(): Promise<void>
}

/** payments alone, with a stub of Stripe that tells it of everything by webhooks. */
export async function openStripeSchool(settings: Record<string, unknown> = {}): Promise<StripeSchool> {
  const stub = await openStripe()
  const [stripeWebhookSecret, stripeWebhookSecretBefore] = webhookSecrets
  const stripe = { stripeSecretKey: stub.secretKey, stripeApiUrl: stub.url, stripeReturnUrl: 'https://school.example.org/paid' }
  const school = await openSchool({ settings: { ...stripe, stripeWebhookSecret, stripeWebhookSecretBefore, ...settings } })
  stub.sendTo({ url: `${school.url}/webhooks/stripe`, secrets: webhookSecrets })
  return {
    stub,
    school,
    async close() {
      await stub.close()
      await school.stop()
    },
  }
}
