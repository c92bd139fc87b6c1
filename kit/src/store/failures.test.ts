import pg from 'pg'
import { afterEach, expect, test } from 'vitest'
import { openCounters, type CounterDatabase } from '../testing/fixture/counters.ts'
import { systemRandom } from '../ids.ts'
import { freePort } from '../ports.ts'
import { isInfrastructureFailure, isTransactionCutShort, sqlState, uniqueViolation } from './failures.ts'

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

function failureOf(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => null,
    (error: unknown) => error,
  )
}

test('a unique violation is known by its index, from a model, from raw SQL, and from the driver', async () => {
  const database = await counters()
  const store = database.store()
  await store.create(id(), 'taken')
  const failures = await Promise.all([
    failureOf(store.create(id(), 'taken')),
    failureOf(store.createRaw(id(), 'taken')),
    failureOf(store.transaction((tx) => tx.create(id(), 'taken'))),
    failureOf(store.transaction((tx) => tx.createRaw(id(), 'taken'))),
    failureOf(database.pool.query('INSERT INTO counter (id, name) VALUES ($1, $2)', [id(), 'taken'])),
  ])
  expect(failures.map(uniqueViolation)).toEqual(Array.from({ length: 5 }, () => 'counter_name_key'))
  expect(failures.map(isInfrastructureFailure)).toEqual(Array.from({ length: 5 }, () => false))
})

test('nothing else is a unique violation', async () => {
  const store = (await counters()).store()
  const failures = [await failureOf(store.execute('SELECT nothing')), new Error('23505'), { code: 'P2002' }, null, 'x']
  expect(failures.map(uniqueViolation)).toEqual([null, null, null, null, null])
})

test('mistakes are not blamed on the infrastructure', async () => {
  const store = (await counters()).store()
  const failures = [
    await failureOf(store.execute('SELECT nothing')),
    await failureOf(store.execute('SELECT 1/0')),
    await failureOf(store.execute(`DO $$ BEGIN PERFORM set_config('statement_timeout', '20', true); PERFORM pg_sleep(1); END $$`)),
    new TypeError('x is undefined'),
  ]
  expect(failures.map((failure) => failure !== null && isInfrastructureFailure(failure))).toEqual([false, false, false, false])
})

test('a lost connection, a deadlock and a write conflict are infrastructure', async () => {
  const database = await counters()
  const store = database.store()
  const terminated = await failureOf(
    store.transaction(async (tx) => {
      await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())')
    }),
  )
  const later = await failureOf(
    store.transaction(async (tx) => {
      await failureOf(tx.execute('SELECT pg_terminate_backend(pg_backend_pid())'))
      await tx.effects()
    }),
  )
  const raised = (state: string) => failureOf(store.execute(`DO $$ BEGIN RAISE EXCEPTION 'x' USING errcode = '${state}'; END $$`))
  const failures = [terminated, later, await raised('40001'), await raised('40P01'), await raised('53100')]
  expect(failures.map(isInfrastructureFailure)).toEqual([true, true, true, true, true])
  expect(failures.map(sqlState)).toEqual(['57P01', undefined, '40001', '40P01', '53100'])
})

test('a database that does not answer, or has no connection free, is infrastructure', async () => {
  const away = await counters({ url: `postgresql://postgres@127.0.0.1:${await freePort()}/nowhere` })
  const busy = await counters({ waitMs: 1_000 })
  const held = await Promise.all(Array.from({ length: 5 }, () => busy.pool.connect()))
  const failures = [
    await failureOf(away.store().effects()),
    await failureOf(away.store().transaction((tx) => tx.effects())),
    await failureOf(away.ping()),
    await failureOf(busy.store().effects()),
    await failureOf(busy.store().transaction((tx) => tx.effects())),
  ]
  for (const client of held) client.release()
  expect(failures.map(isInfrastructureFailure)).toEqual([true, true, true, true, true])
  expect(failures.map(isTransactionCutShort)).toEqual([false, false, false, false, false])
})

test('a transaction that lasts too long is infrastructure, and known from one that could not begin', async () => {
  const store = (await counters({ transactionTimeoutMs: 50 })).store()
  const late = await failureOf(
    store.transaction(async (tx) => {
      await tx.execute('SELECT pg_sleep(0.1)')
      await tx.effects()
    }),
  )
  expect(late).toMatchObject({ code: 'P2028' })
  expect([isInfrastructureFailure(late), isTransactionCutShort(late)]).toEqual([true, true])
})

test('a session that sat idle in its transaction for too long is infrastructure', async () => {
  const { url } = await counters()
  const client = new pg.Client({ connectionString: url, idle_in_transaction_session_timeout: 20 })
  const ended = new Promise<unknown>((resolve) => client.once('error', resolve))
  await client.connect()
  await client.query('BEGIN')
  expect(isInfrastructureFailure(await ended)).toBe(true)
  await client.end()
})
