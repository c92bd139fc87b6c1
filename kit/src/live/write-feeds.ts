import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { RawClient } from '../store/store.ts'
import { streamOf, type Feed, type FeedWriter } from './feeds.ts'

/** Who writes to feeds, and which. */
export interface FeedSource {
  domain: string
  /** The feeds that it may write to; any, when it does not say. */
  feeds?: readonly Pick<Feed, 'name'>[] | undefined
  /** Names this process among those that listen. */
  listenerId: string
  clock: Clock
}

/** What a transaction has told. */
export interface Told {
  streams: readonly string[]
  /** Whether another process has listeners, to these streams or to others. */
  elsewhere: boolean
}

/** A writer that writes when told to, in one statement, what it was given so far. */
export interface PendingFeedWriter extends FeedWriter {
  flush(): Promise<void>
}

export function createFeedWriter(
  sql: RawClient,
  { domain, feeds, listenerId, clock }: FeedSource,
  added: (told: Told) => void,
): PendingFeedWriter {
  let pending: { stream: string; data: string; keepHours: number }[] = []
  return {
    async add(feed, key, data) {
      // Nothing would ever be taken out of it again.
      if (feeds && !feeds.some(({ name }) => name === feed.name)) throw new Error(`${domain} does not declare the feed ${feed.name}`)
      pending.push({ stream: streamOf(feed, key), data: JSON.stringify(z.encode(feed.data, data)), keepHours: feed.keepHours })
    },
    async flush() {
      if (pending.length === 0) return
      const rows = pending
      pending = []
      const [answer] = await sql.$queryRawUnsafe<{ elsewhere: boolean }[]>(
        insert,
        rows.map(({ stream }) => stream),
        rows.map(({ data }) => data),
        rows.map(({ keepHours }) => keepHours),
        clock.now(),
        listenerId,
      )
      added({ streams: [...new Set(rows.map(({ stream }) => stream))], elsewhere: answer?.elsewhere ?? false })
    },
  }
}

// Heads are locked until the transaction ends, so a stream's numbers are in commit order; and in one order, so that two
// transactions never wait for each other. A new head begins at the time in ms: a head that was forgotten and is made again
// never gives out a number twice. Within a stream, numbers have no gap.
const insert = `
  WITH added AS (
    SELECT * FROM unnest($1::text[], $2::jsonb[], $3::float8[]) WITH ORDINALITY AS added (stream, data, keep_hours, place)
  ), heads AS (
    INSERT INTO stellr.feed_head AS head (stream, seq)
    SELECT stream, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint + count(*) FROM added GROUP BY stream ORDER BY stream
    ON CONFLICT (stream) DO UPDATE SET seq = head.seq + (SELECT count(*) FROM added WHERE added.stream = head.stream)
    RETURNING stream, seq
  ), written AS (
    INSERT INTO stellr.feed (stream, seq, data, at, keep_until)
    SELECT stream, heads.seq + 1 - row_number() OVER (PARTITION BY stream ORDER BY place DESC), data, $4::timestamptz,
      clock_timestamp() + make_interval(secs => keep_hours * 3600)
    FROM added JOIN heads USING (stream)
  )
  SELECT EXISTS (SELECT FROM stellr.feed_listener WHERE until > now() AND id <> $5) AS elsewhere`
