import type { Aggregate, Data, EventDef } from '../events/contracts.ts'
import type { FeedWriter } from '../live/feeds.ts'

export interface Outbox {
  /**
   * Publishes `event` when this transaction commits; all of a transaction's events are written by one statement at its end.
   * Write the aggregate's row first: `version` must be the one that the row now has. A second event with the same
   * (aggregate, version) fails by an index: somebody forgot a lock.
   */
  add<E extends EventDef>(event: E, aggregate: Aggregate, data: Data<E>): Promise<void>
}

/** A store inside a transaction. Only here are there an outbox and feeds to write to. */
export type Tx<Store extends object> = Store & { outbox: Outbox; feed: FeedWriter }

/** A store that can open transactions. */
export type Transactional<Store extends object> = Store & {
  /**
   * Runs `work` in one transaction, or in the one that it is already part of. Use only the `tx` store inside: the outer
   * one would wait for a second connection while holding the first.
   */
  transaction<T>(work: (tx: Tx<Store>) => Promise<T>): Promise<T>
}

export interface Batching {
  /**
   * A loader for anything keyed: all keys asked for within one tick cost one call of `rows`, which returns rows in any
   * order; `keyOf` says which key a row answers. A key without a row loads null.
   */
  batch<Row>(rows: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string): (key: string) => Promise<Row | null>
  /** The same where a key has many rows. */
  batchMany<Row>(rows: (keys: readonly string[]) => Promise<readonly Row[]>, keyOf: (row: Row) => string): (key: string) => Promise<Row[]>
}

/** What kit's own tables are reached through, inside a transaction of a domain's client. */
export interface RawClient {
  $executeRawUnsafe(sql: string, ...values: unknown[]): Promise<number>
  $queryRawUnsafe<T>(sql: string, ...values: unknown[]): Promise<T>
}

// A generated Prisma client is a class of its own for each domain: kit knows only what they share.
export interface PrismaClientLike extends RawClient {
  $connect(): Promise<void>
  $disconnect(): Promise<void>
  $transaction<T>(
    work: (db: RawClient) => Promise<T>,
    options?: { maxWait?: number; timeout?: number; isolationLevel?: 'RepeatableRead' },
  ): Promise<T>
}

/** How a domain's store is made from its Prisma client. */
export interface StoreDefinition<Store extends object> {
  // oxlint-disable-next-line typescript/no-explicit-any -- each domain's client has its own options type
  Client: new (options: any) => PrismaClientLike
  build(db: never, tools: Batching): Store
}

/**
 * Declares a domain's store: `build` gets the Prisma client, or a transaction's, and returns functions named by meaning.
 * It runs once per fetch, so what `batch` loads lives as long as the fetch.
 */
export function defineStore<Client extends PrismaClientLike, Db, Store extends object>(
  // oxlint-disable-next-line typescript/no-explicit-any -- see above
  Client: new (options: any) => Client & Db,
  build: (db: Db, tools: Batching) => Store,
): StoreDefinition<Store> {
  return { Client, build }
}
