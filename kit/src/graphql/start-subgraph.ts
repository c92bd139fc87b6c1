import type { FastifyInstance } from 'fastify'
import { execute, type DocumentNode, type GraphQLFormattedError, type GraphQLSchema } from 'graphql'
import type { z } from 'zod'
import { systemClock, type Clock } from '../clock.ts'
import { startConsumers } from '../events/consume.ts'
import type { Topic } from '../events/contracts.ts'
import type { EventLog } from '../events/log.ts'
import { outboxDepth } from '../events/outbox.ts'
import { countParked } from '../events/parked.ts'
import { createOwnWrites } from '../events/own-writes.ts'
import { startRelay } from '../events/relay.ts'
import { startJobs } from '../events/run-jobs.ts'
import { systemRandom, type Random } from '../ids.ts'
import type { UserViewer, Viewer } from '../identity/viewer.ts'
import { openFeeds } from '../live/open-feeds.ts'
import { countEntries, trimFeedsJob } from '../live/trim-feeds.ts'
import type { Logger } from '../log.ts'
import { consumerLag, eventsHandled, feedListeners, feedRows, onScrape, outboxAge, outboxRows, parkedEvents } from '../metrics.ts'
import { openDatabase } from '../store/database.ts'
import { pendingMigrations } from '../store/migrator.ts'
import type { Backstage, Caller, Context, SubgraphDefinition } from '../subgraph.ts'
import { presentError } from './present.ts'
import { openStream, type SubgraphStream } from './stream.ts'

export interface StartOptions {
  /** What the subgraph's `config` made of the environment. */
  settings: unknown
  databaseUrl: string
  eventLog: EventLog
  log: Logger
  clock?: Clock
  random?: Random
  /** Whether to publish, consume and run jobs; true unless a test or a command wants only the use cases. */
  background?: boolean
}

/** One fetch of a query plan. The correlation id is the ambient one. */
export interface SubgraphFetch {
  document: DocumentNode
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
  viewer: Viewer
  caller: Caller
  signal: AbortSignal
  /** Of a subscription that had begun before: its stream's `since`. It counts where the operation names no cursor. */
  since?: string | undefined
}

export interface SubgraphResult {
  data?: unknown
  errors?: readonly GraphQLFormattedError[]
  /** For the router only. `signedIn`: who the rest of the operation acts as; `since`: after which cursor the stream began. */
  extensions?: { signedIn?: UserViewer; since?: string }
}

export interface Readiness {
  ok: boolean
  /** Name of the check, and `ok` or what is wrong. */
  checks: Record<string, string>
}

/** A subgraph at work: reached in memory through `execute`, or over HTTP by hostSubgraph. */
export interface RunningSubgraph {
  name: string
  schema: GraphQLSchema
  readonly running: boolean
  log: Logger
  clock: Clock
  execute(fetch: SubgraphFetch): Promise<SubgraphResult>
  /** Begins a subscription: resolves with its stream, or with the answer that refuses it. */
  subscribe(fetch: SubgraphFetch): Promise<SubgraphStream | SubgraphResult>
  /** A fresh context, as each fetch gets one. */
  context(fetch: Pick<SubgraphFetch, 'viewer' | 'caller' | 'signal' | 'since'>): Context
  /** Mounts the domain's plain HTTP routes. */
  routes(app: FastifyInstance): void
  ready(): Promise<Readiness>
  /** Whether everything it has to publish is published and everything it has to hear is handled. */
  settled(): Promise<boolean>
  stop(): Promise<void>
}

interface Parts {
  schema: GraphQLSchema
  topics: readonly Topic[]
  migrations: string
}

export async function startSubgraph<Shape extends z.ZodObject, Store extends object, Services>(
  definition: SubgraphDefinition<Shape, Store, Services>,
  { schema, topics, migrations }: Parts,
  { settings, databaseUrl, eventLog, log: parentLog, clock = systemClock, random = systemRandom, background = true }: StartOptions,
): Promise<RunningSubgraph> {
  const { name } = definition
  const log = parentLog.child({ subgraph: name })
  const database = await openDatabase({
    name,
    url: databaseUrl,
    store: definition.store,
    publishes: definition.publishes ?? [],
    feeds: definition.feeds ?? [],
    log,
    clock,
    random,
  })
  const stopping = new AbortController()
  const work: { stop(): Promise<void> }[] = []
  const stopAll = async () => {
    stopping.abort()
    await Promise.all(work.map((part) => part.stop()))
    await database.close()
  }
  // Whoever starts it in a process of theirs would be left with what runs already, and with no way to end it.
  const orStop = async <T>(starting: Promise<T>): Promise<T> => {
    try {
      return await starting
    } catch (error) {
      await stopAll().catch((failure: unknown) => log.warn({ err: failure }, 'what had been started could not be stopped'))
      throw error
    }
  }
  const store = () => database.store()
  // A domain without services never looks at them: its context type says unknown.
  const tools = { settings: settings as z.output<Shape>, store, clock, random, log }
  const services = (await orStop((async () => definition.services?.(tools))())) as Services
  const ownWrites = createOwnWrites()
  const feeds = openFeeds({ database, log })
  work.push(feeds)

  const backstage = (): Backstage<Store, Services> => ({ store: store(), services, clock, random, log, signal: stopping.signal })
  const context = (
    { viewer, caller, signal, since }: Pick<SubgraphFetch, 'viewer' | 'caller' | 'signal' | 'since'>,
    shared = store(),
  ): Context<Store, Services> => ({
    viewer,
    signedIn: null,
    caller,
    store: shared,
    services,
    clock,
    random,
    log,
    signal,
    async awaitOwn(id, read, options) {
      return this.viewer.kind === 'user' ? ownWrites.wait(this.viewer.id, id, read, options) : read()
    },
    listen: (feed, key, options) => feeds.listen(feed, key, { ...options, after: options.after ?? since }),
    cursor: feeds.cursor,
    signIn(person) {
      this.viewer = person
      this.signedIn = person
    },
  })

  const startWork = async () => {
    await eventLog.ensureTopics(definition.publishes ?? [])
    work.push(startRelay({ database, eventLog, log }))
    if (topics.length > 0) {
      work.push(
        await startConsumers({
          group: name,
          consumers: definition.consumers ?? [],
          database,
          eventLog,
          log,
          clock,
          onHandled: (event) => {
            eventsHandled.observe({ service: name, type: event.type }, (Date.now() - Date.parse(event.time)) / 1000)
            ownWrites.arrived(typeof event.data['userId'] === 'string' ? event.data['userId'] : event.subject)
          },
        }),
      )
    }
    const trimming = definition.feeds ? [trimFeedsJob(database.pool)] : []
    work.push(startJobs({ jobs: [...(definition.jobs ?? []), ...trimming], backstage, database, log }))
  }
  if (background) await orStop(startWork())
  const unwatch = onScrape(async () => {
    const depth = await outboxDepth(database.pool)
    outboxRows.set({ service: name }, depth.rows)
    outboxAge.set({ service: name }, depth.oldestSeconds)
    if (definition.feeds) {
      feedListeners.set({ service: name }, feeds.listeners)
      feedRows.set({ service: name }, await countEntries(database.pool))
    }
    if (topics.length === 0) return
    for (const [state, count] of Object.entries(await countParked(database.pool, name))) parkedEvents.set({ service: name, state }, count)
    const positions = Map.groupBy(await eventLog.positions(name), ({ topic }) => topic)
    for (const [topic, its] of positions) {
      const lag = its.reduce((sum, { next, end }) => sum + Number(end - next), 0)
      consumerLag.set({ service: name, topic }, lag)
    }
  })

  let running = true
  return {
    name,
    schema,
    get running() {
      return running
    },
    log,
    clock,
    context: (fetch) => context(fetch),
    async execute({ document, operationName, variables, ...who }) {
      const contextValue = context(who)
      const { data, errors } = await execute({ schema, document, operationName, variableValues: variables, contextValue })
      return {
        ...(errors && { errors: errors.map((error) => presentError(error, log)) }),
        data,
        ...(contextValue.signedIn && { extensions: { signedIn: contextValue.signedIn } }),
      }
    },
    subscribe: ({ document, operationName, variables, ...who }) =>
      openStream({
        schema,
        document,
        operationName,
        variables,
        context: (event) => context(who, feeds.storeFor(event)),
        signal: who.signal,
        log,
      }),
    routes(app) {
      definition.routes?.(app, backstage)
    },
    async ready() {
      return readiness({
        database: async () => {
          await database.ping()
          const pending = await pendingMigrations(database.pool, migrations)
          if (pending.length > 0) throw new Error(`migrations are missing: ${pending.join(', ')}`)
        },
      })
    },
    async settled() {
      const handled = async () => topics.length === 0 || (await eventLog.lag(name)) === 0
      // What is handled between two questions stands in the outbox then; what is published between them, and for this domain
      // itself, is in the log.
      return (await handled()) && (await outboxDepth(database.pool)).rows === 0 && (await handled())
    },
    async stop() {
      if (!running) return
      running = false
      unwatch()
      await stopAll()
    },
  }
}

/** Runs named checks side by side. */
export async function readiness(checks: Record<string, () => Promise<void>>): Promise<Readiness> {
  const results = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      const result = await check().then(
        () => 'ok',
        (error: unknown) => (error instanceof Error ? error.message : String(error)),
      )
      return [name, result] as const
    }),
  )
  return { ok: results.every(([, result]) => result === 'ok'), checks: Object.fromEntries(results) }
}
