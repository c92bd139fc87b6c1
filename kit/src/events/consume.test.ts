import { expect, test, vi } from 'vitest'
import { z } from 'zod'
import { systemRandom } from '../ids.ts'
import { correlationId, traceparent } from '../log.ts'
import { counterEvent, countersTopic, openCounters } from '../testing/fixture/counters.ts'
import { atTheEnd, note, onRaised, startReader } from '../testing/fixture/reader.ts'
import { defineEvent } from './contracts.ts'
import { trimInbox } from './inbox.ts'

const { id } = systemRandom
const CounterDropped = defineEvent('counter.dropped', 1, countersTopic, z.looseObject({}))

test('an event has its effect, and its handler hears what caused it', async () => {
  const { consume, publish, settle, effects } = await startReader()
  const heard: unknown[] = []
  const handled = vi.fn()
  const listen = onRaised(async (event, tx) => {
    heard.push(correlationId(), event.data.version)
    await tx.note(event)
  })
  await consume([listen], { onHandled: handled })
  const event = counterEvent(id(), 1, { correlationid: 'request-9' })
  await publish(event)
  await settle()
  expect(heard).toEqual(['request-9', 1])
  expect(await effects()).toEqual([1])
  expect(handled).toHaveBeenCalledExactlyOnceWith(event)
})

test('a handler works on in the trace of the event, in a span of its own, and what it publishes belongs there too', async () => {
  const { database, consume, publish, settle } = await startReader()
  const heard: unknown[] = []
  const pass = onRaised(async (event, tx) => {
    heard.push(traceparent())
    await tx.outbox.add(CounterDropped, { id: event.subject, version: event.aggregateversion }, {})
  })
  await consume([pass])
  await publish(counterEvent(id(), 1, { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }))
  await settle()
  const { rows } = await database.pool.query(`SELECT event ->> 'traceparent' AS trace FROM stellr.outbox`)
  expect(rows).toEqual([{ trace: heard[0] }])
  expect(heard).toEqual([expect.stringMatching(/^00-4bf92f3577b34da6a3ce929d0e0e4736-(?!00f067aa0ba902b7)[\da-f]{16}-01$/)])
})

test('an event that is delivered again has no second effect', async () => {
  const { consume, publish, settle, effects, rewind } = await startReader()
  const handled = vi.fn()
  await consume([note], { onHandled: handled })
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2))
  await settle()
  await rewind()
  await publish(counterEvent(one, 3))
  await settle()
  expect(await effects()).toEqual([1, 2, 3])
  expect(handled).toHaveBeenCalledTimes(3)
})

test('two replicas that get the same events at once have one effect', async () => {
  const { database, log, consume, publish, settle, effects } = await startReader()
  const event = counterEvent(id(), 1)
  const twin = { ...log, subscribe: (...args: Parameters<typeof log.subscribe>) => log.subscribe(`${args[0]} twin`, args[1], args[2]) }
  const other = await openCounters({ url: database.url })
  atTheEnd(other.close)
  await consume()
  await consume([note], { database: other, eventLog: twin })
  await publish(event, ...Array.from({ length: 50 }, () => counterEvent(id(), 1)))
  await settle()
  await settle('readers twin')
  expect(await effects()).toHaveLength(51)
})

test('each group has the effect of its own', async () => {
  const { consume, publish, settle, effects } = await startReader()
  await consume()
  await consume([note], { group: 'others' })
  await publish(counterEvent(id(), 1))
  await settle()
  await settle('others')
  expect(await effects()).toEqual([1, 1])
})

test('a handler may publish, and only if it succeeds', async () => {
  const { database, consume, publish, settle } = await startReader()
  const pass = onRaised(async (event, tx) => {
    await tx.outbox.add(CounterDropped, { id: event.subject, version: event.aggregateversion }, {})
    if (event.data.version === 2) throw new Error('second thoughts')
  })
  await consume([pass])
  await publish(counterEvent(id(), 1), counterEvent(id(), 2))
  await settle()
  const { rows } = await database.pool.query(
    `SELECT event -> 'aggregateversion' AS version, event ->> 'correlationid' AS cause FROM stellr.outbox`,
  )
  expect(rows).toEqual([{ version: 1, cause: expect.any(String) }])
})

test('event types and versions that nobody here knows are passed over', async () => {
  const { database, consume, publish, settle, effects } = await startReader()
  await consume()
  const one = id()
  await publish(counterEvent(one, 1, { type: 'counter.painted' }), counterEvent(one, 2, { dataversion: 2 }), counterEvent(one, 3))
  await settle()
  expect(await effects()).toEqual([3])
  expect((await database.pool.query('SELECT * FROM stellr.inbox')).rows).toHaveLength(1)
})

test('all handlers of an event have their effect together or not at all', async () => {
  const { consume, publish, settle, effects } = await startReader()
  const fail = onRaised(async () => {
    throw new Error('the second of two')
  })
  await consume([note, fail])
  await publish(counterEvent(id(), 1))
  await settle()
  expect(await effects()).toEqual([])
})

test('trouble with the database is no try: the partition rests, and the event comes again', async () => {
  const { consume, publish, settle, effects, parked } = await startReader()
  const states = ['40001', '40P01', '57P01']
  const unlucky = onRaised(async (event, tx) => {
    await tx.note(event)
    const state = states.shift()
    if (state) await tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'trouble' USING errcode = '${state}'; END $$`)
  })
  await consume([unlucky])
  await publish(counterEvent(id(), 1))
  await settle()
  expect(states).toEqual([])
  expect(await parked()).toEqual([])
  expect(await effects()).toEqual([1])
})

test('an event that no transaction could be begun for is not parked, though one could be begun a moment later', async () => {
  const { database, consume, publish, settle, effects, parked } = await startReader()
  const busy = await openCounters({ url: database.url, waitMs: 1_000 })
  atTheEnd(busy.close)
  const held = await Promise.all(Array.from({ length: 5 }, () => busy.pool.connect()))
  let failures = 0
  const transact: typeof busy.transact = async (work) => {
    try {
      return await busy.transact(work)
    } catch (error) {
      failures += 1
      for (const client of held.splice(0)) client.release()
      throw error
    }
  }
  await consume([note], { database: { ...busy, transact } })
  await publish(counterEvent(id(), 1))
  await settle()
  expect(failures).toBeGreaterThan(0)
  expect(await parked()).toEqual([])
  expect(await effects()).toEqual([1])
})

test('a handler whose connection is cut runs again, with one effect', async () => {
  const { consume, publish, settle, effects, parked } = await startReader()
  let cuts = 0
  const cut = onRaised(async (event, tx) => {
    await tx.note(event)
    if (cuts++ < 2) await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())')
  })
  await consume([cut])
  await publish(counterEvent(id(), 1), counterEvent(id(), 1))
  await settle()
  expect(await effects()).toEqual([1, 1])
  expect(await parked()).toEqual([])
})

test('what a failed handler left running does nothing more', async () => {
  const { consume, publish, settle, effects } = await startReader()
  const late = Promise.withResolvers<unknown>()
  const careless = onRaised(async (event, tx) => {
    const straggler = async () => {
      await tx.effects()
      await tx.note(event)
    }
    // It writes when the savepoint is undone already, but the transaction, which parks the event, still open.
    straggler().then(late.resolve, late.resolve)
    throw new Error('gave up')
  })
  await consume([careless])
  await publish(counterEvent(id(), 1))
  await settle()
  expect(await late.promise).toBeInstanceOf(Error)
  expect(await effects()).toEqual([])
})

test('the inbox forgets what the log cannot deliver again', async () => {
  const { database, clock, consume, publish, settle } = await startReader()
  await consume()
  await publish(counterEvent(id(), 1))
  await settle()
  clock.advance(7 * 86_400)
  expect(await trimInbox(database.pool, clock.now())).toBe(0)
  clock.advance(86_401)
  expect(await trimInbox(database.pool, clock.now())).toBe(1)
})
