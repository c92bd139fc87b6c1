import { metrics, onScrape, plusSeconds } from '@stellr/kit'
import { Counter, Gauge } from 'prom-client'
import type { Backstage } from './context.ts'

/** Webhooks by what became of them: taken, known already, refused, failed. */
export const webhooks = counter('stellr_payment_webhooks_total', 'Webhooks of payment providers by what became of them', 'outcome')

/** What providers were asked for, by what came of it: answered, refused, unavailable, failed. */
export const providerCalls = counter('stellr_payment_provider_calls_total', 'What payment providers were asked for', 'call', 'outcome')

/** Money that was to go back and did not. */
export const refundsFailed = counter('stellr_payment_refunds_failed_total', 'Refunds that a provider or a bank did not take')

/** What a provider says otherwise than we do: somebody must look. */
export const mismatches = counter('stellr_payment_mismatches_total', 'Payments that are not what their provider says')

const waiting = new Gauge({
  name: 'stellr_payments_waiting',
  help: 'Payments open an hour after they could be paid (overdue), or with a refund that has been on its way for a day (refund)',
  labelNames: ['state'],
  registers: [metrics],
})

const HOUR_SECONDS = 60 * 60

/** Counts what waits for long before each reading of the metrics, until the returned function is called. */
export function watchWaiting(backstage: () => Pick<Backstage, 'clock' | 'store'>): () => void {
  return onScrape(async () => {
    const { clock, store } = backstage()
    const now = clock.now()
    const { overdue, refunds } = await store.countWaiting(plusSeconds(now, -HOUR_SECONDS), plusSeconds(now, -24 * HOUR_SECONDS))
    waiting.set({ state: 'overdue' }, overdue)
    waiting.set({ state: 'refund' }, refunds)
  })
}

function counter<Label extends string = never>(name: string, help: string, ...labels: Label[]): Counter<'provider' | Label> {
  return new Counter({ name, help, labelNames: ['provider', ...labels], registers: [metrics] })
}
