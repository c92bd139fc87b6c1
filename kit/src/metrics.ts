import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

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

export const eventsPublished = counter('stellr_events_published_total', 'Events that the event log has taken from the outbox', 'topic')
export const eventsRetried = counter('stellr_events_retried_total', 'Tries of events that had been parked, whatever came of them')
export const eventsParked = counter('stellr_events_parked_total', 'Events that could not be handled when they came and were parked')
export const eventsDead = counter('stellr_events_dead_total', 'Events that have failed so often that only a person can decide about them')

export const outboxRows = gauge('stellr_outbox_rows', 'Events committed but not yet published')
export const outboxAge = gauge('stellr_outbox_oldest_seconds', 'Age of the oldest event not yet published')
export const feedListeners = gauge('stellr_feed_listeners', 'Subscriptions that listen to feeds in this process')
export const feedRows = gauge('stellr_feed_rows', 'Entries that feeds keep, as Postgres estimates')
export const consumerLag = new Gauge({
  name: 'stellr_consumer_lag',
  help: 'Events published but not yet handled',
  labelNames: ['service', 'topic'],
  registers: [metrics],
})
export const parkedEvents = new Gauge({
  name: 'stellr_parked_events',
  help: 'Events that could not be handled (retrying, or dead until somebody replays or discards them) and those behind them',
  labelNames: ['service', 'state'],
  registers: [metrics],
})

const watches = new Set<() => Promise<void>>()

/** Calls `update` before each reading of the metrics, one at a time, until the returned function is called. */
export function onScrape(update: () => Promise<void>): () => void {
  let running: Promise<void> | null = null
  const watch = () =>
    (running ??= update().finally(() => {
      running = null
    }))
  watches.add(watch)
  return () => watches.delete(watch)
}

/**
 * Every metric in Prometheus' format. A gauge that cannot be read in time (its database is away) keeps its last value: just
 * then the others are wanted most.
 */
export async function readMetrics(): Promise<string> {
  const { promise: late, resolve } = Promise.withResolvers<void>()
  const patience = setTimeout(resolve, MOST_WAIT_MS)
  await Promise.race([late, Promise.allSettled([...watches].map((watch) => watch()))])
  clearTimeout(patience)
  return metrics.metrics()
}

const MOST_WAIT_MS = 2_000

function counter<Label extends string = never>(name: string, help: string, ...labels: Label[]): Counter<'service' | Label> {
  return new Counter({ name, help, labelNames: ['service', ...labels], registers: [metrics] })
}

function gauge(name: string, help: string): Gauge<'service'> {
  return new Gauge({ name, help, labelNames: ['service'], registers: [metrics] })
}
