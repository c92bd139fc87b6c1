// Placeholder by the lead so that types hold: STRIPE replaces this file (keep the name and the exported function).
import type { Logger } from '@stellr/kit'
import type { Provider } from '../provider.ts'

export interface StripeOptions {
  secretKey: string
  webhookSecrets: readonly string[]
  returnUrl: string
  apiUrl?: string | undefined
  log: Logger
}

export function createStripe(_options: StripeOptions): Provider {
  throw new Error('not yet')
}
