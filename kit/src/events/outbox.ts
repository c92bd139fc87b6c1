import type pg from 'pg'
import type { Clock } from '../clock.ts'
import type { Random } from '../ids.ts'
import { correlationId, traceparent } from '../log.ts'
import { uniqueViolation } from '../store/failures.ts'
import type { Outbox, RawClient } from '../store/store.ts'
import { aggregateType, type Envelope, type Topic } from './contracts.ts'

/** The channel on which a process without a relay says that it has published. */
export const OUTBOX_CHANNEL = 'stellr_outbox'

/** Where events come from, and what makes them. */
export interface OutboxSource {
  domain: string
  /** The topics that it may publish to; any, when it does not say. */
  publishes?: readonly Topic[] | undefined
  random: Random
  clock: Clock
}

/** An outbox whose events are written together, in one statement, by `flush` at the end of their transaction or savepoint. */
export interface PendingOutbox extends Outbox {
  flush(): Promise<void>
}

/** The outbox of one transaction: `sql` is its client, `added` is told when events were written. */
export function createOutbox(sql: RawClient, { domain, publishes, random, clock }: OutboxSource, added: () => void): PendingOutbox {
  let pending: Row[] = []
  return {
    async add(event, aggregate, data) {
      // A topic that nobody has created would hold up everything behind it in the relay.
      if (publishes && !publishes.some(({ name }) => name === event.topic.name)) {
        throw new Error(`${domain} does not declare that it publishes to ${event.topic.name}`)
      }
      const [correlation, trace] = [correlationId(), traceparent()]
      const envelope: Envelope = {
        specversion: '1.0',
        id: random.id(),
        type: event.type,
        source: `/stellr/${domain}`,
        subject: aggregate.id,
        time: clock.now().toISOString(),
        datacontenttype: 'application/json',
        dataversion: event.version,
        aggregateversion: aggregate.version,
        ...(correlation !== undefined && { correlationid: correlation }),
        ...(trace !== undefined && { traceparent: trace }),
        data: event.data.parse(data),
      }
      pending.push({ topic: event.topic.name, type: aggregateType(event.type), envelope })
    },
    async flush() {
      if (pending.length === 0) return
      const rows = pending
      pending = []
      try {
        await sql.$executeRawUnsafe(
          insert,
          rows.map(({ topic }) => topic),
          rows.map(({ type }) => type),
          rows.map(({ envelope }) => JSON.stringify(envelope)),
        )
      } catch (error) {
        if (uniqueViolation(error) !== 'outbox_aggregate_version_key') throw error
        const which = rows.map(({ type, envelope }) => `${type} ${envelope.subject}, version ${envelope.aggregateversion}`).join('; ')
        throw new Error(`Two events for one version (${which}): write the aggregate's row, raising its version, before each event`, {
          cause: error,
        })
      }
      added()
    },
  }
}

interface Row {
  topic: string
  type: string
  envelope: Envelope
}

/** How many events wait to be published, and for how long the oldest has. */
export async function outboxDepth(pool: pg.Pool): Promise<{ rows: number; oldestSeconds: number }> {
  const { rows } = await pool.query<{ rows: number; seconds: number }>(
    `SELECT count(*)::int AS rows, coalesce(extract(epoch FROM clock_timestamp() - min(created_at)), 0)::float8 AS seconds
     FROM stellr.outbox WHERE published_at IS NULL`,
  )
  const [depth] = rows
  return { rows: depth?.rows ?? 0, oldestSeconds: Math.max(0, depth?.seconds ?? 0) }
}

/** Deletes up to `limit` events that were published more than `keepSeconds` ago. Returns how many it deleted. */
export async function trimOutbox(pool: pg.Pool, keepSeconds: number, limit = 1_000): Promise<number> {
  const { rowCount } = await pool.query(
    `DELETE FROM stellr.outbox WHERE event_id IN (
       SELECT event_id FROM stellr.outbox WHERE published_at < now() - make_interval(secs => $1)
       ORDER BY published_at LIMIT $2 FOR UPDATE SKIP LOCKED)`,
    [keepSeconds, limit],
  )
  return rowCount ?? 0
}

// In the order in which they were added: seq tells the order of an aggregate's events.
const insert = `INSERT INTO stellr.outbox (event_id, topic, aggregate_type, aggregate_id, aggregate_version, event)
  SELECT (event ->> 'id')::uuid, topic, type, event ->> 'subject', (event ->> 'aggregateversion')::integer, event
  FROM unnest($1::text[], $2::text[], $3::jsonb[]) WITH ORDINALITY AS added (topic, type, event, place) ORDER BY place`
