import type { Backstage } from './context.ts'
import { isId } from './inputs.ts'
import type { Provider, ProviderNotice } from './providers/provider.ts'
import { takeIn } from './take-in.ts'

/**
 * Takes in what a provider has told, once: that it was told and what follows from it are one. The notice itself decides
 * nothing: what it is about is asked for as it is now.
 */
export async function takeNotice(tools: Backstage, provider: Provider, notice: ProviderNotice): Promise<'taken' | 'known'> {
  const { clock, store } = tools
  if (await store.knowsWebhookEvent(provider.name, notice.id)) return 'known'
  const found = await provider.subjectOf(notice)
  // A provider's account may be used by others too, whose words for what they sell are no ids of ours.
  const paymentId = found?.paymentId && isId(found.paymentId) ? found.paymentId : null
  return store.transaction(async (tx) => {
    const { id: eventId, type, at } = notice
    const isNew = await tx.addWebhookEvent({ provider: provider.name, eventId, type, paymentId, at, receivedAt: clock.now() })
    if (isNew && found && paymentId !== null) await takeIn(tx, tools, paymentId, found)
    return isNew ? 'taken' : 'known'
  })
}
