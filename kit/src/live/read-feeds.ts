import type pg from 'pg'
import { z } from 'zod'
import { writeCursor } from './cursors.ts'
import type { Entry, Feed } from './feeds.ts'

/** An entry as listeners share it. */
export interface SharedEntry extends Omit<Entry<unknown>, 'data'> {
  seq: number
  /** Null where somebody only needed a place to begin. Understood once, when the first listener comes to it. */
  readonly data: unknown
}

/** A stream that is listened to. */
export interface Stream {
  name: string
  feed: Feed
}

/** What one statement reads of a stream at most. */
export const PAGE = 100

/** What stands in the streams after these places. */
export async function readAfter(pool: pg.Pool, places: readonly { stream: Stream; seq: number }[]): Promise<Map<string, SharedEntry[]>> {
  const names = places.map(({ stream }) => stream.name)
  const seqs = places.map(({ seq }) => seq)
  const { rows } = await pool.query<Row>({ name: 'feed_read', text: read, values: [names, seqs, PAGE] })
  const streams = new Map(places.map(({ stream }) => [stream.name, stream]))
  const entries = new Map<string, SharedEntry[]>()
  for (const [name, its] of Map.groupBy(rows, (row) => row.stream)) {
    const stream = streams.get(name)
    if (stream)
      entries.set(
        name,
        its.map((row) => toEntry(stream, row)),
      )
  }
  return entries
}

/**
 * Which streams have gone on after these places. The same statement says, every few seconds, that this process listens.
 */
export async function readMoved(pool: pg.Pool, listenerId: string, places: readonly { stream: Stream; seq: number }[]): Promise<string[]> {
  const { rows } = await pool.query<{ stream: string }>({
    name: 'feed_poll',
    text: poll,
    values: [places.map(({ stream }) => stream.name), places.map(({ seq }) => seq), listenerId],
  })
  return rows.map(({ stream }) => stream)
}

/** How far a stream has come. */
export interface Head {
  /** Its last number. */
  head: number
  /** Whether what came after the place asked about is there. */
  kept: boolean
  /** Whether that last number is kept for a good while yet. */
  lasting: boolean
}

/** The head of a stream, and what is there after `seq`; null for a stream that has told nothing yet. */
export async function look(pool: pg.Pool, { name, feed }: Stream, seq: number): Promise<Head | null> {
  const { rows } = await pool.query<Omit<Head, 'head'> & { head: string }>({
    name: 'feed_look',
    text: lookAt,
    values: [name, seq, feed.keepHours],
  })
  const [row] = rows
  return row ? { ...row, head: Number(row.head) } : null
}

export const headOf = 'SELECT seq FROM stellr.feed_head WHERE stream = $1'

interface Row {
  stream: string
  seq: string
  data: unknown
  at: Date
}

function toEntry({ name, feed }: Stream, row: Row): SharedEntry {
  const seq = Number(row.seq)
  return sharedEntry(
    seq,
    writeCursor(name, seq),
    row.at,
    row.data === null ? () => null : () => z.decode(feed.data, row.data as Record<string, unknown>),
  )
}

export function sharedEntry(seq: number, cursor: string, at: Date, understand: () => unknown): SharedEntry {
  let data: unknown
  return {
    seq,
    cursor,
    at,
    get data() {
      return data === undefined ? (data = understand()) : data
    },
  }
}

const read = `
  SELECT place.stream, entry.seq, entry.data, entry.at
  FROM unnest($1::text[], $2::bigint[]) AS place (stream, seq)
  CROSS JOIN LATERAL (
    SELECT seq, data, at FROM stellr.feed WHERE stream = place.stream AND seq > place.seq ORDER BY seq LIMIT $3) AS entry
  ORDER BY place.stream, entry.seq`

const poll = `
  WITH here AS (
    INSERT INTO stellr.feed_listener (id, until) SELECT $3, now() + interval '10 seconds'
    WHERE NOT EXISTS (SELECT FROM stellr.feed_listener WHERE id = $3 AND until > now() + interval '5 seconds')
    ON CONFLICT (id) DO UPDATE SET until = excluded.until)
  SELECT head.stream FROM unnest($1::text[], $2::bigint[]) AS place (stream, seq)
  JOIN stellr.feed_head AS head ON head.stream = place.stream AND head.seq > place.seq`

const lookAt = `
  SELECT seq AS head, EXISTS (SELECT FROM stellr.feed WHERE stream = $1 AND seq = $2::bigint + 1) AS kept,
    EXISTS (SELECT FROM stellr.feed WHERE stream = $1 AND seq = head.seq
      AND keep_until > now() + make_interval(secs => $3::float8 * 1800)) AS lasting
  FROM stellr.feed_head AS head WHERE stream = $1`

/** Gives a stream that has told nothing yet a place to begin, and one that was silent for long keeps its last place anew. */
export async function keepPlace(pool: pg.Pool, { name, feed }: Stream): Promise<void> {
  await pool.query(keep, [name, feed.keepHours])
}

const keep = `
  WITH head AS (
    INSERT INTO stellr.feed_head (stream, seq) VALUES ($1::text, floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint)
    ON CONFLICT DO NOTHING RETURNING seq
  ), begun AS (
    INSERT INTO stellr.feed (stream, seq, data, at, keep_until)
    SELECT $1::text, seq, 'null', now(), clock_timestamp() + make_interval(secs => $2::float8 * 3600) FROM head
  )
  UPDATE stellr.feed AS entry SET keep_until = clock_timestamp() + make_interval(secs => $2::float8 * 3600)
  FROM stellr.feed_head AS last WHERE last.stream = $1::text AND entry.stream = last.stream AND entry.seq = last.seq`
