import type { z } from 'zod'
import { DomainError } from '../graphql/errors.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Transactional } from '../store/store.ts'
import { readCursor, writeCursor } from './cursors.ts'
import { streamOf, type Entry, type Feed, type ListenOptions } from './feeds.ts'
import { createListener, type Listener, type OpenListener } from './listener.ts'
import { shareStores, type SharedStores } from './shared-stores.ts'
import { headOf, keepPlace, look, sharedEntry, type Head, type SharedEntry, type Stream } from './read-feeds.ts'
import { followTails } from './tails.ts'

/** The feeds of one database, for all who listen in this process. */
export interface Feeds<Store extends object> {
  /**
   * Listens to the stream `key` of a feed. Throws BAD_USER_INPUT for a cursor that is none of this stream, and RESYNC_REQUIRED
   * for one after which not everything is kept.
   */
  listen<T extends z.ZodObject, Event>(feed: Feed<T>, key: string, options: ListenOptions<Store, T, Event>): Promise<Listener<Event>>
  /** Where the stream `key` of a feed stands: whoever listens after this cursor hears all that is told from now on. */
  cursor(feed: Feed, key: string): Promise<string>
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

  /** The last number of a stream: a place that one can come back to for long, also when nothing was told yet, or not lately. */
  async function headNow(stream: Stream): Promise<number> {
    const known = await look(pool, stream, 0)
    if (known?.lasting) return known.head
    await keepPlace(pool, stream)
    const kept = await look(pool, stream, 0)
    if (!kept) throw new Error(`the stream ${stream.name} has no head`)
    return kept.head
  }

  /** Where a cursor stands, and how far the stream has come. */
  async function placeOf(stream: Stream, cursor: string): Promise<{ place: number; head: number }> {
    const place = readCursor(stream.name, cursor)
    const found = await look(pool, stream, place)
    if (!found || !isKept(place, found)) throw new DomainError('RESYNC_REQUIRED')
    return { place, head: found.head }
  }

  return {
    async listen<T extends z.ZodObject, Event>(feed: Feed<T>, key: string, { after, first, each }: ListenOptions<Store, T, Event>) {
      const stream: Stream = { name: streamOf(feed, key), feed }
      const from = after == null ? null : await placeOf(stream, after)
      const head = from?.head ?? (await headNow(stream))
      const opening = !from && first ? await begin(stream, first) : null
      const listener = createListener<Event>({
        pool,
        tails,
        stream,
        head,
        place: from?.place ?? head,
        opening,
        each: hearing(each, shared),
        onEnd: (ending) => listeners.delete(ending),
      })
      listeners.add(listener)
      if (stopped) listener.fail(new DomainError('SERVICE_UNAVAILABLE'))
      return listener
    },
    async cursor(feed, key) {
      const stream: Stream = { name: streamOf(feed, key), feed }
      return writeCursor(stream.name, await headNow(stream))
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
function isKept(cursor: number, { head, kept }: Head): boolean {
  return cursor === head || (cursor < head && kept)
}

// Apart, so that it holds on to nothing else: it lives as long as the listener.
function hearing<T extends z.ZodObject, Event, Store>(each: ListenOptions<Store, T, Event>['each'], shared: SharedStores<Store>) {
  return async (entry: SharedEntry) => {
    const event = await each(entry as Entry<z.output<T>>, () => shared.of(entry))
    shared.made(event, entry)
    return event
  }
}
