import { listen } from '../events/notifier.ts'
import { backoffMs, createWaker } from '../events/waker.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import { PAGE, readAfter, readMoved, type SharedEntry, type Stream } from './read-feeds.ts'
import { FEED_CHANNEL, wokenStream } from './wake-up.ts'

/** The end of a stream, read once for all who listen to it in this process. */
export interface Tail {
  readonly stream: Stream
  /** The number up to which it is read. */
  readonly read: number
  /** The entry after this place, as long as it is at hand. */
  after(seq: number): SharedEntry | undefined
}

export interface Tails {
  /** Joins those who listen to a stream; `head` is the number that it had a moment ago. `wake` is called when it goes on. */
  join(stream: Stream, head: number, wake: () => void): Tail
  leave(tail: Tail, wake: () => void): void
  stop(): Promise<void>
}

export interface TailsOptions {
  database: Pick<Database<object>, 'pool' | 'listenerId' | 'onTold'>
  log: Logger
  /** How often to look whether a wake-up call was missed. */
  pollMs?: number
}

/**
 * Follows streams for as long as somebody listens. Commits of this process and NOTIFYs of others say which ones have gone on;
 * those are read by one statement together. Once a second, one statement finds what no call was heard of.
 */
export function followTails({ database, log, pollMs = 1_000 }: TailsOptions): Tails {
  const { pool, listenerId } = database
  const tails = new Map<string, OpenTail>()
  const moved = new Set<OpenTail>()
  const waker = createWaker()
  let ears: { stop(): Promise<void> } | undefined
  let polledAt = 0

  const wakeUpFor = (names: readonly string[]) => {
    for (const name of names) {
      const tail = tails.get(name)
      if (tail) moved.add(tail)
    }
    if (moved.size > 0) waker.wake()
  }

  // One loop of its own, so that what it reads is not taken for a part of the request that woke it.
  async function run(): Promise<void> {
    let failures = 0
    while (!waker.stopped) {
      try {
        if (tails.size > 0 && Date.now() - polledAt >= pollMs) await poll()
        if (moved.size > 0) await readMovedTails()
        failures = 0
        // With nobody listening there is nothing to look for: whoever joins wakes this.
        if (moved.size === 0) await waker.sleep(tails.size === 0 ? pollMs : Math.max(1, polledAt + pollMs - Date.now()))
      } catch (error) {
        failures += 1
        log.warn({ err: error, failures }, 'feeds cannot be read; trying again')
        await waker.pause(backoffMs(failures))
      }
    }
  }

  async function poll(): Promise<void> {
    polledAt = Date.now()
    ears ??= listen(pool, FEED_CHANNEL, log, (message) => {
      const stream = wokenStream(listenerId, message)
      if (stream !== null) wakeUpFor([stream])
    })
    const places = [...tails.values()].map(({ stream, read }) => ({ stream, seq: read }))
    wakeUpFor(await readMoved(pool, listenerId, places))
    for (const tail of tails.values()) tail.forget()
  }

  async function readMovedTails(): Promise<void> {
    const batch = [...moved].slice(0, MOST_AT_ONCE)
    for (const tail of batch) moved.delete(tail)
    const followed = batch.filter((tail) => tails.get(tail.stream.name) === tail)
    if (followed.length === 0) return
    try {
      const entries = await readAfter(
        pool,
        followed.map(({ stream, read }) => ({ stream, seq: read })),
      )
      for (const tail of followed) {
        const its = entries.get(tail.stream.name) ?? []
        if (its.length > 0) tail.take(its)
        if (its.length === PAGE) moved.add(tail)
      }
    } catch (error) {
      for (const tail of followed) moved.add(tail)
      throw error
    }
  }

  const running = run()
  const unsubscribe = database.onTold(wakeUpFor)
  return {
    join(stream, head, wake) {
      let tail = tails.get(stream.name)
      if (!tail) {
        tail = openTail(stream, head)
        tails.set(stream.name, tail)
        // Whatever was committed since the head was looked at, woke nobody.
        moved.add(tail)
        waker.wake()
      }
      tail.wakes.add(wake)
      return tail
    },
    leave({ stream }, wake) {
      const tail = tails.get(stream.name)
      tail?.wakes.delete(wake)
      if (tail?.wakes.size === 0) tails.delete(stream.name)
    },
    async stop() {
      unsubscribe()
      waker.stop()
      await Promise.all([running, ears?.stop()])
    },
  }
}

// Streams in one statement, and entries of one stream in memory.
const MOST_AT_ONCE = 500
const MOST_RECENT = 200
// Whoever has not taken an entry by then reads it by themselves.
const KEEP_RECENT_MS = 2_000

interface OpenTail extends Tail {
  wakes: Set<() => void>
  take(entries: readonly SharedEntry[]): void
  /** Lets go of entries that have been at hand for long. */
  forget(): void
}

function openTail(stream: Stream, head: number): OpenTail {
  let recent: SharedEntry[] = []
  let read = head
  let readAt = 0
  return {
    stream,
    wakes: new Set(),
    get read() {
      return read
    },
    after(seq) {
      const [first] = recent
      return first && recent[seq + 1 - first.seq]
    },
    take(entries) {
      // Where something is missing, each listener finds out whether they have missed it.
      const follows = entries[0]?.seq === read + 1
      recent = [...(follows ? recent : []), ...entries].slice(-MOST_RECENT)
      read = recent.at(-1)?.seq ?? read
      readAt = Date.now()
      for (const wake of this.wakes) wake()
    },
    forget() {
      if (recent.length === 0 || Date.now() - readAt <= KEEP_RECENT_MS) return
      recent = []
    },
  }
}
