import type pg from 'pg'
import type { Envelope } from './contracts.ts'
import type { LogRecord, Position } from './log.ts'

/** Reads a topic as it is now, page by page; no connection is held between two pages. See EventLog.read. */
export async function* readTopic(pool: pg.Pool, topic: string, from?: Date): AsyncGenerator<LogRecord> {
  const { rows: partitions } = await pool.query<{ partition: number; end: string }>(
    'SELECT partition, next_offset AS end FROM event_log.partition WHERE topic = $1 ORDER BY partition',
    [topic],
  )
  if (partitions.length === 0) throw new Error(`No topic is called ${topic}`)
  for (const { partition, end } of partitions) {
    let next: string | undefined = from ? await firstSince(pool, topic, partition, end, from) : '0'
    while (next !== undefined) {
      const values: unknown[] = [topic, partition, next, end, PAGE]
      const { rows }: { rows: Row[] } = await pool.query<Row>({ name: 'log_read', text: pageSql, values })
      for (const { offset, event } of rows) yield { topic, partition, offset: BigInt(offset), event }
      const last = rows.length === PAGE ? rows.at(-1) : undefined
      next = last && String(BigInt(last.offset) + 1n)
    }
  }
}

/** Where a group stands in these topics, or in all that it ever asked for. See EventLog.positions. */
export async function readPositions(pool: pg.Pool, group: string, topics: readonly string[] | null): Promise<Position[]> {
  const { rows } = await pool.query<{ topic: string; partition: number; next: string; end: string }>(positionsSql, [group, topics])
  return rows.map(({ next, end, ...where }) => ({ ...where, next: BigInt(next), end: BigInt(end) }))
}

// Offsets are given out in the order of time, so halving finds the first one without an index and without reading the rest.
async function firstSince(pool: pg.Pool, topic: string, partition: number, end: string, from: Date): Promise<string> {
  let low = 0n
  let high = BigInt(end)
  while (low < high) {
    const middle = (low + high) / 2n
    const { rows } = await pool.query<{ offset: string; early: boolean }>({
      name: 'log_since',
      text: sinceSql,
      values: [topic, partition, String(middle), String(high), from],
    })
    const [found] = rows
    if (found?.early) low = BigInt(found.offset) + 1n
    else high = middle
  }
  return String(low)
}

interface Row {
  offset: string
  event: Envelope
}

const PAGE = 200

const pageSql = `SELECT "offset", event FROM event_log.record
WHERE topic = $1 AND partition = $2 AND "offset" >= $3 AND "offset" < $4 ORDER BY "offset" LIMIT $5`

const sinceSql = `SELECT "offset", appended_at < $5 AS early FROM event_log.record
WHERE topic = $1 AND partition = $2 AND "offset" >= $3 AND "offset" < $4 ORDER BY "offset" LIMIT 1`

const positionsSql = `SELECT g.topic, g.partition, g.next_offset AS next, p.next_offset AS end
FROM event_log.group_offset g JOIN event_log.partition p USING (topic, partition)
WHERE g.group_name = $1 AND ($2::text[] IS NULL OR g.topic = ANY ($2)) ORDER BY g.topic, g.partition`
