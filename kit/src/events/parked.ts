import type pg from 'pg'
import { describeFailure } from '../store/failures.ts'
import type { RawClient } from '../store/store.ts'
import type { Envelope } from './contracts.ts'
import type { Line } from './inbox.ts'

/** The head of a line is being retried or dead; those behind it wait. */
export type ParkedState = 'RETRYING' | 'BEHIND' | 'DEAD'

/** An event that could not be handled, or waits for one that could not. */
export interface ParkedEvent {
  id: string
  group: string
  topic: string
  aggregateType: string
  aggregateId: string
  event: Envelope
  state: ParkedState
  /** How often it has failed. */
  tries: number
  /** How often it has said that it came too early. */
  waits: number
  error: string | null
  nextTryAt: Date | null
  createdAt: Date
  updatedAt: Date
}

/** Parked events, the oldest first. */
export async function listParked(
  pool: pg.Pool,
  filter: { group?: string; state?: ParkedState; limit?: number } = {},
): Promise<ParkedEvent[]> {
  const { rows } = await pool.query<ParkedEvent>(
    `SELECT id, group_name AS "group", topic, aggregate_type AS "aggregateType", aggregate_id AS "aggregateId", event, state, tries, waits, error,
       next_try_at AS "nextTryAt", created_at AS "createdAt", updated_at AS "updatedAt"
     FROM stellr.parked WHERE ($1::text IS NULL OR group_name = $1) AND ($2::text IS NULL OR state = $2) ORDER BY seq LIMIT $3`,
    [filter.group ?? null, filter.state ?? null, filter.limit ?? 100],
  )
  return rows
}

/** How many events of the group are parked, in each state. */
export async function countParked(pool: pg.Pool, group: string): Promise<Record<ParkedState, number>> {
  const { rows } = await pool.query<{ state: ParkedState; count: number }>(
    'SELECT state, count(*)::int AS count FROM stellr.parked WHERE group_name = $1 GROUP BY state',
    [group],
  )
  const counts = { RETRYING: 0, BEHIND: 0, DEAD: 0 }
  for (const { state, count } of rows) counts[state] = count
  return counts
}

/**
 * Gives the head of a line, dead or not, its tries back: consumers handle it within a second, and then those behind it.
 * False when there is no such head, as after the first of two calls has had its effect.
 */
export async function replay(pool: pg.Pool, id: string): Promise<boolean> {
  const { rowCount } = await pool.query(
    `UPDATE stellr.parked SET state = 'RETRYING', tries = 0, next_try_at = to_timestamp(0), updated_at = now()
     WHERE id = $1 AND state IN ('RETRYING', 'DEAD')`,
    [id],
  )
  return rowCount === 1
}

/** Gives up the head of a line for good; the one behind it is next. False when there is no such head. */
export async function discard(pool: pg.Pool, id: string): Promise<boolean> {
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    // Without the lock, an event could be put behind a head that is just going, and wait for ever.
    const { rows } = await client.query<Line>(
      `SELECT group_name AS "group", aggregate_type AS "aggregateType", aggregate_id AS "aggregateId" FROM stellr.parked WHERE id = $1`,
      [id],
    )
    const [line] = rows
    if (line) await client.query('SELECT stellr.lock_line($1, $2, $3)', [line.group, line.aggregateType, line.aggregateId])
    const { rowCount } = await client.query(`DELETE FROM stellr.parked WHERE id = $1 AND state IN ('RETRYING', 'DEAD')`, [id])
    if (line && rowCount === 1) await client.query(promoteSql, [line.group, line.aggregateType, line.aggregateId, new Date(0)])
    await client.query('COMMIT')
    return rowCount === 1
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
  }
}

export interface Parking {
  id: string
  topic: string
  event: Envelope
  /** What went wrong; null for one that only waits behind another. */
  failure: { error: unknown; tries: number; waits: number; nextTryAt: Date } | null
}

/** Parks an event at the end of its line, whose lock the transaction must hold. */
export async function park(sql: RawClient, line: Line, { id, topic, event, failure }: Parking): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO stellr.parked (id, group_name, topic, aggregate_type, aggregate_id, event, state, tries, waits, error, next_try_at)
     VALUES ($1::uuid, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11::timestamptz)`,
    id,
    line.group,
    topic,
    line.aggregateType,
    line.aggregateId,
    JSON.stringify(event),
    failure ? 'RETRYING' : 'BEHIND',
    failure?.tries ?? 0,
    failure?.waits ?? 0,
    failure ? describe(failure.error) : null,
    failure?.nextTryAt ?? null,
  )
}

export type ParkedHead = Pick<ParkedEvent, 'event' | 'tries' | 'waits'>

/** Heads of the group that wait for their next try, the most urgent first. */
export async function nextTries(pool: pg.Pool, group: string, limit = 20): Promise<{ id: string; line: Line; at: Date }[]> {
  const { rows } = await pool.query<{ id: string; type: string; aggregate: string; at: Date }>(
    `SELECT id, aggregate_type AS type, aggregate_id AS aggregate, next_try_at AS at FROM stellr.parked
     WHERE group_name = $1 AND state = 'RETRYING' ORDER BY next_try_at LIMIT $2`,
    [group, limit],
  )
  return rows.map(({ id, type, aggregate, at }) => ({ id, line: { group, aggregateType: type, aggregateId: aggregate }, at }))
}

/** The head with this id if it is still to be tried by now. Its line must be locked. */
export async function dueHead(sql: RawClient, id: string, now: Date): Promise<ParkedHead | null> {
  const [head] = await sql.$queryRawUnsafe<ParkedHead[]>(
    `SELECT event, tries, waits FROM stellr.parked WHERE id = $1::uuid AND state = 'RETRYING' AND next_try_at <= $2::timestamptz`,
    id,
    now,
  )
  return head ?? null
}

/** Writes down one more failure of a head. */
export async function postpone(sql: RawClient, id: string, dead: boolean, failure: NonNullable<Parking['failure']>): Promise<void> {
  await sql.$executeRawUnsafe(
    `UPDATE stellr.parked SET state = $2, tries = $3, waits = $4, error = $5, next_try_at = $6::timestamptz, updated_at = now() WHERE id = $1::uuid`,
    id,
    dead ? 'DEAD' : 'RETRYING',
    failure.tries,
    failure.waits,
    describe(failure.error),
    dead ? null : failure.nextTryAt,
  )
}

/** Removes a head that has been handled. Returns the id of the one behind it, which is the head now and due at once. */
export async function dropHead(sql: RawClient, id: string, line: Line, now: Date): Promise<string | null> {
  await sql.$executeRawUnsafe('DELETE FROM stellr.parked WHERE id = $1::uuid', id)
  const [next] = await sql.$queryRawUnsafe<{ id: string }[]>(promoteSql, line.group, line.aggregateType, line.aggregateId, now)
  return next?.id ?? null
}

const promoteSql = `UPDATE stellr.parked SET state = 'RETRYING', next_try_at = $4::timestamptz, updated_at = now()
  WHERE seq = (SELECT min(seq) FROM stellr.parked WHERE group_name = $1 AND aggregate_type = $2 AND aggregate_id = $3) RETURNING id`

// Postgres text holds no NUL, and nobody reads more than a page.
function describe(error: unknown): string {
  return describeFailure(error).replaceAll('\0', '').slice(0, 2_000)
}
