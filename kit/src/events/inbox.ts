import type pg from 'pg'
import type { RawClient } from '../store/store.ts'
import { aggregateType, type Envelope } from './contracts.ts'

/** Whose events must stay in order: one aggregate's, as seen by one consumer group. */
export interface Line {
  group: string
  aggregateType: string
  aggregateId: string
}

export function lineOf(group: string, event: Pick<Envelope, 'type' | 'subject'>): Line {
  return { group, aggregateType: aggregateType(event.type), aggregateId: event.subject }
}

/** Lets one transaction at a time work on a line, until it ends. */
export async function lockLine(sql: RawClient, line: Line): Promise<void> {
  await sql.$executeRawUnsafe('SELECT stellr.lock_line($1, $2, $3)', line.group, line.aggregateType, line.aggregateId)
}

/**
 * Locks an event's line and takes the event in: `known` if it had been already, `behind` if an earlier event of its line
 * is parked.
 */
export async function takeIn(sql: RawClient, line: Line, event: Envelope, keepUntil: Date): Promise<'new' | 'known' | 'behind'> {
  const [row] = await sql.$queryRawUnsafe<{ place: 'new' | 'known' | 'behind' }[]>(
    'SELECT stellr.take_in($1, $2, $3, $4::uuid, $5::timestamptz) AS place',
    line.group,
    line.aggregateType,
    line.aggregateId,
    event.id,
    keepUntil,
  )
  return row?.place ?? 'known'
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
