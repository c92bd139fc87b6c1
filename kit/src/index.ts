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
export { defineEvent, defineTopic, type Data, type Envelope, type EventDef, type Topic } from './events/contracts.ts'
export { defineJob, type Job } from './events/jobs.ts'
export type { EventLog } from './events/log.ts'
export { openPostgresLog } from './events/postgres-log.ts'
export { defineSubgraph, type Subgraph } from './graphql/define-subgraph.ts'
export { DomainError, errorCodes, isErrorCode, type ErrorCode, type ErrorDetails, type InputProblem } from './graphql/errors.ts'
export { line, mutation, parseInput, prose } from './graphql/input.ts'
export { MAX_PAGE_SIZE, page, type Connection, type PageArgs, type PageOrder, type PageQuery } from './graphql/pages.ts'
export { checkRule, readRule, type FieldRule } from './graphql/rules.ts'
export type { Readiness, RunningSubgraph, StartOptions, SubgraphFetch, SubgraphResult } from './graphql/start-subgraph.ts'
export { readiness } from './graphql/start-subgraph.ts'
export { acceptCorrelationId, CORRELATION_HEADER, createHttpHost, type HostOptions } from './http/host.ts'
export { hostSubgraph, type SubgraphHost } from './http/host-subgraph.ts'
export { serve } from './http/serve.ts'
export { announce, type Announcement } from './http/announce.ts'
export { closeOnSignals } from './http/shutdown.ts'
export { derivePassportKey, issuePassport, PASSPORT_HEADER, PassportError, verifyPassport } from './identity/passports.ts'
export { anonymous, isAdmin, isUser, requireUser, type Role, type UserViewer, type Viewer } from './identity/viewer.ts'
export { madeAt, systemRandom, type Random } from './ids.ts'
export { createLimiter, limitSetting, type Limiter, type LimitRule } from './limits.ts'
export { correlated, correlationId, createLogger, type Logger } from './log.ts'
export { metrics, onScrape, readMetrics } from './metrics.ts'
export { add, money, type Money } from './money.ts'
export { fromRoot } from './paths.ts'
export { freePort } from './ports.ts'
export { openDatabase, type Database } from './store/database.ts'
export { uniqueViolation } from './store/failures.ts'
export { DataInUseError, startEmbeddedPostgres, type EmbeddedPostgres } from './store/embedded-postgres.ts'
export { createDatabaseIfMissing, migrate } from './store/migrator.ts'
export { runningPostgresUrl } from './store/running-postgres.ts'
export { defineStore, type Batching, type Outbox, type StoreDefinition, type Transactional, type Tx } from './store/store.ts'
export type { Backstage, Caller, Context, ServiceTools, SubgraphDefinition } from './subgraph.ts'
