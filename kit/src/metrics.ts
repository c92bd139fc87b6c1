import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'

/** Every metric of this process. */
export const metrics = new Registry()

collectDefaultMetrics({ register: metrics })

export const httpDuration = new Histogram({
  name: 'stellr_http_request_duration_seconds',
  help: 'Time from a request to its response',
  labelNames: ['service', 'route', 'status'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  registers: [metrics],
})

export const eventsHandled = new Histogram({
  name: 'stellr_event_handling_seconds',
  help: 'Time from when an event happened until it was handled',
  labelNames: ['service', 'type'],
  buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5, 30, 300],
  registers: [metrics],
})

export const outboxRows = gauge('stellr_outbox_rows', 'Events committed but not yet published')
export const outboxAge = gauge('stellr_outbox_oldest_seconds', 'Age of the oldest event not yet published')
export const consumerLag = gauge('stellr_consumer_lag', 'Events published but not yet handled')
export const parkedEvents = new Gauge({
  name: 'stellr_parked_events',
  help: 'Events that could not be handled (retrying, or dead until somebody replays or discards them) and those behind them',
  labelNames: ['service', 'state'],
  registers: [metrics],
})

const watches = new Set<() => Promise<void>>()

/** Calls `update` before each reading of the metrics, until the returned function is called. */
export function onScrape(update: () => Promise<void>): () => void {
  watches.add(update)
  return () => watches.delete(update)
}

/** Every metric in Prometheus' format. A gauge that cannot be read (its database is away) keeps its last value. */
export async function readMetrics(): Promise<string> {
  await Promise.allSettled([...watches].map((update) => update()))
  return metrics.metrics()
}

function gauge(name: string, help: string): Gauge<'service'> {
  return new Gauge({ name, help, labelNames: ['service'], registers: [metrics] })
}
