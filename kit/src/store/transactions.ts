import { AsyncLocalStorage } from 'node:async_hooks'
import { faultPoint } from '../faults.ts'
import { createOutbox, type OutboxSource } from '../events/outbox.ts'
import { createFeedWriter, type FeedSource, type Told } from '../live/write-feeds.ts'
import { createBatching } from './batching.ts'
import type { PrismaClientLike, RawClient, StoreDefinition, Transactional, Tx } from './store.ts'

/** A transaction as kit's own machinery sees it. */
export interface Transaction<Store extends object> {
  tx: Tx<Store>
  /** The transaction's Prisma client, for kit's own tables. */
  sql: RawClient
  /**
   * Runs `work` with a store of its own in a savepoint. When it throws, all that it did is undone, nothing that it left
   * running can do more, and the transaction lives on.
   */
  attempt<T>(work: (tx: Tx<Store>) => Promise<T>): Promise<T>
}

export interface Transactions<Store extends object> {
  /** A fresh store, outside of any transaction. */
  store(): Transactional<Store>
  /** Runs `work` in one transaction, or in the one that it is already part of. */
  run<T>(work: (transaction: Transaction<Store>) => Promise<T>): Promise<T>
  /** Reads with a store that shows one moment, however many statements that takes. */
  snapshot<T>(work: (store: Store, sql: RawClient) => Promise<T>): Promise<T>
}

export interface TransactionOptions {
  /** How long to wait for a connection. */
  waitMs: number
  /** How long a transaction may last. */
  timeoutMs: number
  /** Called after each commit that published something. */
  onPublished: () => void
  /** Called after each commit that wrote to feeds. */
  onTold: (told: Told) => void
}

/** What the statements of a transaction's end have written. */
interface Written {
  published: boolean
  told: Told[]
}

export function createTransactions<Store extends object>(
  client: PrismaClientLike,
  definition: StoreDefinition<Store>,
  source: OutboxSource & FeedSource,
  { waitMs, timeoutMs, onPublished, onTold }: TransactionOptions,
): Transactions<Store> {
  const current = new AsyncLocalStorage<{ open: boolean; transaction: Transaction<Store> | null }>()
  const outside = guarded(client, () => {
    if (current.getStore()?.open) {
      throw new Error('The outer store was used inside a transaction, where it would wait for a second connection: use the tx store')
    }
  })

  async function run<T>(work: (transaction: Transaction<Store>) => Promise<T>): Promise<T> {
    const joined = current.getStore()
    if (joined?.open) {
      if (!joined.transaction) throw new Error('A snapshot is only read: no transaction can be part of it')
      return work(joined.transaction)
    }

    const written: Written = { published: false, told: [] }
    const result = await client.$transaction(
      async (sql) => {
        const scope = { open: true, transaction: begin(sql, written) }
        try {
          const result = await current.run(scope, () => work(scope.transaction))
          await scope.transaction.flush()
          faultPoint('transaction.before_commit')
          return result
        } finally {
          scope.open = false
        }
      },
      { maxWait: waitMs, timeout: timeoutMs },
    )
    faultPoint('transaction.after_commit')
    if (written.published) {
      faultPoint('outbox.after_commit')
      onPublished()
    }
    for (const told of written.told) onTold(told)
    return result
  }

  function begin(sql: RawClient, written: Written): Transaction<Store> & { flush(): Promise<void> } {
    const markPublished = () => {
      written.published = true
    }
    const storeOn = (db: RawClient) =>
      Object.assign(definition.build(db as never, createBatching({ cache: false })), {
        outbox: createOutbox(db, source, markPublished),
        feed: createFeedWriter(db, source, (told) => written.told.push(told)),
      })
    // The heads of feeds are locked last, and so for the shortest time.
    const flush = async ({ outbox, feed }: ReturnType<typeof storeOn>) => {
      await outbox.flush()
      await feed.flush()
    }
    let tx: ReturnType<typeof storeOn> | undefined
    return {
      get tx() {
        return (tx ??= storeOn(sql))
      },
      sql,
      flush: async () => tx && flush(tx),
      async attempt(work) {
        let ended = false
        const db = guarded(sql, () => {
          if (ended) throw new Error('This attempt has failed: what it left running cannot go on')
        })
        await sql.$executeRawUnsafe('SAVEPOINT attempt')
        try {
          const attempt = storeOn(db)
          const result = await work(attempt)
          await flush(attempt)
          return result
        } catch (error) {
          // Statements that are still under way were sent before this one and are undone with the rest.
          ended = true
          await sql.$executeRawUnsafe('ROLLBACK TO SAVEPOINT attempt')
          throw error
        }
      },
    }
  }

  return {
    store() {
      const batching = createBatching({ cache: true })
      return Object.assign(definition.build(outside as never, batching), {
        async transaction<T>(work: (tx: Tx<Store>) => Promise<T>): Promise<T> {
          const result = await run(({ tx }) => work(tx))
          batching.clear()
          return result
        },
      })
    },
    run,
    async snapshot(work) {
      const options = { maxWait: waitMs, timeout: timeoutMs, isolationLevel: 'RepeatableRead' } as const
      return client.$transaction(async (sql) => {
        const scope = { open: true, transaction: null }
        try {
          return await current.run(scope, () => work(definition.build(sql as never, createBatching({ cache: true })), sql))
        } finally {
          scope.open = false
        }
      }, options)
    },
  }
}

/** The same client, which first asks `check` whether it may be used just now. */
function guarded<Client extends object>(client: Client, check: () => void): Client {
  return new Proxy(client, {
    get(target, key) {
      check()
      const value: unknown = Reflect.get(target, key)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })
}
