import { metrics } from '@stellr/kit'
import { Counter } from 'prom-client'

/** Webhooks by what became of them: taken, known already, refused, failed. */
export const webhooks = new Counter({
  name: 'stellr_payment_webhooks_total',
  help: 'Webhooks of payment providers by what became of them',
  labelNames: ['provider', 'outcome'],
  registers: [metrics],
})
