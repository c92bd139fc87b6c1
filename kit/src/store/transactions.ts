import { AsyncLocalStorage } from 'node:async_hooks'
import { createOutbox, type OutboxSource, type PendingOutbox } from '../events/outbox.ts'
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
}

export interface TransactionOptions {
  /** How long to wait for a connection. */
  waitMs: number
  /** How long a transaction may last. */
  timeoutMs: number
  /** Called after each commit that published something. */
  onPublished: () => void
}

export function createTransactions<Store extends object>(
  client: PrismaClientLike,
  definition: StoreDefinition<Store>,
  source: OutboxSource,
  { waitMs, timeoutMs, onPublished }: TransactionOptions,
): Transactions<Store> {
  const current = new AsyncLocalStorage<{ open: boolean; transaction: Transaction<Store> }>()
  const outside = guarded(client, () => {
    if (current.getStore()?.open) {
      throw new Error('The outer store was used inside a transaction, where it would wait for a second connection: use the tx store')
    }
  })

  async function run<T>(work: (transaction: Transaction<Store>) => Promise<T>): Promise<T> {
    const joined = current.getStore()
    if (joined?.open) return work(joined.transaction)

    let published = false
    const markPublished = () => {
      published = true
    }
    const result = await client.$transaction(
      async (sql) => {
        const scope = { open: true, transaction: begin(sql, markPublished) }
        try {
          const result = await current.run(scope, () => work(scope.transaction))
          await scope.transaction.flush()
          return result
        } finally {
          scope.open = false
        }
      },
      { maxWait: waitMs, timeout: timeoutMs },
    )
    if (published) onPublished()
    return result
  }

  function begin(sql: RawClient, markPublished: () => void): Transaction<Store> & Pick<PendingOutbox, 'flush'> {
    const storeOn = (db: RawClient) =>
      Object.assign(definition.build(db as never, createBatching({ cache: false })), { outbox: createOutbox(db, source, markPublished) })
    let tx: ReturnType<typeof storeOn> | undefined
    return {
      get tx() {
        return (tx ??= storeOn(sql))
      },
      sql,
      flush: async () => tx?.outbox.flush(),
      async attempt(work) {
        let ended = false
        const db = guarded(sql, () => {
          if (ended) throw new Error('This attempt has failed: what it left running cannot go on')
        })
        await sql.$executeRawUnsafe('SAVEPOINT attempt')
        try {
          const attempt = storeOn(db)
          const result = await work(attempt)
          await attempt.outbox.flush()
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
