import type pg from 'pg'
import type { RawClient } from '../store/store.ts'
import { lockLine } from './inbox.ts'
import { dropHead, type ParkedEvent, type ParkedState } from './parked.ts'

/** The head of a line, and how many wait behind it. */
export type WaitingHead = ParkedEvent & { behind: number }

/** Parked events, the oldest first. */
export async function listParked(
  pool: pg.Pool,
  { group, state, limit = 100 }: { group?: string | undefined; state?: ParkedState | undefined; limit?: number | undefined } = {},
): Promise<ParkedEvent[]> {
  const { rows } = await pool.query<ParkedEvent>(
    `SELECT ${columns} FROM stellr.parked p
     WHERE ($1::text IS NULL OR group_name = $1) AND ($2::text IS NULL OR state = $2) ORDER BY seq LIMIT $3`,
    [group ?? null, state ?? null, limit],
  )
  return rows
}

/** The heads of the group's lines, the oldest first. */
export async function listHeads(
  pool: pg.Pool,
  group: string,
  { state, limit = 100 }: { state?: Exclude<ParkedState, 'BEHIND'> | undefined; limit?: number | undefined } = {},
): Promise<WaitingHead[]> {
  const { rows } = await pool.query<WaitingHead>(
    `SELECT ${columns}, (
       SELECT count(*)::int FROM stellr.parked b
       WHERE b.group_name = p.group_name AND b.aggregate_type = p.aggregate_type AND b.aggregate_id = p.aggregate_id AND b.state = 'BEHIND'
     ) AS behind
     FROM stellr.parked p WHERE group_name = $1 AND state <> 'BEHIND' AND ($2::text IS NULL OR state = $2) ORDER BY seq LIMIT $3`,
    [group, state ?? null, limit],
  )
  return rows
}

/** One parked event, and how many others of its line are parked; null when there is none with this id. */
export async function findParked(pool: pg.Pool, id: string): Promise<WaitingHead | null> {
  const { rows } = await pool.query<WaitingHead>(
    `SELECT ${columns}, (
       SELECT count(*)::int FROM stellr.parked b
       WHERE b.group_name = p.group_name AND b.aggregate_type = p.aggregate_type AND b.aggregate_id = p.aggregate_id AND b.seq > p.seq
     ) AS behind
     FROM stellr.parked p WHERE id = $1`,
    [id],
  )
  return rows[0] ?? null
}

/**
 * Gives the head of a line, dead or not, its tries back: consumers handle it within a second, and then those behind it.
 * Returns it as it was; null when there is no such head, or nobody has tried it since it was replayed.
 */
export async function replay(sql: RawClient, id: string): Promise<ParkedEvent | null> {
  const head = await lockHead(sql, id)
  if (!head || isDueAgain(head)) return null
  await sql.$executeRawUnsafe(
    `UPDATE stellr.parked SET state = 'RETRYING', tries = 0, next_try_at = to_timestamp(0), updated_at = now() WHERE id = $1::uuid`,
    id,
  )
  return head
}

/** Gives up the head of a line for good; the one behind it is next. Returns it; null when there is no such head. */
export async function discard(sql: RawClient, id: string): Promise<ParkedEvent | null> {
  const head = await lockHead(sql, id)
  if (head) await dropHead(sql, id, head, new Date(0))
  return head
}

/** Whether a head has been replayed and not been tried since. */
export function isDueAgain({ state, tries, nextTryAt }: Pick<ParkedEvent, 'state' | 'tries' | 'nextTryAt'>): boolean {
  return state === 'RETRYING' && tries === 0 && nextTryAt?.getTime() === 0
}

// Without the lock of its line a retry that is under way would write over what is decided here, and an event could be put
// behind a head that is just going, and wait for ever.
async function lockHead(sql: RawClient, id: string): Promise<ParkedEvent | null> {
  const [found] = await sql.$queryRawUnsafe<ParkedEvent[]>(`SELECT ${columns} FROM stellr.parked p WHERE id = $1::uuid`, id)
  if (!found) return null
  await lockLine(sql, found)
  const [head] = await sql.$queryRawUnsafe<ParkedEvent[]>(
    `SELECT ${columns} FROM stellr.parked p WHERE id = $1::uuid AND state <> 'BEHIND'`,
    id,
  )
  return head ?? null
}

const columns = `id, group_name AS "group", topic, log_partition AS partition, log_offset::text AS offset, aggregate_type AS "aggregateType",
  aggregate_id AS "aggregateId", event, state, tries, waits, error, next_try_at AS "nextTryAt", created_at AS "createdAt", updated_at AS "updatedAt"`
