import { hash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Logger } from '../log.ts'
import { connectionLike, openPool } from '../store/pool.ts'
import type { Envelope, Topic } from './contracts.ts'
import type { EventLog, Position } from './log.ts'
import { createNotifier, listen } from './notifier.ts'
import { readPositions, readTopic } from './postgres-log-read.ts'
import { compactSql, logSql, trimSql } from './postgres-log-sql.ts'
import { startMember, type Member, type MemberOptions } from './postgres-log-member.ts'

export interface PostgresLogOptions {
  /** A database of the log's own. */
  url: string
  log: Logger
  /** How many partitions one subscription works on at once. */
  concurrency?: number
  /** How many records a batch has at most. */
  batch?: number
  /** After how long a member that says nothing loses its partition. */
  claimTimeoutMs?: number
  /** After how long a member loses its partition whatever it says. */
  batchTimeoutMs?: number
}

/** The event log over PostgreSQL: topics, partitions, offsets and consumer groups as Kafka has them. Creates its own schema. */
export async function openPostgresLog(options: PostgresLogOptions): Promise<EventLog> {
  const { url, log, concurrency = 2, batch = 100, claimTimeoutMs = 10_000, batchTimeoutMs = 60_000 } = options
  // Claims hold a connection for as long as a batch takes: apart, so that appending never waits for a handler.
  const pool = openPool({ name: 'events', url, size: 4, log })
  const claims = openPool({ name: 'events', url, size: 16, waitMs: 15_000, idleInTransactionTimeoutMs: claimTimeoutMs, log })
  // Several statements in one message are one transaction.
  await pool.query(logSql)

  const partitionsOf = new Map<string, number>()
  const members = new Set<{ group: string; topics: ReadonlySet<string>; member: Member }>()
  const wake = (topic: string) => {
    for (const { topics, member } of members) if (topics.has(topic)) member.wake()
  }
  // Messages of this process come back to it: it has woken its own members by then.
  const self = randomUUID()
  const notifier = createNotifier(pool, CHANNEL, log)
  const ears = listen(pool, CHANNEL, log, (payload) => {
    const [from, topic] = payload.split(' ')
    if (from !== self && topic !== undefined) wake(topic)
  })
  const trimming = setInterval(() => {
    trim(pool).catch((error: unknown) => log.warn({ err: error }, 'old events could not be deleted'))
  }, TRIM_EVERY_MS)
  trimming.unref()
  const compacting = setInterval(() => {
    compact(pool).catch((error: unknown) => log.warn({ err: error }, 'topics could not be compacted'))
  }, COMPACT_EVERY_MS)
  compacting.unref()

  async function ensureTopics(topics: readonly Topic[]): Promise<void> {
    for (const topic of topics) {
      const { rows } = await pool.query<{ partitions: number }>(
        `WITH made AS (
           INSERT INTO event_log.topic (name, partitions, retention_days, compacted) VALUES ($1, $2, $3, $4)
           ON CONFLICT (name) DO UPDATE SET retention_days = excluded.retention_days, compacted = excluded.compacted
           RETURNING name, partitions
         ), parts AS (
           INSERT INTO event_log.partition (topic, partition) SELECT name, generate_series(0, partitions - 1) FROM made ON CONFLICT DO NOTHING
         )
         SELECT partitions FROM made`,
        [topic.name, topic.partitions, topic.retentionDays, topic.compacted ?? false],
      )
      const partitions = rows[0]?.partitions ?? topic.partitions
      if (partitions !== topic.partitions) {
        // An aggregate's events would lie in two partitions, in no order.
        log.warn({ topic: topic.name, partitions, wanted: topic.partitions }, 'a living topic keeps its number of partitions')
      }
      partitionsOf.set(topic.name, partitions)
    }
  }

  async function countPartitions(topic: string): Promise<number> {
    const known = partitionsOf.get(topic)
    if (known !== undefined) return known
    const { rows } = await pool.query<{ partitions: number }>('SELECT partitions FROM event_log.topic WHERE name = $1', [topic])
    const found = rows[0]?.partitions
    if (found === undefined) throw new Error(`No topic is called ${topic}: it must be ensured before it is appended to`)
    partitionsOf.set(topic, found)
    return found
  }

  async function positions(group: string): Promise<Position[]> {
    // A topic that the group has lost interest in would lag for ever.
    const wanted = [...members].filter((member) => member.group === group).flatMap(({ topics }) => [...topics])
    return readPositions(pool, group, wanted.length > 0 ? wanted : null)
  }

  return {
    ensureTopics,
    async append(topic, events) {
      if (events.length === 0) return
      const count = await countPartitions(topic)
      const partitions = events.map((event) => partitionOf(event, count))
      const values = [topic, partitions, events.map((event) => JSON.stringify(event))]
      await pool.query({ name: 'log_append', text: 'SELECT event_log.append($1, $2::int[], $3::jsonb[])', values })
      wake(topic)
      notifier.notify(`${self} ${topic}`)
    },
    async subscribe(group, topics, handler) {
      await ensureTopics(topics)
      const names = topics.map((topic) => topic.name)
      await pool.query(
        `INSERT INTO event_log.group_offset (group_name, topic, partition)
         SELECT $1, topic, partition FROM event_log.partition WHERE topic = ANY ($2) ON CONFLICT DO NOTHING`,
        [group, names],
      )
      const memberOptions: MemberOptions = {
        pool: claims,
        group,
        topics: names,
        handler,
        log,
        concurrency,
        batch,
        claimTimeoutMs,
        batchTimeoutMs,
      }
      const entry = { group, topics: new Set(names), member: startMember(memberOptions) }
      members.add(entry)
      return {
        async stop() {
          members.delete(entry)
          await entry.member.stop()
        },
      }
    },
    async lag(group) {
      return (await positions(group)).reduce((sum, { next, end }) => sum + Number(end - next), 0)
    },
    positions,
    read: (topic, from) => readTopic(pool, topic, from),
    async close() {
      clearInterval(trimming)
      clearInterval(compacting)
      await Promise.all([...members].map(({ member }) => member.stop()))
      await Promise.all([notifier.stop(), ears.stop()])
      await Promise.all([pool.end(), claims.end()])
    },
  }
}

/** Deletes events that their topics need not keep any longer. Like Kafka, it does not ask who has read them. */
export async function trim(pool: pg.Pool, bite = 1_000): Promise<void> {
  for (;;) {
    const { rowCount } = await pool.query(trimSql, [bite])
    if (!rowCount) return
  }
}

/** Deletes from compacted topics what a later event of the same aggregate has replaced. Reads those topics whole. */
export async function compact(pool: pg.Pool): Promise<void> {
  // Those of the pool stop waiting for an answer long before this has one.
  const client = connectionLike(pool)
  client.on('error', () => {})
  try {
    await client.connect()
    await client.query(`SET statement_timeout = '${MOST_COMPACTING_MINUTES}min'`)
    await client.query(compactSql)
  } finally {
    await client.end().catch(() => {})
  }
}

const CHANNEL = 'stellr_log'
const TRIM_EVERY_MS = 10 * 60_000
const MOST_COMPACTING_MINUTES = 30
const COMPACT_EVERY_MS = 6 * 3600_000

// The same aggregate always gets the same partition; which one is of no importance.
function partitionOf(event: Envelope, partitions: number): number {
  return Number.parseInt(hash('md5', event.subject).slice(0, 8), 16) % partitions
}
