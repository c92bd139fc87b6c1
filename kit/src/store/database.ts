import { PrismaPg } from '@prisma/adapter-pg'
import type pg from 'pg'
import { systemClock, type Clock } from '../clock.ts'
import { createNotifier } from '../events/notifier.ts'
import type { Topic } from '../events/contracts.ts'
import { OUTBOX_CHANNEL } from '../events/outbox.ts'
import { systemRandom, type Random } from '../ids.ts'
import type { Feed } from '../live/feeds.ts'
import { FEED_CHANNEL, wakeUp } from '../live/wake-up.ts'
import type { Logger } from '../log.ts'
import { openPool } from './pool.ts'
import { createStatementNames } from './statement-names.ts'
import type { RawClient, StoreDefinition, Transactional } from './store.ts'
import { createTransactions, type Transaction } from './transactions.ts'

export interface DatabaseOptions<Store extends object> {
  /** The domain: names the source of its events. */
  name: string
  url: string
  store: StoreDefinition<Store>
  /** The topics that its transactions may publish to; any, when left out. */
  publishes?: readonly Topic[] | undefined
  /** The feeds that its transactions may write to; any, when left out. */
  feeds?: readonly Pick<Feed, 'name'>[] | undefined
  /** Most connections at once; 5 unless said otherwise. */
  poolSize?: number
  /** How long a statement or transaction may wait for a connection. */
  waitMs?: number
  /** How long a transaction may last. */
  transactionTimeoutMs?: number
  log: Logger
  random?: Random
  clock?: Clock
}

/** A domain's database: its stores, its transactions, and what the event machinery needs. */
export interface Database<Store extends object> {
  name: string
  pool: pg.Pool
  log: Logger
  clock: Clock
  random: Random
  /** A fresh store: one per fetch, because what it loads it remembers. */
  store(): Transactional<Store>
  /** A transaction with access to kit's own tables, or the one that this is already part of. */
  transact<T>(work: (transaction: Transaction<Store>) => Promise<T>): Promise<T>
  /** Reads with a store that shows one moment, however many statements that takes. */
  snapshot<T>(work: (store: Store, sql: RawClient) => Promise<T>): Promise<T>
  /** Throws when the database does not answer. */
  ping(): Promise<void>
  /** Calls `listener` after every commit of this process that published something. Returns how to stop it. */
  onOutbox(listener: () => void): () => void
  /** Names this process among those that listen to feeds. */
  listenerId: string
  /** Calls `listener` after every commit of this process that wrote to feeds, with the streams. Returns how to stop it. */
  onTold(listener: (streams: readonly string[]) => void): () => void
  /** Waits for what is under way, then closes every connection. */
  close(): Promise<void>
}

/** Opens a domain's database. Connects on demand: a database that is away shows in `ping` and in what is asked of it. */
export async function openDatabase<Store extends object>(options: DatabaseOptions<Store>): Promise<Database<Store>> {
  const { name, url, store, poolSize = 5, waitMs = 5_000, transactionTimeoutMs = 10_000, log } = options
  const { random = systemRandom, clock = systemClock } = options
  const pool = openPool({ name, url, size: poolSize, waitMs, log })
  // The pool's own listeners report what breaks: Prisma's would say it a second time.
  const client = new store.Client({ adapter: new PrismaPg(pool, { statementNameGenerator: createStatementNames() }) })
  const listeners = new Set<() => void>()
  const notifier = createNotifier(pool, OUTBOX_CHANNEL, log)
  const feedListeners = new Set<(streams: readonly string[]) => void>()
  const feedNotifier = createNotifier(pool, FEED_CHANNEL, log)
  const listenerId = random.id()
  const transactions = createTransactions(
    client,
    store,
    { domain: name, publishes: options.publishes, feeds: options.feeds, listenerId, random, clock },
    {
      waitMs,
      timeoutMs: transactionTimeoutMs,
      onPublished() {
        for (const listener of listeners) listener()
        // With no relay in this process, one elsewhere must hear of it.
        if (listeners.size === 0) notifier.notify('')
      },
      onTold({ streams, elsewhere }) {
        for (const listener of feedListeners) listener(streams)
        if (elsewhere) for (const stream of streams) feedNotifier.notify(wakeUp(listenerId, stream))
      },
    },
  )

  return {
    name,
    pool,
    log,
    clock,
    random,
    store: transactions.store,
    transact: transactions.run,
    snapshot: transactions.snapshot,
    async ping() {
      await pool.query('SELECT 1')
    },
    onOutbox(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    listenerId,
    onTold(listener) {
      feedListeners.add(listener)
      return () => feedListeners.delete(listener)
    },
    async close() {
      await Promise.all([notifier.stop(), feedNotifier.stop()])
      await client.$disconnect()
      await pool.end()
    },
  }
}
