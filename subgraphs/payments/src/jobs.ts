import { defineJob, plusSeconds } from '@stellr/kit'
import type { Backstage, Services } from './context.ts'
import { ProviderUnavailable, type Provider, type ProviderNotice } from './providers/provider.ts'
import { putOff, settle } from './settle.ts'
import type { Store } from './store.ts'
import { takeNotice } from './take-notice.ts'

const MOST_AT_ONCE = 20
const MOST_BATCHES = 50
// Of those that had not come: what is known already costs a look at a hundred at once.
const MOST_NOTICES = 2000
const NOTICES_AT_ONCE = 100
// One that cannot be taken in must not hide what was told after it; with more, it is the provider that is away.
const MOST_FAILURES = 10
// What is told at the same moment may be seen in any order, and a list may be some time behind what it lists.
const OVERLAP_SECONDS = 10 * 60
const HOUR_SECONDS = 60 * 60
const DAY_SECONDS = 24 * HOUR_SECONDS

/** Asks the providers about everything that is open and due, and does there what is still to do. */
export const reconcile = defineJob<Store, Services>({
  name: 'reconcile',
  everySeconds: 2,
  async run(backstage) {
    const { clock, signal, store } = backstage
    for (let batch = 0; batch < MOST_BATCHES && !signal.aborted; batch += 1) {
      const due = await store.duePayments(clock.now(), MOST_AT_ONCE)
      await Promise.all(due.map((id) => settleOrPutOff(backstage, id)))
      if (due.length < MOST_AT_ONCE) return
    }
  },
})

async function settleOrPutOff(backstage: Backstage, paymentId: string): Promise<void> {
  try {
    await settle(backstage, paymentId)
  } catch (error) {
    const payment = await backstage.store.findPayment(paymentId)
    if (!payment) return
    if (error instanceof ProviderUnavailable) backstage.log.warn({ paymentId, err: error }, 'the provider gives no answer about a payment')
    else backstage.log.error({ paymentId, err: error }, 'a payment could not be settled')
    await putOff(backstage, payment)
  }
}

/** Goes through what the providers have told, for webhooks that never came: of a dispute nothing else tells. */
export const sweepNotices = defineJob<Store, Services>({
  name: 'sweep-notices',
  everySeconds: 60,
  async run(backstage) {
    for (const provider of Object.values(backstage.services.providers)) {
      try {
        await sweep(backstage, provider)
      } catch (error) {
        if (!(error instanceof ProviderUnavailable)) throw error
        backstage.log.warn({ provider: provider.name, err: error }, 'the provider does not say what it has told')
      }
    }
  },
})

async function sweep(backstage: Backstage, provider: Provider): Promise<void> {
  const { clock, log, signal, store } = backstage
  const now = clock.now()
  const since = plusSeconds((await store.sweptUntil(provider.name)) ?? now, -OVERLAP_SECONDS)
  const failed: ProviderNotice[] = []
  // What has failed is tried again for a day: after that it would have ever more gone through every minute.
  const dayAgo = plusSeconds(now, -DAY_SECONDS)
  const noteSweep = (until: Date) => store.noteSweep(provider.name, failed.find(({ at }) => at > dayAgo)?.at ?? until, now)
  let taken = 0
  for await (const notices of inChunks(provider.noticesSince(since), NOTICES_AT_ONCE)) {
    const known = await store.knownWebhookEvents(
      provider.name,
      notices.map(({ id }) => id),
    )
    for (const notice of notices) {
      if (known.has(notice.id)) continue
      if (signal.aborted || (taken += 1) > MOST_NOTICES) return noteSweep(notice.at)
      const about = { provider: provider.name, type: notice.type, eventId: notice.id }
      try {
        const outcome = await takeNotice(backstage, provider, notice)
        if (outcome === 'taken') log.info(about, 'a webhook that had not come')
      } catch (error) {
        if (failed.push(notice) > MOST_FAILURES) throw error
        log.error({ ...about, err: error }, 'what a provider has told cannot be taken in')
      }
    }
  }
  await noteSweep(now)
}

async function* inChunks<T>(items: AsyncIterable<T>, size: number): AsyncGenerator<T[]> {
  let chunk: T[] = []
  for await (const item of items) {
    chunk.push(item)
    if (chunk.length < size) continue
    yield chunk
    chunk = []
  }
  if (chunk.length > 0) yield chunk
}

/** Forgets what nobody will send again. */
export const forgetOld = defineJob<Store, Services>({
  name: 'forget-old',
  everySeconds: HOUR_SECONDS,
  async run({ clock, store }) {
    await store.forgetRequestKeys(plusSeconds(clock.now(), -30 * DAY_SECONDS))
    await store.forgetWebhookEvents(plusSeconds(clock.now(), -90 * DAY_SECONDS))
  },
})
