import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemRandom } from '../ids.ts'
import { counterEvent, countersTopic, openLog } from '../testing/fixture/counters.ts'
import { eventLogContract } from './log.contract.ts'
import { compact, trim } from './postgres-log.ts'

type Log = Awaited<ReturnType<typeof openLog>>

const { id } = systemRandom
let log: Log
let admin: pg.Pool

eventLogContract<Log>(
  'the Postgres log',
  (beside) => openLog({ ...(beside && { url: beside.url }), claimTimeoutMs: 300, batchTimeoutMs: 1_500 }),
  async ({ url }) => {
    const killer = new pg.Client({ connectionString: url })
    await killer.connect()
    await killer.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
    )
    await killer.end()
  },
)

beforeEach(async () => {
  log = await openLog({ claimTimeoutMs: 300, batchTimeoutMs: 600 })
  admin = new pg.Pool({ connectionString: log.url, max: 2 })
})

afterEach(async () => {
  await Promise.all([log.close(), admin.end()])
})

test('appending the same event twice keeps it once, and no offset is left out', async () => {
  await log.ensureTopics([countersTopic])
  const one = id()
  const events = [counterEvent(one, 1), counterEvent(one, 2)]
  await log.append('counters', events)
  await Promise.all(Array.from({ length: 5 }, () => log.append('counters', [...events, counterEvent(one, 3)])))
  const { rows } = await admin.query(`SELECT "offset"::int, event -> 'aggregateversion' AS version FROM event_log.record ORDER BY "offset"`)
  expect(rows.map((row) => row.offset)).toEqual([0, 1, 2, 3, 4, 5, 6])
  expect(rows.map((row) => row.version)).toEqual([1, 2, 3, 3, 3, 3, 3])
  expect((await admin.query('SELECT sum(next_offset)::int AS total FROM event_log.partition')).rows).toEqual([{ total: 7 }])
})

test('a topic that was never ensured is refused by name', async () => {
  await expect(log.append('nowhere', [counterEvent(id(), 1)])).rejects.toThrow('No topic is called nowhere')
})

test('a living topic keeps its number of partitions', async () => {
  await log.ensureTopics([countersTopic])
  await log.ensureTopics([{ ...countersTopic, partitions: 9 }])
  expect((await admin.query('SELECT count(*)::int AS partitions FROM event_log.partition')).rows).toEqual([{ partitions: 4 }])
})

test('many can open a new log at once', async () => {
  await admin.query('DROP SCHEMA event_log CASCADE')
  const logs = await Promise.all(Array.from({ length: 8 }, () => openLog({ url: log.url })))
  await Promise.all(logs.map((each) => each.ensureTopics([countersTopic])))
  await Promise.all(logs.map((each) => each.close()))
  expect((await admin.query('SELECT count(*)::int AS topics FROM event_log.topic')).rows).toEqual([{ topics: 1 }])
})

test('a topic that a group no longer asks for does not count as lag', async () => {
  const others = { ...countersTopic, name: 'others' }
  const before = await log.subscribe('readers', [countersTopic, others], async () => {})
  await before.stop()
  await log.append('others', [counterEvent(id(), 1)])
  expect(await log.lag('readers')).toBe(1)
  await log.subscribe('readers', [countersTopic], async () => {})
  expect(await log.lag('readers')).toBe(0)
})

test('a member whose handler hangs loses the partition, and is told so', async () => {
  const lost = Promise.withResolvers<unknown>()
  const handled: number[] = []
  let hung = false
  await log.subscribe('readers', [countersTopic], async (records, signal) => {
    if (!hung) {
      hung = true
      signal.addEventListener('abort', () => lost.resolve(signal.reason))
      await new Promise(() => {})
    }
    handled.push(...records.map(({ event }) => event.aggregateversion))
  })
  await log.append('counters', [counterEvent(id(), 1)])
  expect(String(await lost.promise)).toMatch(/The partition was lost: the batch took longer than 600 ms/)
  await expect.poll(() => handled).toEqual([1])
})

test('a batch may take longer than a silent session may live', async () => {
  let batches = 0
  await log.subscribe('readers', [countersTopic], async () => {
    batches += 1
    await new Promise((resolve) => setTimeout(resolve, 450))
  })
  await log.append('counters', [counterEvent(id(), 1)])
  await expect.poll(() => log.lag('readers')).toBe(0)
  expect(batches).toBe(1)
})

test('a session that is frozen is ended by the server, and another member takes over', async () => {
  await log.ensureTopics([countersTopic])
  await log.append('counters', [counterEvent(id(), 1)])
  const read = vi.fn(async () => {})
  // What a stopped process leaves behind: a claim without a heartbeat.
  const frozen = new pg.Client({ connectionString: log.url, idle_in_transaction_session_timeout: 300 })
  frozen.on('error', () => {})
  await frozen.connect()
  const subscription = await log.subscribe('readers', [countersTopic], async () => {})
  await subscription.stop()
  await admin.query('UPDATE event_log.group_offset SET next_offset = 0')
  await frozen.query('BEGIN')
  await frozen.query('SELECT * FROM event_log.group_offset FOR UPDATE')
  await log.subscribe('readers', [countersTopic], read)
  expect(read).not.toHaveBeenCalled()
  await expect.poll(() => read.mock.calls.length).toBe(1)
})

test('an append elsewhere wakes a reader well before its next look', async () => {
  const elsewhere = await openLog({ url: log.url })
  const read = vi.fn(async () => {})
  await log.subscribe('readers', [countersTopic], read)
  const waits: number[] = []
  for (let version = 1; version <= 10; version += 1) {
    const before = performance.now()
    await elsewhere.append('counters', [counterEvent(id(), version)])
    await vi.waitUntil(() => read.mock.calls.length === version, { interval: 5, timeout: 10_000 })
    waits.push(performance.now() - before)
  }
  await elsewhere.close()
  expect(waits.toSorted((a, b) => a - b)[5]).toBeLessThan(300)
})

test('a reader goes on after every connection was broken', async () => {
  const read = vi.fn(async () => {})
  await log.subscribe('readers', [countersTopic], read)
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
  await vi.waitFor(() => log.append('counters', [counterEvent(id(), 1)]), { timeout: 10_000 })
  await expect.poll(() => read.mock.calls.length).toBe(1)
})

test('events older than their topic keeps are deleted, and a late group skips over them', async () => {
  await log.ensureTopics([countersTopic])
  const one = id()
  await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2), counterEvent(id(), 1)])
  await admin.query(`UPDATE event_log.record SET appended_at = now() - interval '8 days'`)
  await log.append('counters', [counterEvent(one, 3)])
  await trim(admin, 1)
  expect((await admin.query(`SELECT event -> 'aggregateversion' AS version FROM event_log.record`)).rows).toEqual([{ version: 3 }])
  const versions: number[] = []
  await log.subscribe('late', [countersTopic], async (records) => {
    versions.push(...records.map(({ event }) => event.aggregateversion))
  })
  await expect.poll(() => log.lag('late')).toBe(0)
  expect(versions).toEqual([3])
})

test('of a compacted topic the latest event of each aggregate is kept, however old', async () => {
  const states = { ...countersTopic, name: 'states', compacted: true }
  await log.ensureTopics([states])
  const [one, two] = [id(), id()]
  await log.append('states', [counterEvent(one, 1), counterEvent(two, 1), counterEvent(one, 2)])
  const kept = async () => {
    const { rows } = await admin.query(
      `SELECT event ->> 'subject' AS id, (event -> 'aggregateversion')::int AS version FROM event_log.record`,
    )
    return rows.map((row) => `${row.id} ${row.version}`).toSorted()
  }
  await compact(admin)
  expect(await kept()).toHaveLength(3)
  await admin.query(`UPDATE event_log.record SET appended_at = now() - interval '8 days'`)
  await trim(admin, 1)
  await compact(admin)
  expect(await kept()).toEqual([`${one} 2`, `${two} 1`].toSorted())
})

test('compacting may last longer than any other statement', async () => {
  await log.ensureTopics([{ ...countersTopic, compacted: true }])
  const one = id()
  await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2)])
  await admin.query(`UPDATE event_log.record SET appended_at = now() - interval '8 days'`)
  const hasty = new pg.Pool({ connectionString: log.url, max: 1, statement_timeout: 100, query_timeout: 100 })
  const holder = await admin.connect()
  await holder.query('BEGIN')
  await holder.query('SELECT FROM event_log.record FOR UPDATE')
  const compacting = compact(hasty).then(
    () => null,
    (error: unknown) => error,
  )
  const lasts = `SELECT FROM pg_stat_activity WHERE query LIKE 'DELETE FROM event_log.record%' AND query_start < clock_timestamp() - interval '300 ms'`
  await expect.poll(async () => (await admin.query(lasts)).rowCount).toBe(1)
  await holder.query('COMMIT')
  holder.release()
  expect(await compacting).toBe(null)
  expect((await admin.query('SELECT FROM event_log.record')).rowCount).toBe(1)
  await hasty.end()
})
