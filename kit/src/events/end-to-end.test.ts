import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { systemRandom } from '../ids.ts'
import { CounterRaised, openCounters, openLog, raise, silent, type CounterStore } from '../testing/fixture/counters.ts'
import { startConsumers } from './consume.ts'
import { on, type Consumer } from './consumers.ts'
import { listParked, replay } from './dead-letters.ts'
import { outboxDepth } from './outbox.ts'
import { startRelay } from './relay.ts'

const { id } = systemRandom
const endings: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

const note = on<typeof CounterRaised, CounterStore>(CounterRaised, (event, tx) => tx.note(event))

/** Two domains and a log, each with two replicas of everything. */
async function platform(consumer: Consumer<CounterStore> = note) {
  const [writer, reader, log] = await Promise.all([openCounters({ waitMs: 60_000 }), openCounters(), openLog()])
  const writers = [writer, await openCounters({ url: writer.url, waitMs: 60_000 })]
  const writerOf = (turn: number) => (writers[turn % 2] ?? writer).store()
  const readers = [reader, await openCounters({ url: reader.url })]
  const logs = [log, await openLog({ url: log.url, batch: 20 })]
  endings.push(async () => {
    await Promise.all([...writers, ...readers].map((database) => database.close()))
    await Promise.all(logs.map((each) => each.close()))
  })
  for (const [index, eventLog] of logs.entries()) {
    const database = readers[index] ?? reader
    const consumers = await startConsumers({ group: 'readers', consumers: [consumer], database, eventLog, log: silent })
    const relay = startRelay({ database: writers[index] ?? writer, eventLog, log: silent, batch: 50 })
    endings.push(async () => {
      await relay.stop()
      await consumers.stop()
    })
  }
  return {
    writerOf,
    reader,
    urls: [writer.url, reader.url, log.url],
    async settle() {
      await expect.poll(() => outboxDepth(writer.pool).catch(() => null), { timeout: 60_000 }).toMatchObject({ rows: 0 })
      await expect.poll(() => log.lag('readers').catch(() => null), { timeout: 60_000 }).toBe(0)
    },
    /** The versions that were taken in of each counter, in the order in which they had their effect. */
    async effects(): Promise<Map<string, number[]>> {
      const rows = await reader.store().effects()
      return new Map([...Map.groupBy(rows, (row) => row.counterId)].map(([one, found]) => [one, found.map((row) => row.version)]))
    },
  }
}

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1)
}

test(
  'a thousand writers at once on twenty aggregates: every event has one effect, in the order of its aggregate',
  { timeout: 120_000 },
  async () => {
    const { writerOf, settle, effects } = await platform()
    const ids = Array.from({ length: 20 }, id)
    await Promise.all(Array.from({ length: 1_000 }, (_, index) => raise(writerOf(index), ids[index % 20] ?? '')))
    await settle()
    const found = await effects()
    expect(found.size).toBe(20)
    for (const one of ids) expect(found.get(one)).toEqual(upTo(50))
  },
)

test(
  'connections are cut everywhere, again and again: nothing that was committed is lost, doubled or out of order',
  { timeout: 120_000 },
  async () => {
    const { writerOf, urls, settle, effects, reader } = await platform()
    const ids = Array.from({ length: 10 }, id)
    const acknowledged = new Map<string, number>()
    let writing = true
    const cutting = (async () => {
      for (let cut = 0; writing; cut += 1) await cutConnections(urls[cut % urls.length] ?? '')
    })()
    await Promise.all(
      ids.map(async (one, index) => {
        for (let i = 0; i < 30; i += 1) {
          const version = await raise(writerOf(index), one).catch(() => null)
          if (version !== null) acknowledged.set(one, version)
        }
      }),
    )
    writing = false
    await cutting
    await settle()
    const found = await effects()
    for (const one of ids) {
      const versions = found.get(one) ?? []
      // A commit whose answer was lost counts too: the row says how many there were.
      const committed = (await writerOf(0).counter(one))?.version ?? 0
      expect(committed).toBeGreaterThanOrEqual(acknowledged.get(one) ?? 0)
      expect(versions).toEqual(upTo(committed))
    }
    expect(await listParked(reader.pool)).toEqual([])
  },
)

test(
  'one poisoned aggregate in twenty is parked, the rest flows, and a replay after the repair completes it',
  { timeout: 60_000 },
  async () => {
    let broken = true
    const ids = Array.from({ length: 20 }, id)
    const [poisoned = ''] = ids
    const picky = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
      await tx.note(event)
      if (broken && event.subject === poisoned && event.data.version === 3) throw new Error('poison')
    })
    const { writerOf, reader, settle, effects } = await platform(picky)
    await Promise.all(ids.flatMap((one) => upTo(10).map((turn) => raise(writerOf(turn), one))))
    await settle()
    const before = await effects()
    expect(before.get(poisoned)).toEqual([1, 2])
    for (const one of ids.slice(1)) expect(before.get(one)).toEqual(upTo(10))
    const parked = await listParked(reader.pool)
    expect(parked.map(({ event }) => event.aggregateversion)).toEqual([3, 4, 5, 6, 7, 8, 9, 10])

    broken = false
    await reader.transact(({ sql }) => replay(sql, parked[0]?.id ?? ''))
    await expect.poll(() => listParked(reader.pool)).toEqual([])
    expect((await effects()).get(poisoned)).toEqual(upTo(10))
  },
)

async function cutConnections(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  await client.query(
    'SELECT pg_terminate_backend(pid), pg_sleep(0.02) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
}
