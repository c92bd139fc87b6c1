import { metrics } from '@stellr/kit'
import { Counter, Gauge, Histogram } from 'prom-client'

const registers = [metrics]
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export const operations = new Counter({
  name: 'stellr_router_operations_total',
  help: 'GraphQL operations by type (query, mutation, subscription, unknown) and outcome (ok, partial, failed, refused)',
  labelNames: ['type', 'outcome'],
  registers,
})

export const operationDuration = new Histogram({
  name: 'stellr_router_operation_seconds',
  help: 'Time that an operation took in the router and all subgraphs',
  labelNames: ['type'],
  buckets,
  registers,
})

export const fetchDuration = new Histogram({
  name: 'stellr_router_fetch_seconds',
  help: 'Time that one fetch from a subgraph took, by outcome (ok, errors, unavailable)',
  labelNames: ['subgraph', 'outcome'],
  buckets,
  registers,
})

export const breakerState = new Gauge({
  name: 'stellr_router_breaker_state',
  help: 'Circuit breaker of a subgraph: 0 closed, 1 probing, 2 open',
  labelNames: ['subgraph'],
  registers,
})

export const revocationsAge = new Gauge({
  name: 'stellr_router_revocations_age_seconds',
  help: 'Time since auth last said which access tokens are revoked',
  registers,
})

export const refusalsDropped = new Counter({
  name: 'stellr_router_refusals_dropped_total',
  help: 'Refused mutations that stand only in the log, because too many were waiting to be recorded by auth',
  registers,
})

export const subscriptionEvents = new Counter({
  name: 'stellr_router_subscription_events_total',
  help: 'Events of subscriptions made ready for a client, by outcome (ok, partial)',
  labelNames: ['outcome'],
  registers,
})

export const openSockets = new Gauge({
  name: 'stellr_router_sockets',
  help: 'Sockets that are open',
  registers,
})

export const socketsRefused = new Counter({
  name: 'stellr_router_sockets_refused_total',
  help: 'Handshakes refused, by reason (origin, full, waiting, address)',
  labelNames: ['reason'],
  registers,
})

export const socketsClosed = new Counter({
  name: 'stellr_router_sockets_closed_total',
  help: 'Sockets closed, by the code of the close frame (1006: there was none; other: a code of the client’s own)',
  labelNames: ['code'],
  registers,
})
