import type { z } from 'zod'
import { DomainError } from '../graphql/errors.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Transactional } from '../store/store.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { streamOf, type Entry, type Feed, type ListenOptions } from './feeds.ts'
import { createListener, type Listener, type OpenListener } from './listener.ts'
import { shareStores, type SharedStores } from './shared-stores.ts'
import { beginStream, headOf, look, sharedEntry, type SharedEntry, type Stream } from './read-feeds.ts'
import { followTails } from './tails.ts'

/** The feeds of one database, for all who listen in this process. */
export interface Feeds<Store extends object> {
  /**
   * Listens to the stream `key` of a feed. Throws BAD_USER_INPUT for a cursor that is none of this stream, and RESYNC_REQUIRED
   * for one after which not everything is kept.
   */
  listen<T extends z.ZodObject, Event>(feed: Feed<T>, key: string, options: ListenOptions<Store, T, Event>): Promise<Listener<Event>>
  /** A store for showing an event that a listener got: all who hear the same share it. */
  storeFor(event: unknown): Transactional<Store> | undefined
  /** How many listen. */
  readonly listeners: number
  /** Ends every listener with SERVICE_UNAVAILABLE: what they hear is not over, they are to come back. */
  stop(): Promise<void>
}

export interface FeedsOptions<Store extends object> {
  database: Pick<Database<Store>, 'pool' | 'listenerId' | 'onTold' | 'snapshot' | 'store'>
  log: Logger
  /** How often to look whether a wake-up call was missed. */
  pollMs?: number
}

export function openFeeds<Store extends object>({ database, ...options }: FeedsOptions<Store>): Feeds<Store> {
  const { pool } = database
  const tails = followTails({ database, ...options })
  const listeners = new Set<OpenListener<unknown>>()
  const shared = shareStores(database.store)
  let stopped = false

  /** The present state, and the last number that it knows of. */
  async function begin<T extends z.ZodObject>(
    stream: Stream,
    first: NonNullable<ListenOptions<Store, T, unknown>['first']>,
  ): Promise<SharedEntry> {
    return database.snapshot(async (store, sql) => {
      const [head] = await sql.$queryRawUnsafe<{ seq: bigint }[]>(headOf, stream.name)
      if (!head) throw new Error(`the stream ${stream.name} has no head`)
      const { data, at } = await first(store)
      return sharedEntry(Number(head.seq), writeCursor(stream.name, Number(head.seq)), at, () => data)
    })
  }

  return {
    async listen<T extends z.ZodObject, Event>(feed: Feed<T>, key: string, { after, first, each }: ListenOptions<Store, T, Event>) {
      const stream: Stream = { name: streamOf(feed, key), feed }
      const cursor = after == null ? null : readCursor(stream.name, after)
      const found = await look(pool, stream.name, cursor ?? 0)
      if (cursor !== null && !isKept(cursor, found)) throw new DomainError('RESYNC_REQUIRED')
      if (cursor === null && first && !found) await beginStream(pool, stream)
      const opening = cursor === null && first ? await begin(stream, first) : null
      const head = Math.max(found?.head ?? 0, opening?.seq ?? 0)
      const listener = createListener<Event>({
        pool,
        tails,
        stream,
        head,
        after: cursor,
        opening,
        each: hearing(each, shared),
        onEnd: (ending) => listeners.delete(ending),
      })
      listeners.add(listener)
      if (stopped) listener.fail(new DomainError('SERVICE_UNAVAILABLE'))
      return listener
    },
    storeFor: shared.storeFor,
    get listeners() {
      return listeners.size
    },
    async stop() {
      stopped = true
      for (const listener of listeners) listener.fail(new DomainError('SERVICE_UNAVAILABLE'))
      await tails.stop()
    },
  }
}

// One from the future is of a database that has since been set back: whoever has it knows what never happened.
function isKept(cursor: number, found: { head: number; kept: boolean } | null): boolean {
  return found !== null && (cursor === found.head || (cursor < found.head && found.kept))
}

// Apart, so that it holds on to nothing else: it lives as long as the listener.
function hearing<T extends z.ZodObject, Event, Store>(each: ListenOptions<Store, T, Event>['each'], shared: SharedStores<Store>) {
  return async (entry: SharedEntry) => {
    const event = await each(entry as Entry<z.output<T>>, () => shared.of(entry))
    shared.made(event, entry)
    return event
  }
}
