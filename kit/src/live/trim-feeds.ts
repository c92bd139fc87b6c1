import type pg from 'pg'
import type { Job } from '../events/jobs.ts'

const BITE = 1_000

/** Takes out of the feeds of a database what need not be kept any longer. */
export function trimFeedsJob(pool: pg.Pool): Job<object, unknown> {
  return {
    name: 'trim-feeds',
    everySeconds: 60,
    async run({ signal }) {
      while ((await trimFeeds(pool, BITE)) === BITE && !signal.aborted);
    },
  }
}

/** Takes out up to `limit` entries that need not be kept any longer. A stream's head goes with its last entry. */
export async function trimFeeds(pool: pg.Pool, limit = BITE): Promise<number> {
  const { rows } = await pool.query<{ trimmed: number }>(trim, [limit])
  return rows[0]?.trimmed ?? 0
}

/** About how many entries there are: as many as Postgres counted when it last looked through the table. */
export async function countEntries(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ rows: number }>(
    `SELECT greatest(0, reltuples)::float8 AS rows FROM pg_class WHERE oid = 'stellr.feed'::regclass`,
  )
  return rows[0]?.rows ?? 0
}

// It waits for nobody: a head that is locked is about to get an entry, and stays.
const trim = `
  WITH old AS (
    DELETE FROM stellr.feed WHERE (stream, seq) IN (
      SELECT stream, seq FROM stellr.feed WHERE keep_until < now() ORDER BY keep_until LIMIT $1 FOR UPDATE SKIP LOCKED)
    RETURNING stream, seq
  ), silent AS (
    SELECT head.stream FROM stellr.feed_head AS head JOIN old USING (stream, seq) FOR UPDATE OF head SKIP LOCKED
  ), forgotten AS (
    DELETE FROM stellr.feed_head WHERE stream IN (SELECT stream FROM silent)
  ), gone AS (
    DELETE FROM stellr.feed_listener WHERE until < now() - interval '1 minute'
  )
  SELECT count(*)::int AS trimmed FROM old`
