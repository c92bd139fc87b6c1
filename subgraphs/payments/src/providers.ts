import type { ServiceTools } from '@stellr/kit'
import type { Settings } from './config.ts'
import type { Provider } from './providers/provider.ts'
import { createSandbox } from './providers/sandbox/sandbox.ts'
import { createStripe } from './providers/stripe/stripe.ts'
import { deriveKey } from './keys.ts'
import type { Store } from './store.ts'

/**
 * The one provider that the settings name: Stripe when it has a key, else the sandbox. Never both: beside Stripe, the sandbox's
 * test cards would buy real courses.
 */
export function createProvider(tools: ServiceTools<Settings, Store>): Provider {
  const { settings, log } = tools
  const { stripeSecretKey: secretKey, stripeWebhookSecret, stripeWebhookSecretBefore, stripeReturnUrl, stripeApiUrl } = settings
  if (secretKey === undefined) {
    log.warn('payments go to the sandbox: no money moves. Set STRIPE_SECRET_KEY for Stripe')
    return createSandbox({ ...tools, secret: deriveKey(settings.secret, 'sandbox webhooks') })
  }
  if (!/^[rs]k_live_/.test(secretKey)) log.warn('STRIPE_SECRET_KEY is a key for tests: no money moves, and test cards buy')
  // The settings were read together: config.ts.
  if (stripeWebhookSecret === undefined || stripeReturnUrl === undefined) throw new Error('Stripe’s settings are not complete')
  const webhookSecrets = [stripeWebhookSecret, stripeWebhookSecretBefore].filter((secret) => secret !== undefined)
  return createStripe({ secretKey, webhookSecrets, returnUrl: stripeReturnUrl, apiUrl: stripeApiUrl, log })
}
