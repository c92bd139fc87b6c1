import type pg from 'pg'
import { describeFailure } from '../store/failures.ts'
import type { RawClient } from '../store/store.ts'
import type { Envelope } from './contracts.ts'
import type { Line } from './inbox.ts'
import type { LogRecord } from './log.ts'

/** The head of a line is being retried or dead; those behind it wait. */
export type ParkedState = 'RETRYING' | 'BEHIND' | 'DEAD'

/** An event that could not be handled, or waits for one that could not. */
export interface ParkedEvent {
  id: string
  group: string
  topic: string
  /** Where the log held it; null for one that was parked by a release that did not write it down. */
  partition: number | null
  offset: string | null
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

export interface Parking {
  id: string
  record: LogRecord
  /** What went wrong; null for one that only waits behind another. */
  failure: { error: unknown; tries: number; waits: number; nextTryAt: Date } | null
}

/** Parks an event at the end of its line, whose lock the transaction must hold. */
export async function park(sql: RawClient, line: Line, { id, record, failure }: Parking): Promise<void> {
  await sql.$executeRawUnsafe(
    `INSERT INTO stellr.parked (id, group_name, topic, aggregate_type, aggregate_id, event, state, tries, waits, error, next_try_at,
       log_partition, log_offset)
     VALUES ($1::uuid, $2, $3, $4, $5, $6::jsonb, $7, $8, $9, $10, $11::timestamptz, $12::integer, $13::bigint)`,
    id,
    line.group,
    record.topic,
    line.aggregateType,
    line.aggregateId,
    JSON.stringify(record.event),
    failure ? 'RETRYING' : 'BEHIND',
    failure?.tries ?? 0,
    failure?.waits ?? 0,
    failure ? describe(failure.error) : null,
    failure?.nextTryAt ?? null,
    record.partition,
    record.offset,
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

/** Removes the head of a locked line. Returns the id of the one behind it, which is the head now and due at once. */
export async function dropHead(sql: RawClient, id: string, line: Line, now: Date): Promise<string | null> {
  await sql.$executeRawUnsafe('DELETE FROM stellr.parked WHERE id = $1::uuid', id)
  const [next] = await sql.$queryRawUnsafe<{ id: string }[]>(
    `UPDATE stellr.parked SET state = 'RETRYING', next_try_at = $4::timestamptz, updated_at = now()
     WHERE seq = (SELECT min(seq) FROM stellr.parked WHERE group_name = $1 AND aggregate_type = $2 AND aggregate_id = $3) RETURNING id`,
    line.group,
    line.aggregateType,
    line.aggregateId,
    now,
  )
  return next?.id ?? null
}

// Postgres text holds no NUL, and nobody reads more than a page.
function describe(error: unknown): string {
  return describeFailure(error).replaceAll('\0', '').slice(0, 2_000)
}
