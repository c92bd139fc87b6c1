import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { systemClock } from '../clock.ts'
import { systemRandom } from '../ids.ts'
import { correlationId, traceparent } from '../log.ts'
import { openCounters, silent, type CounterDatabase, type CounterStore } from '../testing/fixture/counters.ts'
import type { Backstage } from '../subgraph.ts'
import { defineJob, type Job } from './jobs.ts'
import { startJobs } from './run-jobs.ts'

const endings: (() => Promise<unknown>)[] = []
let database: CounterDatabase & { url: string }

beforeEach(async () => {
  database = await openCounters()
  endings.push(() => database.close())
})

afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

function backstage(of: CounterDatabase = database): Backstage<CounterStore, null> {
  return { store: of.store(), services: null, clock: systemClock, random: systemRandom, log: silent, signal: new AbortController().signal }
}

function start(jobs: Job<CounterStore, null>[], of: CounterDatabase = database, log = silent) {
  const started = startJobs({ jobs, backstage: () => backstage(of), database: of, log })
  endings.push(started.stop)
  return started
}

test('a job runs at once and then again and again, each time with a store of its own', async () => {
  const stores = new Set<unknown>()
  start([defineJob({ name: 'tick', everySeconds: 0.02, run: async ({ store }) => void stores.add(store) })])
  await expect.poll(() => stores.size).toBeGreaterThan(3)
})

test('what one run of a job does has a correlation id and a trace of its own', async () => {
  const origins = new Set<unknown>()
  start([defineJob({ name: 'tick', everySeconds: 0.02, run: async () => void origins.add(`${correlationId()} ${traceparent()}`) })])
  await expect.poll(() => origins.size).toBeGreaterThan(2)
  for (const origin of origins) expect(origin).toMatch(/^[\da-f-]{36} 00-[\da-f]{32}-[\da-f]{16}-01$/)
})

test('a job that fails is reported and has its next turn, and others are not disturbed', async () => {
  const log = { ...silent, error: vi.fn() } as unknown as typeof silent
  const [bad, good] = [vi.fn(), vi.fn()]
  start(
    [
      defineJob({ name: 'bad', everySeconds: 0.02, run: async () => bad() ?? Promise.reject(new Error('no')) }),
      defineJob({ name: 'good', everySeconds: 0.02, run: async () => good() }),
    ],
    database,
    log,
  )
  await expect.poll(() => Math.min(bad.mock.calls.length, good.mock.calls.length)).toBeGreaterThan(2)
  expect(log.error).toHaveBeenCalledWith({ err: new Error('no'), job: 'bad' }, 'a job failed')
})

test('of two replicas one runs a job at a time', async () => {
  const other = await openCounters({ url: database.url })
  endings.push(() => other.close())
  let running = 0
  let most = 0
  const runs = [0, 0]
  const job = (replica: 0 | 1) =>
    defineJob<CounterStore, null>({
      name: 'alone',
      everySeconds: 0.01,
      async run({ store }) {
        running += 1
        most = Math.max(most, running)
        runs[replica] = (runs[replica] ?? 0) + 1
        await store.effects()
        running -= 1
      },
    })
  start([job(0)])
  start([job(1)], other)
  await expect.poll(() => Math.min(...runs)).toBeGreaterThan(3)
  expect(most).toBe(1)
})

test('however many jobs run at once, their locks take one connection', async () => {
  const small = await openCounters({ url: database.url, poolSize: 2 })
  endings.push(() => small.close())
  const jobs = Array.from({ length: 8 }, (_, index) =>
    defineJob<CounterStore, null>({
      name: `job ${index}`,
      everySeconds: 3_600,
      async run({ store }) {
        await store.transaction((tx) => tx.note({ id: systemRandom.id(), subject: systemRandom.id(), aggregateversion: index } as never))
      },
    }),
  )
  start(jobs, small)
  await expect.poll(async () => (await database.store().effects()).length).toBe(8)
  await expect.poll(() => small.pool.idleCount).toBe(small.pool.totalCount)
})

test('stopping waits for the job in hand and starts no other', async () => {
  const gate = Promise.withResolvers<void>()
  let state = 'waiting'
  const { stop } = start([
    defineJob({
      name: 'slow',
      everySeconds: 0.001,
      async run() {
        state = 'begun'
        await gate.promise
        state = 'done'
      },
    }),
  ])
  await expect.poll(() => state).toBe('begun')
  const stopped = stop()
  gate.resolve()
  await stopped
  expect(state).toBe('done')
})

test('jobs go on after their connection was cut', async () => {
  const runs = vi.fn()
  start([
    defineJob({
      name: 'tough',
      everySeconds: 0.02,
      async run() {
        runs()
        if (runs.mock.calls.length === 1) await cut()
      },
    }),
  ])
  await expect.poll(() => runs.mock.calls.length).toBeGreaterThan(2)
})

async function cut(): Promise<void> {
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
  )
  await client.end()
}
