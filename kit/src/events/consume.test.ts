import pg from 'pg'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { systemRandom } from '../ids.ts'
import { correlationId } from '../log.ts'
import { CounterRaised, counterEvent, countersTopic, openCounters, openLog, silent, type CounterDatabase, type CounterStore } from '../testing/fixture/counters.ts'
import { manualClock, type ManualClock } from '../testing/manual-clock.ts'
import { startConsumers, type ConsumersOptions } from './consume.ts'
import { NotYet, on, type Consumer } from './consumers.ts'
import { defineEvent, type Envelope } from './contracts.ts'
import { trimInbox } from './inbox.ts'
import { discard, listParked, replay } from './parked.ts'

const { id } = systemRandom
const CounterDropped = defineEvent('counter.dropped', 1, countersTopic, z.looseObject({}))
const endings: (() => Promise<unknown>)[] = []
let database: CounterDatabase & { url: string }
let log: Awaited<ReturnType<typeof openLog>>
let clock: ManualClock

beforeEach(async () => {
  ;[database, log] = await Promise.all([openCounters(), openLog()])
  clock = manualClock(new Date())
})

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
  await Promise.all([database.close(), log.close()])
})

const note = on<typeof CounterRaised, CounterStore>(CounterRaised, (event, tx) => tx.note(event))

async function consume(consumers: readonly Consumer<CounterStore>[] = [note], options: Partial<ConsumersOptions<CounterStore>> = {}) {
  const started = await startConsumers({ group: 'readers', consumers, database, eventLog: log, log: silent, clock, ...options })
  endings.push(started.stop)
}

const publish = (...events: Envelope[]) => log.append('counters', events)
const settled = () => expect.poll(() => log.lag('readers'), { timeout: 10_000 }).toBe(0)
const effects = async (counterId?: string) =>
  (await database.store().effects()).filter((row) => counterId === undefined || row.counterId === counterId).map((row) => row.version)
const parked = () => listParked(database.pool)

async function rewind(): Promise<void> {
  const client = new pg.Client({ connectionString: log.url })
  await client.connect()
  await client.query('UPDATE event_log.group_offset SET next_offset = 0')
  await client.end()
}

test('an event has its effect, and its handler hears what caused it', async () => {
  const heard: unknown[] = []
  const handled = vi.fn()
  const listen = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    heard.push(correlationId(), event.data.version)
    await tx.note(event)
  })
  await consume([listen], { onHandled: handled })
  const event = counterEvent(id(), 1, { correlationid: 'request-9' })
  await publish(event)
  await settled()
  expect(heard).toEqual(['request-9', 1])
  expect(await effects()).toEqual([1])
  expect(handled).toHaveBeenCalledExactlyOnceWith(event)
})

test('an event that is delivered again has no second effect', async () => {
  const handled = vi.fn()
  await consume([note], { onHandled: handled })
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2))
  await settled()
  await rewind()
  await publish(counterEvent(one, 3))
  await settled()
  expect(await effects()).toEqual([1, 2, 3])
  expect(handled).toHaveBeenCalledTimes(3)
})

test('two replicas that get the same events at once have one effect', async () => {
  const event = counterEvent(id(), 1)
  const twin = { ...log, subscribe: (...args: Parameters<typeof log.subscribe>) => log.subscribe(`${args[0]} twin`, args[1], args[2]) }
  const other = await openCounters({ url: database.url })
  endings.push(other.close)
  await consume()
  await consume([note], { database: other, eventLog: twin })
  await publish(event, ...Array.from({ length: 50 }, () => counterEvent(id(), 1)))
  await settled()
  await expect.poll(() => log.lag('readers twin')).toBe(0)
  expect(await effects()).toHaveLength(51)
})

test('each group has the effect of its own', async () => {
  await consume()
  await consume([note], { group: 'others' })
  await publish(counterEvent(id(), 1))
  await settled()
  await expect.poll(() => log.lag('others')).toBe(0)
  expect(await effects()).toEqual([1, 1])
})

test('a handler may publish, and only if it succeeds', async () => {
  const pass = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    await tx.outbox.add(CounterDropped, { id: event.subject, version: event.aggregateversion }, {})
    if (event.data.version === 2) throw new Error('second thoughts')
  })
  await consume([pass])
  await publish(counterEvent(id(), 1), counterEvent(id(), 2))
  await settled()
  const { rows } = await database.pool.query(`SELECT event -> 'aggregateversion' AS version, event ->> 'correlationid' AS cause FROM stellr.outbox`)
  expect(rows).toEqual([{ version: 1, cause: expect.any(String) }])
})

test('event types and versions that nobody here knows are passed over', async () => {
  await consume()
  const one = id()
  await publish(counterEvent(one, 1, { type: 'counter.painted' }), counterEvent(one, 2, { dataversion: 2 }), counterEvent(one, 3))
  await settled()
  expect(await effects()).toEqual([3])
  expect((await database.pool.query('SELECT * FROM stellr.inbox')).rows).toHaveLength(1)
})

test('an event that breaks its contract is parked', async () => {
  await consume()
  await publish(counterEvent(id(), 1, { data: { counterId: 5 } }))
  await settled()
  expect(await parked()).toMatchObject([{ state: 'RETRYING', tries: 1, error: expect.stringContaining('counterId') }])
})

test('all handlers of an event have their effect together or not at all', async () => {
  const fail = on<typeof CounterRaised, CounterStore>(CounterRaised, async () => {
    throw new Error('the second of two')
  })
  await consume([note, fail])
  await publish(counterEvent(id(), 1))
  await settled()
  expect(await effects()).toEqual([])
})

test('a poison event is parked with what went wrong, those of its aggregate wait behind it, all others go on', async () => {
  const poisoned = id()
  const picky = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    await tx.note(event)
    if (event.subject === poisoned && event.data.version === 2) await tx.execute('SELECT 1/0')
  })
  await consume([picky])
  const others = Array.from({ length: 10 }, id)
  for (let version = 1; version <= 4; version += 1) await publish(...[poisoned, ...others].map((one) => counterEvent(one, version)))
  await settled()
  expect(await effects(poisoned)).toEqual([1])
  for (const one of others) expect(await effects(one)).toEqual([1, 2, 3, 4])
  const rows = await parked()
  expect(rows.map(({ state, event, aggregateType, aggregateId }) => [state, event.aggregateversion, aggregateType, aggregateId])).toEqual([
    ['RETRYING', 2, 'counter', poisoned],
    ['BEHIND', 3, 'counter', poisoned],
    ['BEHIND', 4, 'counter', poisoned],
  ])
  expect(rows[0]?.error).toContain('division by zero')
})

test('a failure that passes is retried, and those behind it follow in order', async () => {
  let broken = true
  const moody = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    if (broken) throw new Error('not today')
    await tx.note(event)
  })
  const handled = vi.fn()
  await consume([moody], { onHandled: handled })
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2), counterEvent(one, 3))
  await settled()
  expect(await parked()).toHaveLength(3)
  broken = false
  clock.advance(2)
  await expect.poll(parked, { timeout: 5_000 }).toEqual([])
  expect(await effects(one)).toEqual([1, 2, 3])
  expect(handled).toHaveBeenCalledTimes(3)
  await publish(counterEvent(one, 4))
  await settled()
  expect(await effects(one)).toEqual([1, 2, 3, 4])
})

test('after five failures an event is dead, and those behind it still wait', async () => {
  const tried = vi.fn()
  await consume([
    on(CounterRaised, async () => {
      tried()
      throw new Error('never')
    }),
  ])
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2))
  await settled()
  for (const [tries, seconds] of [
    [2, 1],
    [3, 5],
    [4, 25],
    [5, 125],
  ]) {
    clock.advance((seconds ?? 0) - 0.5)
    expect(await parked()).toMatchObject([{ tries: (tries ?? 0) - 1 }, { tries: 0 }])
    clock.advance(0.6)
    await expect.poll(parked, { timeout: 5_000 }).toMatchObject([{ tries }, { tries: 0 }])
  }
  expect(await parked()).toMatchObject([
    { state: 'DEAD', error: 'Error: never', nextTryAt: null },
    { state: 'BEHIND', error: null },
  ])
  clock.advance(100_000)
  await publish(counterEvent(one, 3))
  await settled()
  expect(tried).toHaveBeenCalledTimes(5)
  expect(await parked()).toHaveLength(3)
})

test('a replay after the repair has one effect, and a second replay none', async () => {
  const { dead, one, repair } = await deadEvent()
  repair()
  expect(await Promise.all([replay(database.pool, dead), replay(database.pool, dead)])).toContain(true)
  await expect.poll(parked, { timeout: 5_000 }).toEqual([])
  expect(await replay(database.pool, dead)).toBe(false)
  await rewind()
  await publish(counterEvent(one, 3))
  await settled()
  expect(await effects(one)).toEqual([1, 2, 3])
})

test('a replay without a repair gives five tries again', async () => {
  const { dead } = await deadEvent()
  expect(await replay(database.pool, dead)).toBe(true)
  await expect.poll(parked, { timeout: 5_000 }).toMatchObject([{ state: 'RETRYING', tries: 1 }, { state: 'BEHIND' }])
})

test('only the head can be replayed or discarded', async () => {
  await deadEvent()
  const [, behind] = await parked()
  expect(await replay(database.pool, behind?.id ?? '')).toBe(false)
  expect(await discard(database.pool, behind?.id ?? '')).toBe(false)
  expect(await parked()).toHaveLength(2)
})

test('discarding a dead event lets those behind it go on without it', async () => {
  const { dead, one, repair } = await deadEvent()
  repair()
  expect(await discard(database.pool, dead)).toBe(true)
  expect(await discard(database.pool, dead)).toBe(false)
  await expect.poll(parked, { timeout: 5_000 }).toEqual([])
  expect(await effects(one)).toEqual([2])
})

test('what came too early is tried again without counting, until what it needs is there', async () => {
  const needed = id()
  const dependent = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    if (event.subject !== needed && (await tx.effectsOf(needed)).length === 0) throw new NotYet('the other is missing')
    await tx.note(event)
  })
  await consume([dependent])
  const one = id()
  await publish(counterEvent(one, 1))
  await settled()
  for (let turn = 1; turn <= 3; turn += 1) {
    clock.advance(61)
    await expect.poll(async () => (await waits())[0], { timeout: 5_000 }).toBe(turn + 1)
  }
  expect(await parked()).toMatchObject([{ state: 'RETRYING', tries: 0, error: 'NotYet: the other is missing' }])
  await publish(counterEvent(needed, 1))
  await settled()
  clock.advance(61)
  await expect.poll(parked, { timeout: 5_000 }).toEqual([])
  expect(await effects(one)).toEqual([1])
})

test('trouble with the database is no try: the partition rests, and the event comes again', async () => {
  const states = ['40001', '40P01', '57P01']
  const unlucky = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    await tx.note(event)
    const state = states.shift()
    if (state) await tx.execute(`DO $$ BEGIN RAISE EXCEPTION 'trouble' USING errcode = '${state}'; END $$`)
  })
  await consume([unlucky])
  await publish(counterEvent(id(), 1))
  await settled()
  expect(states).toEqual([])
  expect(await parked()).toEqual([])
  expect(await effects()).toEqual([1])
})

test('a handler whose connection is cut runs again, with one effect', async () => {
  let cuts = 0
  const cut = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    await tx.note(event)
    if (cuts++ < 2) await tx.execute('SELECT pg_terminate_backend(pg_backend_pid())')
  })
  await consume([cut])
  await publish(counterEvent(id(), 1), counterEvent(id(), 1))
  await settled()
  expect(await effects()).toEqual([1, 1])
  expect(await parked()).toEqual([])
})

test('a handler that takes longer than a transaction may is parked, not repeated for ever', async () => {
  const slow = await openCounters({ url: database.url, transactionTimeoutMs: 200 })
  endings.push(slow.close)
  const stuck = id()
  const linger = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    if (event.subject === stuck) await tx.execute('SELECT pg_sleep(0.4)')
    await tx.note(event)
  })
  await consume([linger], { database: slow })
  await publish(counterEvent(stuck, 1), counterEvent(id(), 2))
  await settled()
  expect(await effects()).toEqual([2])
  expect(await parked()).toMatchObject([{ aggregateId: stuck, tries: 1, error: expect.stringContaining('200 ms') }])
})

test('an effect that cannot be committed is parked', async () => {
  await database.pool.query('ALTER TABLE effect ADD CONSTRAINT one_each UNIQUE (counter_id) DEFERRABLE INITIALLY DEFERRED')
  await consume()
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2), counterEvent(id(), 3))
  await settled()
  expect((await effects()).toSorted()).toEqual([1, 3])
  expect(await parked()).toMatchObject([{ aggregateId: one, tries: 1, error: expect.stringContaining('one_each') }])
})

test('what a failed handler left running does nothing more', async () => {
  const late = Promise.withResolvers<unknown>()
  const careless = on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
    const straggler = async () => {
      await tx.effects()
      await tx.effects()
      await tx.note(event)
    }
    straggler().then(late.resolve, late.resolve)
    throw new Error('gave up')
  })
  await consume([careless])
  await publish(counterEvent(id(), 1))
  await settled()
  expect(await late.promise).toBeInstanceOf(Error)
  expect(await effects()).toEqual([])
})

test('the inbox forgets what the log cannot deliver again', async () => {
  await consume()
  await publish(counterEvent(id(), 1))
  await settled()
  clock.advance(7 * 86_400)
  expect(await trimInbox(database.pool, clock.now())).toBe(0)
  clock.advance(86_401)
  expect(await trimInbox(database.pool, clock.now())).toBe(1)
})

async function waits(): Promise<number[]> {
  const { rows } = await database.pool.query<{ waits: number }>('SELECT waits FROM stellr.parked ORDER BY seq')
  return rows.map((row) => row.waits)
}

/** An aggregate whose first event is dead and whose second waits behind it. */
async function deadEvent() {
  let broken = true
  await consume([
    on<typeof CounterRaised, CounterStore>(CounterRaised, async (event, tx) => {
      if (broken) throw new Error('broken')
      await tx.note(event)
    }),
  ])
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2))
  await settled()
  await database.pool.query(`UPDATE stellr.parked SET state = 'DEAD', tries = 5, next_try_at = NULL WHERE state = 'RETRYING'`)
  const [head] = await parked()
  return {
    dead: head?.id ?? '',
    one,
    repair() {
      broken = false
    },
  }
}
