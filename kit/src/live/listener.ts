import type pg from 'pg'
import { backoffMs } from '../events/waker.ts'
import { DomainError } from '../graphql/errors.ts'
import { isInfrastructureFailure } from '../store/failures.ts'
import { writeCursor } from './cursors.ts'
import { readAfter, type SharedEntry, type Stream } from './read-feeds.ts'
import type { Tails } from './tails.ts'

/** What happens in a stream, one by one. `return()` settles at once, and with it a `next()` that waits. */
export interface Listener<Event> extends AsyncIterableIterator<Event, undefined> {
  /** The cursor after which it began; undefined when it began with the present state. */
  readonly since: string | undefined
}

export interface OpenListener<Event> extends Listener<Event> {
  /** Ends it from this side: this is the last thing that whoever listens gets. */
  fail(reason: Error): void
}

export interface ListenerOptions<Event> {
  pool: pg.Pool
  tails: Tails
  stream: Stream
  /** The number that the stream had a moment ago. */
  head: number
  /** The place after which to begin. */
  place: number
  /** What to begin with instead: the present state, at its place. */
  opening: SharedEntry | null
  each(entry: SharedEntry): Event | Promise<Event>
  onEnd(listener: OpenListener<Event>): void
}

/**
 * Hears a stream from a place on, at its own pace: what the others hear too is taken from the shared tail, and whoever is
 * behind reads page by page. Numbers have no gap, so that an entry which does not follow tells of some that were lost.
 */
export function createListener<Event>(options: ListenerOptions<Event>): OpenListener<Event> {
  const { pool, tails, stream, head, opening, each, onEnd } = options
  const wake = () => void advance()
  const tail = tails.join(stream, head, wake)
  let place = opening ? opening.seq - 1 : options.place
  let page: SharedEntry[] = opening ? [opening] : []
  let asked: PromiseWithResolvers<IteratorResult<Event, undefined>> | undefined
  let busy = false
  let ended = false
  // What is to be said when it is asked for next.
  let failure: unknown

  // Between finding that there is nothing and letting go nothing may be awaited: a call in between would be lost.
  async function advance(): Promise<void> {
    if (busy) return
    busy = true
    try {
      while (asked && !ended) {
        const entry = page.shift() ?? tail.after(place)
        if (entry) await hear(entry)
        else if (tail.read > place) page = await whileAway(readPage)
        else return
      }
    } catch (error) {
      fail(error)
    } finally {
      busy = false
    }
  }

  async function hear(entry: SharedEntry): Promise<void> {
    if (entry.seq !== place + 1) throw lost()
    place = entry.seq
    if (entry.data === null) return
    const value = await whileAway(() => each(entry))
    asked?.resolve({ done: false, value })
    asked = undefined
  }

  async function readPage(): Promise<SharedEntry[]> {
    const entries = (await readAfter(pool, [{ stream, seq: place }])).get(stream.name) ?? []
    if (entries.length === 0) throw lost()
    return entries
  }

  // A database that is away is waited for: the place is known, and nothing is missed.
  async function whileAway<T>(work: () => T | Promise<T>): Promise<T> {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work()
      } catch (error) {
        if (ended || !isInfrastructureFailure(error)) throw error
        await new Promise((resolve) => setTimeout(resolve, backoffMs(failures)))
      }
    }
  }

  function fail(reason: unknown): void {
    if (ended) return
    if (asked) asked.reject(reason)
    else failure = reason
    end()
  }

  function end(): void {
    if (ended) return
    ended = true
    page = []
    asked = undefined
    tails.leave(tail, wake)
    onEnd(listener)
  }

  const listener: OpenListener<Event> = {
    since: opening ? undefined : writeCursor(stream.name, place),
    async next() {
      if (failure !== undefined) {
        const reason = failure
        failure = undefined
        throw reason
      }
      if (ended) return DONE
      asked ??= Promise.withResolvers()
      const { promise } = asked
      void advance()
      return promise
    },
    fail,
    async return() {
      failure = undefined
      const waiting = asked
      end()
      waiting?.resolve(DONE)
      return DONE
    },
    [Symbol.asyncIterator]: () => listener,
  }
  return listener
}

const DONE = { done: true, value: undefined } as const

function lost(): DomainError {
  return new DomainError('RESYNC_REQUIRED')
}
