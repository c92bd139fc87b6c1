export { createBoundedCache, type BoundedCache } from './bounded-cache.ts'
export { plusSeconds, systemClock, type Clock } from './clock.ts'
export {
  ConfigError,
  describeSettings,
  environment,
  readConfig,
  type Environment,
  type Sections,
  type SettingDescription,
} from './config.ts'
export { on, NotYet, type Consumer } from './events/consumers.ts'
export {
  defineEvent,
  defineTopic,
  envelopeAttributes,
  messageOf,
  type Data,
  type Envelope,
  type EventDef,
  type Topic,
} from './events/contracts.ts'
export { defineJob, type Job } from './events/jobs.ts'
export type { DomainEvents, Witness } from './events/domain-events.ts'
export { isDueAgain, type WaitingHead } from './events/dead-letters.ts'
export type { Outcome } from './events/intake.ts'
export type { EventLog } from './events/log.ts'
export type { ParkedEvent, ParkedState } from './events/parked.ts'
export { optionalKafkaConfig } from './events/kafka-log-config.ts'
export { openEventLog, usesKafka } from './events/open-event-log.ts'
export { createWaker, type Waker } from './events/waker.ts'
export { openPostgresLog } from './events/postgres-log.ts'
export { defineProjection, type Projection } from './events/projections.ts'
export type { Rebuilt } from './events/rebuild.ts'
export { earliestReplay } from './events/replay-from.ts'
export { armFaults, faultConfig, faultPoint } from './faults.ts'
export { defineSubgraph, type Subgraph } from './graphql/define-subgraph.ts'
export { DomainError, errorCodes, isErrorCode, type ErrorCode, type ErrorDetails, type InputProblem } from './graphql/errors.ts'
export { line, mutation, parseInput, prose } from './graphql/input.ts'
export { MAX_PAGE_SIZE, momentKey, page, type Connection, type PageArgs, type PageOrder, type PageQuery } from './graphql/pages.ts'
export { checkRule, readRule, type FieldRule } from './graphql/rules.ts'
export { scalars } from './graphql/scalars.ts'
export type { Readiness, RunningSubgraph, StartOptions, SubgraphFetch, SubgraphResult } from './graphql/start-subgraph.ts'
export { readiness } from './graphql/start-subgraph.ts'
export type { SubgraphStream } from './graphql/stream.ts'
export { acceptCorrelationId, CORRELATION_HEADER, createHttpHost, type HostOptions } from './http/host.ts'
export { hostSubgraph, type SubgraphHost } from './http/host-subgraph.ts'
export { html, type Html, type HtmlValue } from './http/html.ts'
export { passportBody, roomPing } from './http/subgraph-sockets.ts'
export { upgradeOf } from './http/upgrades.ts'
export { ClosesSocket, type Connection as SocketConnection, type Farewell, type SocketOperation } from './sockets/connection.ts'
export { createSocketServer, type SocketLimits, type SocketServer } from './sockets/socket-server.ts'
export { serve } from './http/serve.ts'
export { metricsConfig, serveMetrics } from './http/serve-metrics.ts'
export { announce, type Announcement } from './http/announce.ts'
export { closeOnSignals, closingConfig } from './http/shutdown.ts'
export { derivePassportKey, issuePassport, PASSPORT_HEADER, PassportError, verifyPassport } from './identity/passports.ts'
export { anonymous, hasScope, isAdmin, isUser, requireUser, type Role, type UserViewer, type Viewer } from './identity/viewer.ts'
export { madeAt, systemRandom, type Random } from './ids.ts'
export { createLimiter, limitSetting, type Limiter, type LimitRule } from './limits.ts'
export { correlated, correlationId, createLogger, traceparent, type Logger } from './log.ts'
export { metrics, onScrape, readMetrics } from './metrics.ts'
export { defineFeed, feedBigInt, feedMoment, type Entry, type Feed, type FeedWriter, type ListenOptions } from './live/feeds.ts'
export type { Listener } from './live/listener.ts'
export { add, isCurrency, minorDigits, money, type Money } from './money.ts'
export { fromRoot } from './paths.ts'
export { freePort } from './ports.ts'
export { openDatabase, type Database } from './store/database.ts'
export { TRACE_HEADER } from './trace.ts'
export { defineTransitions, type Transitions } from './transitions.ts'
export { describeFailure, uniqueViolation } from './store/failures.ts'
export { DataInUseError, startEmbeddedPostgres, type EmbeddedPostgres } from './store/embedded-postgres.ts'
export { createDatabaseIfMissing, migrate } from './store/migrator.ts'
export { runningPostgresUrl } from './store/running-postgres.ts'
export { defineStore, type Batching, type Outbox, type StoreDefinition, type Transactional, type Tx } from './store/store.ts'
export type { Backstage, Caller, Context, ServiceTools, SubgraphDefinition } from './subgraph.ts'
