import type { Backstage } from './context.ts'
import type { Provider, ProviderNotice, ProviderPayment } from './providers/provider.ts'
import { takeIn } from './take-in.ts'

/**
 * Takes in what a provider has told, once: that it was told and what follows from it are one. The notice itself decides
 * nothing: what it is about is asked for as it is now.
 */
export async function takeNotice(tools: Backstage, provider: Provider, notice: ProviderNotice): Promise<'taken' | 'known'> {
  const { clock, store } = tools
  if (await store.knowsWebhookEvent(provider.name, notice.id)) return 'known'
  const found = await provider.subjectOf(notice)
  return store.transaction(async (tx) => {
    const { id: eventId, type, at } = notice
    const paymentId = found?.paymentId ?? null
    const isNew = await tx.addWebhookEvent({ provider: provider.name, eventId, type, paymentId, at, receivedAt: clock.now() })
    if (isNew) await takeInOurs(tools, tx, found)
    return isNew ? 'taken' : 'known'
  })
}

// A provider's account may be used by others too.
async function takeInOurs(tools: Backstage, tx: Parameters<typeof takeIn>[0], found: ProviderPayment | null): Promise<void> {
  if (found?.paymentId) await takeIn(tx, tools, found.paymentId, found)
}
