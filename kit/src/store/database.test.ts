import pg from 'pg'
import { afterEach, expect, test, vi } from 'vitest'
import { correlated } from '../log.ts'
import { systemRandom } from '../ids.ts'
import { countStatements } from '../testing/count-statements.ts'
import { CounterRaised, openCounters, raise, type CounterDatabase } from '../testing/fixture/counters.ts'
import { manualClock } from '../testing/manual-clock.ts'
import type { DatabaseOptions } from './database.ts'

const { id } = systemRandom
const open: CounterDatabase[] = []

afterEach(async () => {
  await Promise.all(open.splice(0).map((database) => database.close()))
})

async function counters(options: Parameters<typeof openCounters>[0] = {}) {
  const database = await openCounters(options)
  open.push(database)
  return database
}

// Without a relay in this process, others are notified of what was published a moment before.
const lookups = ({ text }: { text: string }) => text.includes('"counter"')

test('lookups of one tick are one statement, through Prisma and through batch alike', async () => {
  const database = await counters()
  const ids = [id(), id(), id()]
  for (const one of ids) await raise(database.store(), one)
  const store = database.store()
  const models = await countStatements(() => Promise.all(ids.map((one) => store.counter(one))))
  const batched = await countStatements(() => Promise.all([...ids, id()].map((one) => store.versionOf(one))))
  const select = { database: 'counters', text: expect.stringContaining('"counter"') }
  expect(models.statements.filter(lookups)).toEqual([select])
  expect(batched.statements.filter(lookups)).toEqual([select])
  expect(batched.result.map((row) => row?.version)).toEqual([1, 1, 1, undefined])
})

test('a store remembers what it has loaded, the next one starts afresh', async () => {
  const database = await counters()
  const one = id()
  await raise(database.store(), one)
  const store = database.store()
  await store.versionOf(one)
  expect((await countStatements(() => store.versionOf(one))).statements.filter(lookups)).toHaveLength(0)
  expect((await countStatements(() => database.store().versionOf(one))).statements.filter(lookups)).toHaveLength(1)
})

test('after a transaction a store forgets what it had loaded', async () => {
  const store = (await counters()).store()
  const one = id()
  await raise(store, one)
  expect((await store.versionOf(one))?.version).toBe(1)
  await raise(store, one)
  expect((await store.versionOf(one))?.version).toBe(2)
})

test('a transaction sees its own writes through its loaders, and nobody else does before it commits', async () => {
  const database = await counters()
  const one = id()
  await database.store().transaction(async (tx) => {
    await tx.raise(one)
    expect((await tx.versionOf(one))?.version).toBe(1)
    await tx.raise(one)
    expect((await tx.versionOf(one))?.version).toBe(2)
    expect((await database.pool.query('SELECT * FROM counter')).rows).toEqual([])
  })
  expect((await database.store().counter(one))?.version).toBe(2)
})

test('a failed transaction leaves nothing behind, neither row nor event', async () => {
  const database = await counters()
  const store = database.store()
  const one = id()
  const failing = store.transaction(async (tx) => {
    await tx.outbox.add(CounterRaised, await tx.raise(one), { counterId: one, version: 1 })
    throw new Error('changed my mind')
  })
  await expect(failing).rejects.toThrow('changed my mind')
  expect(await store.counter(one)).toBeNull()
  expect((await database.pool.query('SELECT * FROM stellr.outbox')).rows).toEqual([])
})

test('a transaction inside a transaction is the same one', async () => {
  const database = await counters()
  const store = database.store()
  const one = id()
  const nested = store.transaction(async (tx) => {
    await tx.raise(one)
    expect(await raise(store, one)).toBe(2)
    expect(await raise(database.store(), one)).toBe(3)
    throw new Error('all of it')
  })
  await expect(nested).rejects.toThrow('all of it')
  expect(await store.counter(one)).toBeNull()
})

test('transactions side by side are not joined', async () => {
  const database = await counters()
  const ids = Array.from({ length: 20 }, id)
  const results = await Promise.allSettled(
    ids.map((one, index) =>
      database.store().transaction(async (tx) => {
        await tx.raise(one)
        if (index % 2 === 1) throw new Error('odd')
      }),
    ),
  )
  expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(10)
  expect((await database.pool.query('SELECT * FROM counter')).rows).toHaveLength(10)
})

test('the outer store is refused inside a transaction, where it would starve the pool, and allowed after it', async () => {
  const database = await counters()
  const store = database.store()
  const one = id()
  const mixed = store.transaction(async (tx) => {
    await tx.raise(one)
    await store.counter(one)
  })
  await expect(mixed).rejects.toThrow('The outer store was used inside a transaction')
  expect(await store.counter(one)).toBeNull()
})

test('a read outside, in the same tick as a transaction, is not mistaken for one inside', async () => {
  const database = await counters()
  const store = database.store()
  const one = id()
  await raise(store, one)
  const inside = store.transaction(async (tx) => {
    for (let i = 0; i < 20; i += 1) await Promise.all([tx.counter(one), tx.versionOf(id())])
  })
  const outside = Array.from({ length: 20 }, async () => {
    for (let i = 0; i < 5; i += 1) await store.counter(one)
  })
  await expect(Promise.all([inside, ...outside])).resolves.toHaveLength(21)
})

test('ten transactions that open inner ones get by with a pool of two', async () => {
  const database = await counters({ poolSize: 2 })
  const store = database.store()
  const versions = await Promise.all(
    Array.from({ length: 10 }, () => store.transaction((tx) => tx.raise(id()).then((made) => raise(store, made.id)))),
  )
  expect(versions).toEqual(Array.from({ length: 10 }, () => 2))
})

test('an event carries who, what, when and why, as a CloudEvent', async () => {
  const clock = manualClock(new Date('2026-03-01T09:00:00.000Z'))
  const database = await counters({ clock })
  const one = id()
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  await correlated('request-7', () => raise(database.store(), one), trace)
  const { rows } = await database.pool.query('SELECT topic, aggregate_type, aggregate_id, aggregate_version, event FROM stellr.outbox')
  expect(rows).toEqual([
    {
      topic: 'counters',
      aggregate_type: 'counter',
      aggregate_id: one,
      aggregate_version: 1,
      event: {
        specversion: '1.0',
        id: expect.stringMatching(/^[0-9a-f-]{36}$/),
        type: 'counter.raised',
        source: '/stellr/counters',
        subject: one,
        time: '2026-03-01T09:00:00.000Z',
        datacontenttype: 'application/json',
        dataversion: 1,
        aggregateversion: 1,
        correlationid: 'request-7',
        traceparent: expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[\da-f]{16}-01$/),
        data: { counterId: one, version: 1 },
      },
    },
  ])
})

test('an event that nothing has caused says nothing of a cause', async () => {
  const database = await counters()
  await raise(database.store(), id())
  const { rows } = await database.pool.query(`SELECT event ?| array['correlationid', 'traceparent'] AS says FROM stellr.outbox`)
  expect(rows).toEqual([{ says: false }])
})

test('an event that breaks its contract is not published', async () => {
  const store = (await counters()).store()
  const wrong = store.transaction((tx) => tx.outbox.add(CounterRaised, { id: id(), version: 1 }, { counterId: 'no id', version: 1 }))
  await expect(wrong).rejects.toThrow('counterId')
})

test('an event of a topic that the domain does not declare is refused before it can hold up the relay', async () => {
  const one = { id: id(), version: 1 }
  const add = async (publishes: DatabaseOptions<object>['publishes']) =>
    (await counters({ publishes })).store().transaction((tx) => tx.outbox.add(CounterRaised, one, { counterId: one.id, version: 1 }))
  await expect(add([])).rejects.toThrow('counters does not declare that it publishes to counters')
  await expect(add([CounterRaised.topic])).resolves.toBeUndefined()
})

test('a second event for one version of an aggregate is refused and says why', async () => {
  const store = (await counters()).store()
  const one = { id: id(), version: 1 }
  const twice = store.transaction(async (tx) => {
    await tx.outbox.add(CounterRaised, one, { counterId: one.id, version: 1 })
    await tx.outbox.add(CounterRaised, one, { counterId: one.id, version: 1 })
  })
  await expect(twice).rejects.toThrow(`Two events for one version (counter ${one.id}, version 1`)
})

test('listeners hear of commits that published, and only of those', async () => {
  const database = await counters()
  const heard = vi.fn()
  const stop = database.onOutbox(heard)
  await database.store().transaction((tx) => tx.raise(id()))
  await database.store().transaction(async (tx) => {
    await tx.outbox.add(CounterRaised, { id: id(), version: 1 }, { counterId: id(), version: 1 })
    expect(heard).not.toHaveBeenCalled()
  })
  expect(heard).toHaveBeenCalledTimes(1)
  stop()
  await raise(database.store(), id())
  expect(heard).toHaveBeenCalledTimes(1)
})

test('when nobody here listens, others are notified after the commit', async () => {
  const database = await counters()
  const client = new pg.Client({ connectionString: database.url })
  await client.connect()
  const heard: string[] = []
  client.on('notification', ({ channel }) => heard.push(channel))
  await client.query('LISTEN stellr_outbox')
  await raise(database.store(), id())
  await expect.poll(() => heard).toEqual(['stellr_outbox'])
  await client.end()
})

test('statements are prepared once for each connection', async () => {
  const database = await counters({ poolSize: 1 })
  const store = database.store()
  for (let i = 0; i < 3; i += 1) await store.effects()
  const { rows } = await database.pool.query(
    `SELECT generic_plans + custom_plans AS runs FROM pg_prepared_statements WHERE statement LIKE '%"effect"%'`,
  )
  expect(rows).toEqual([{ runs: '3' }])
})

test('connections that break are replaced', async () => {
  const database = await counters()
  await Promise.all(Array.from({ length: 5 }, () => database.store().effects()))
  const admin = new pg.Client({ connectionString: database.url })
  await admin.connect()
  await admin.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
  await admin.end()
  await vi.waitFor(() => database.ping(), { timeout: 10_000 })
  await expect.poll(() => database.pool.totalCount).toBeLessThan(5)
  expect(await database.store().effects()).toEqual([])
})
