import type pg from 'pg'
import type { RawClient } from '../store/store.ts'
import { aggregateType, type Envelope } from './contracts.ts'

/** Whose events must stay in order: one aggregate's, as seen by one consumer group. */
export interface Line {
  group: string
  aggregateType: string
  aggregateId: string
}

export function lineOf(group: string, event: Envelope): Line {
  return { group, aggregateType: aggregateType(event.type), aggregateId: event.subject }
}

/** Lets one transaction at a time work on a line, until it ends. */
export async function lockLine(sql: RawClient, { group, aggregateType: type, aggregateId }: Line): Promise<void> {
  await sql.$executeRawUnsafe(lockLineSql, lineKey(group, type, aggregateId))
}

/** The statement behind lockLine, and its one parameter. */
export const lockLineSql = 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))'

export function lineKey(group: string, type: string, id: string): string {
  return `stellr line ${group} ${type} ${id}`
}

/**
 * Takes an event in, under the lock of its line: `known` if it had been already, `behind` if an earlier event of its line
 * is parked.
 */
export async function takeIn(sql: RawClient, line: Line, event: Envelope, keepUntil: Date): Promise<'new' | 'known' | 'behind'> {
  const [row] = await sql.$queryRawUnsafe<{ fresh: boolean; behind: boolean }[]>(
    `WITH added AS (
       INSERT INTO stellr.inbox (group_name, event_id, keep_until) VALUES ($1, $2::uuid, $3::timestamptz) ON CONFLICT DO NOTHING RETURNING 1
     )
     SELECT EXISTS (SELECT FROM added) AS fresh,
       EXISTS (SELECT FROM stellr.parked WHERE group_name = $1 AND aggregate_type = $4 AND aggregate_id = $5) AS behind`,
    line.group,
    event.id,
    keepUntil,
    line.aggregateType,
    line.aggregateId,
  )
  if (!row?.fresh) return 'known'
  return row.behind ? 'behind' : 'new'
}

/** Forgets up to `limit` events that the log cannot deliver again. */
export async function trimInbox(pool: pg.Pool, now: Date, limit = 1_000): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM stellr.inbox WHERE (group_name, event_id) IN (
       SELECT group_name, event_id FROM stellr.inbox WHERE keep_until < $1 ORDER BY keep_until LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [now, limit],
  )
  return rowCount ?? 0
}
