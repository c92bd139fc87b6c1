import { createLimiter, type ServiceTools } from '@stellr/kit'
import type { Settings } from './config.ts'
import type { Services } from './context.ts'
import { deriveKey } from './keys.ts'
import { counted } from './providers/counted.ts'
import { createProvider } from './providers.ts'
import type { Store } from './store.ts'

export function createServices(tools: ServiceTools<Settings, Store>): Services {
  const { settings } = tools
  const { changesPerUser, checkSeconds, payableMinutes, refundDays, refundBelowPercent } = settings
  const provider = counted(createProvider(tools))
  return {
    limits: createLimiter({ changes: { points: changesPerUser, seconds: 60 } }),
    provider,
    providers: { [provider.name]: provider },
    rules: { checkSeconds, payableMinutes, refundDays, refundBelowBasisPoints: refundBelowPercent * 100 },
    receiptIssuer: settings.receiptIssuer.split('|').map((line) => line.trim()),
    receiptKey: deriveKey(settings.secret, 'receipts'),
  }
}
