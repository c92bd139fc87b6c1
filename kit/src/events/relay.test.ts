import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemRandom } from '../ids.ts'
import {
  CounterRaised,
  counterEvent,
  countersTopic,
  openCounters,
  openLog,
  raise,
  silent,
  type CounterDatabase,
} from '../testing/fixture/counters.ts'
import { openPool } from '../store/pool.ts'
import type { EventLog } from './log.ts'
import { outboxDepth, trimOutbox } from './outbox.ts'
import { startRelay, type RelayOptions } from './relay.ts'

const { id } = systemRandom
const endings: (() => Promise<unknown>)[] = []
let database: CounterDatabase & { url: string }
let log: Awaited<ReturnType<typeof openLog>>

beforeEach(async () => {
  ;[database, log] = await Promise.all([openCounters(), openLog()])
  await log.ensureTopics([countersTopic])
})

afterEach(async () => {
  for (const end of endings.splice(0)) await end()
  await Promise.all([database.close(), log.close()])
})

function relay(options: Partial<RelayOptions> = {}) {
  const started = startRelay({ database, eventLog: log, log: silent, ...options })
  endings.push(started.stop)
  return started
}

async function read(url: string, sql: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql, values)).rows
  } finally {
    await client.end()
  }
}

const published = () =>
  read(
    log.url,
    `SELECT event ->> 'subject' AS subject, event -> 'aggregateversion' AS version FROM event_log.record ORDER BY partition, "offset"`,
  )
const breakConnections = () =>
  read(
    database.url,
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )

test('what is committed is published at once, what is rolled back never', async () => {
  relay()
  const one = id()
  await raise(database.store(), one)
  await expect(
    database.store().transaction(async (tx) => {
      await tx.outbox.add(CounterRaised, { id: id(), version: 1 }, { counterId: id(), version: 1 })
      throw new Error('no')
    }),
  ).rejects.toThrow('no')
  await raise(database.store(), one)
  await expect.poll(() => outboxDepth(database.pool)).toEqual({ rows: 0, oldestSeconds: 0 })
  expect(await published()).toEqual([
    { subject: one, version: 1 },
    { subject: one, version: 2 },
  ])
})

test('the depth of the outbox counts what waits, and for how long', async () => {
  await raise(database.store(), id())
  await raise(database.store(), id())
  await database.pool.query(`UPDATE stellr.outbox SET created_at = now() - interval '90 seconds' WHERE seq = 1`)
  const depth = await outboxDepth(database.pool)
  expect(depth.rows).toBe(2)
  expect(depth.oldestSeconds).toBeGreaterThanOrEqual(90)
})

test('events of an aggregate are published in the order of its changes, whoever made them', async () => {
  relay()
  const other = await openCounters({ url: database.url })
  const ids = Array.from({ length: 5 }, id)
  await Promise.all(Array.from({ length: 100 }, (_, index) => raise((index % 2 ? database : other).store(), ids[index % 5] ?? '')))
  await expect.poll(() => outboxDepth(database.pool)).toMatchObject({ rows: 0 })
  const events = await published()
  for (const one of ids) {
    expect(events.filter(({ subject }) => subject === one).map(({ version }) => version)).toEqual(
      Array.from({ length: 20 }, (_, index) => index + 1),
    )
  }
  await other.close()
})

test('two relays publish nothing twice', async () => {
  const appended: string[] = []
  const eventLog: EventLog = {
    ...log,
    async append(topic, events) {
      appended.push(...events.map((event) => event.id))
      await log.append(topic, events)
    },
  }
  const other = await openCounters({ url: database.url })
  relay({ eventLog, batch: 3 })
  relay({ eventLog, batch: 3, database: other })
  await Promise.all(Array.from({ length: 60 }, (_, index) => raise((index % 2 ? database : other).store(), id())))
  await expect.poll(() => outboxDepth(database.pool)).toMatchObject({ rows: 0 })
  expect(appended).toHaveLength(60)
  expect(new Set(appended).size).toBe(60)
  endings.push(other.close)
})

test('a commit of a process without a relay is published well before the next look', async () => {
  relay()
  const silentWriter = await openCounters({ url: database.url })
  const waits: number[] = []
  for (let version = 1; version <= 10; version += 1) {
    await raise(silentWriter.store(), id())
    const before = performance.now()
    await vi.waitUntil(async () => (await outboxDepth(database.pool)).rows === 0, { interval: 5, timeout: 10_000 })
    waits.push(performance.now() - before)
  }
  await silentWriter.close()
  expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(300)
})

test('a relay whose connection is cut after the append publishes again, and loses and doubles nothing', async () => {
  let cuts = 0
  const eventLog: EventLog = {
    ...log,
    async append(topic, events) {
      await log.append(topic, events)
      if (cuts < 3) {
        cuts += 1
        await breakConnections()
      }
    },
  }
  const one = id()
  for (let i = 0; i < 30; i += 1) await raise(database.store(), one)
  relay({ eventLog, batch: 10 })
  await expect.poll(() => outboxDepth(database.pool).catch(() => null)).toMatchObject({ rows: 0 })
  expect(cuts).toBe(3)
  expect((await published()).map(({ version }) => version)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1))
})

test('while the log is away events wait, and are all published when it is back', async () => {
  let away = true
  const eventLog: EventLog = {
    ...log,
    async append(topic, events) {
      if (away) throw new Error('the log is away')
      await log.append(topic, events)
    },
  }
  relay({ eventLog, batch: 7 })
  const one = id()
  for (let i = 0; i < 20; i += 1) await raise(database.store(), one)
  expect(await outboxDepth(database.pool)).toMatchObject({ rows: 20 })
  away = false
  await expect.poll(() => outboxDepth(database.pool)).toMatchObject({ rows: 0 })
  expect((await published()).map(({ version }) => version)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
})

test('a log that takes its time does not cost the relay its session, and with it the lock that keeps others from publishing the same', async () => {
  const pool = openPool({ name: 'counters', url: database.url, size: 2, idleInTransactionTimeoutMs: 200, log: silent })
  let appends = 0
  const eventLog: EventLog = {
    ...log,
    async append(topic, events) {
      appends += 1
      await new Promise((resolve) => setTimeout(resolve, 600))
      await log.append(topic, events)
    },
  }
  relay({ database: { ...database, pool }, eventLog, beatMs: 50 })
  endings.push(() => pool.end())
  await raise(database.store(), id())
  await expect.poll(() => outboxDepth(database.pool), { timeout: 10_000 }).toMatchObject({ rows: 0 })
  expect(appends).toBe(1)
})

test('a relay that is stopped finishes the batch in hand', async () => {
  const appending = Promise.withResolvers<void>()
  const gate = Promise.withResolvers<void>()
  const eventLog: EventLog = {
    ...log,
    async append(topic, events) {
      appending.resolve()
      await gate.promise
      await log.append(topic, events)
    },
  }
  const started = startRelay({ database, eventLog, log: silent })
  await raise(database.store(), id())
  await appending.promise
  const stopped = started.stop()
  gate.resolve()
  await stopped
  expect(await outboxDepth(database.pool)).toMatchObject({ rows: 0 })
})

test('published events leave the outbox after a while, a bite at a time, and unpublished ones never', async () => {
  for (let i = 0; i < 5; i += 1) await raise(database.store(), id())
  await database.pool.query(
    `UPDATE stellr.outbox SET published_at = now() - interval '2 hours', created_at = now() - interval '2 hours' WHERE seq <= 3`,
  )
  await database.pool.query(`UPDATE stellr.outbox SET published_at = now(), created_at = now() - interval '2 hours' WHERE seq = 4`)
  expect(await trimOutbox(database.pool, 3_600, 2)).toBe(2)
  expect(await trimOutbox(database.pool, 3_600, 2)).toBe(1)
  expect(await read(database.url, 'SELECT seq::int FROM stellr.outbox ORDER BY seq')).toEqual([{ seq: 4 }, { seq: 5 }])
})

test('whatever JSON can say passes from the outbox into the log unchanged', async () => {
  relay()
  const event = counterEvent(id(), 1, { data: { text: '\u2028 \\u0000 "' } })
  await database.pool.query(
    `INSERT INTO stellr.outbox (event_id, topic, aggregate_type, aggregate_id, aggregate_version, event) VALUES ($1, 'counters', 'counter', $2, 1, $3)`,
    [event.id, event.subject, event],
  )
  await expect.poll(() => read(log.url, 'SELECT event FROM event_log.record')).toEqual([{ event }])
})
