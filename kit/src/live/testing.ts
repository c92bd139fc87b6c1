import { z } from 'zod'
import { silent, type CounterDatabase, type CounterStore } from '../testing/fixture/counters.ts'
import { openCounters } from '../testing/fixture/counters.ts'
import { atTheEnd } from '../testing/fixture/reader.ts'
import { defineFeed, type Entry, type ListenOptions } from './feeds.ts'
import type { Listener } from './listener.ts'
import { openFeeds, type Feeds } from './open-feeds.ts'

export const numbers = defineFeed('numbers', { keepHours: 1, data: z.object({ n: z.int(), by: z.string().optional() }) })

export type NumberEntry = Entry<z.output<typeof numbers.data>>

/** A process with feeds in a database; another process of the same one when `url` is given. */
export interface Process {
  database: CounterDatabase & { url: string }
  feeds: Feeds<CounterStore>
  /** Tells some streams something in one transaction. */
  tell(data: z.output<typeof numbers.data>, ...keys: string[]): Promise<void>
  /** Listens, and gives entries as they are. */
  hear(key: string, options?: Partial<ListenOptions<CounterStore, typeof numbers.data, NumberEntry>>): Promise<Listener<NumberEntry>>
}

export async function openProcess({ url, pollMs }: { url?: string; pollMs?: number } = {}): Promise<Process> {
  const database = await openCounters({ ...(url !== undefined && { url }) })
  atTheEnd(() => database.close())
  const feeds = openFeeds({ database, log: silent, ...(pollMs !== undefined && { pollMs }) })
  atTheEnd(() => feeds.stop())
  return {
    database,
    feeds,
    tell: (data, ...keys) =>
      database.store().transaction(async (tx) => {
        for (const key of keys) await tx.feed.add(numbers, key, data)
      }),
    hear: (key, options = {}) => feeds.listen(numbers, key, { each: (entry) => entry, ...options }),
  }
}

/** The next so many events. */
export async function take<Event>(listener: Listener<Event>, count: number, pauseMs?: (n: number) => number): Promise<Event[]> {
  const events: Event[] = []
  while (events.length < count) {
    const { done, value } = await listener.next()
    if (done) break
    events.push(value)
    const ms = pauseMs?.(events.length) ?? 0
    if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms))
  }
  return events
}

export const numbersOf = (entries: readonly NumberEntry[]): number[] => entries.map(({ data }) => data.n)

/** 1 to n. */
export const upTo = (n: number): number[] => Array.from({ length: n }, (_, index) => index + 1)
