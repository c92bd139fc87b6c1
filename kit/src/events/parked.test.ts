import { expect, test, vi } from 'vitest'
import { systemRandom } from '../ids.ts'
import { createLogger } from '../log.ts'
import { counterEvent, openCounters, type CounterDatabase } from '../testing/fixture/counters.ts'
import { atTheEnd, onRaised, startReader } from '../testing/fixture/reader.ts'
import { NotYet } from './consumers.ts'
import { discard, findParked, listHeads, replay } from './dead-letters.ts'
import { countParked } from './parked.ts'

const { id } = systemRandom

test('an event that breaks its contract is parked', async () => {
  const { consume, publish, settle, parked } = await startReader()
  await consume()
  await publish(counterEvent(id(), 1, { data: { counterId: 5 } }))
  await settle()
  expect(await parked()).toMatchObject([{ state: 'RETRYING', tries: 1, error: expect.stringContaining('counterId') }])
})

test('a poison event is parked with what went wrong, those of its aggregate wait behind it, all others go on', async () => {
  const { consume, publish, settle, effects, parked } = await startReader()
  const poisoned = id()
  const picky = onRaised(async (event, tx) => {
    await tx.note(event)
    if (event.subject === poisoned && event.data.version === 2) await tx.execute('SELECT 1/0')
  })
  await consume([picky])
  const others = Array.from({ length: 10 }, id)
  for (let version = 1; version <= 4; version += 1) await publish(...[poisoned, ...others].map((one) => counterEvent(one, version)))
  await settle()
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
  const { clock, consume, publish, settle, effects, parked } = await startReader()
  let broken = true
  const moody = onRaised(async (event, tx) => {
    if (broken) throw new Error('not today')
    await tx.note(event)
  })
  const handled = vi.fn()
  await consume([moody], { onHandled: handled })
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2), counterEvent(one, 3))
  await settle()
  expect(await parked()).toHaveLength(3)
  broken = false
  clock.advance(2)
  await expect.poll(parked).toEqual([])
  expect(await effects(one)).toEqual([1, 2, 3])
  expect(handled).toHaveBeenCalledTimes(3)
  await publish(counterEvent(one, 4))
  await settle()
  expect(await effects(one)).toEqual([1, 2, 3, 4])
})

test('after five failures an event is dead, and those behind it still wait', async () => {
  const { clock, consume, publish, settle, parked } = await startReader()
  const tried = vi.fn()
  await consume([
    onRaised(async () => {
      tried()
      throw new Error('never')
    }),
  ])
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2))
  await settle()
  for (const [tries, seconds] of [
    [2, 1],
    [3, 5],
    [4, 25],
    [5, 125],
  ]) {
    clock.advance((seconds ?? 0) - 0.5)
    expect(await parked()).toMatchObject([{ tries: (tries ?? 0) - 1 }, { tries: 0 }])
    clock.advance(0.6)
    await expect.poll(parked).toMatchObject([{ tries }, { tries: 0 }])
  }
  expect(await parked()).toMatchObject([
    { state: 'DEAD', error: 'Error: never', nextTryAt: null },
    { state: 'BEHIND', error: null },
  ])
  clock.advance(100_000)
  await publish(counterEvent(one, 3))
  await settle()
  expect(tried).toHaveBeenCalledTimes(5)
  expect(await parked()).toHaveLength(3)
})

test('the log line of an event that is dead says which request caused it', async () => {
  const { database, clock, consume, publish, settle, parked } = await startReader()
  const lines: Record<string, unknown>[] = []
  const log = createLogger({ name: 'test', level: 'error', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const refuse = onRaised(async () => {
    throw new Error('never')
  })
  await consume([refuse], { log })
  await publish(counterEvent(id(), 1, { correlationid: 'request-9' }))
  await settle()
  await database.pool.query('UPDATE stellr.parked SET tries = 4')
  clock.advance(2)
  await expect.poll(parked).toMatchObject([{ state: 'DEAD' }])
  expect(lines).toMatchObject([{ msg: 'an event has failed too often and is dead', correlationId: 'request-9' }])
})

test('a replay after the repair has one effect, and a second replay none', async () => {
  const { database, publish, settle, effects, parked, rewind, dead, one, repair } = await deadEvent()
  repair()
  const [first, second] = await Promise.all([replayed(database, dead), replayed(database, dead)])
  expect([first?.id, second?.id]).toContain(dead)
  await expect.poll(parked).toEqual([])
  expect(await replayed(database, dead)).toBe(null)
  await rewind()
  await publish(counterEvent(one, 3))
  await settle()
  expect(await effects(one)).toEqual([1, 2, 3])
})

test('a replay without a repair gives five tries again', async () => {
  const { database, parked, dead } = await deadEvent()
  expect(await replayed(database, dead)).toMatchObject({ state: 'DEAD', tries: 5 })
  await expect.poll(parked).toMatchObject([{ state: 'RETRYING', tries: 1 }, { state: 'BEHIND' }])
})

test('parked events are counted by what becomes of them', async () => {
  const { database } = await deadEvent()
  expect(await countParked(database.pool, 'readers')).toEqual({ RETRYING: 0, BEHIND: 1, DEAD: 1 })
  expect(await countParked(database.pool, 'others')).toEqual({ RETRYING: 0, BEHIND: 0, DEAD: 0 })
})

test('only the head can be replayed or discarded', async () => {
  const { database, parked } = await deadEvent()
  const [, behind] = await parked()
  expect(await replayed(database, behind?.id ?? '')).toBe(null)
  expect(await discarded(database, behind?.id ?? '')).toBe(null)
  expect(await parked()).toHaveLength(2)
})

test('discarding a dead event lets those behind it go on without it', async () => {
  const { database, effects, parked, dead, one, repair } = await deadEvent()
  repair()
  expect(await discarded(database, dead)).toMatchObject({ id: dead, state: 'DEAD' })
  expect(await discarded(database, dead)).toBe(null)
  await expect.poll(parked).toEqual([])
  expect(await effects(one)).toEqual([2])
})

test('a head that was replayed already, and not tried since, is not replayed again', async () => {
  const { database, dead } = await deadEvent({ retrying: false })
  expect(await replayed(database, dead)).toMatchObject({ state: 'DEAD' })
  expect(await replayed(database, dead)).toBe(null)
  expect(await findParked(database.pool, dead)).toMatchObject({ state: 'RETRYING', tries: 0 })
})

test('what is parked says where the log held it, and a head how many wait behind it', async () => {
  const { database, dead, log } = await deadEvent()
  const records = await Array.fromAsync(log.read('counters'))
  const found = await findParked(database.pool, dead)
  const [first] = records
  expect(found).toMatchObject({
    topic: 'counters',
    partition: first?.partition,
    offset: String(first?.offset),
    event: first?.event,
    behind: 1,
  })
  expect(await listHeads(database.pool, 'readers')).toEqual([found])
  expect(await listHeads(database.pool, 'readers', { state: 'RETRYING' })).toEqual([])
  expect(await listHeads(database.pool, 'others')).toEqual([])
})

test('what came too early is tried again without counting, until what it needs is there', async () => {
  const { clock, consume, publish, settle, effects, parked } = await startReader()
  const needed = id()
  const dependent = onRaised(async (event, tx) => {
    if (event.subject !== needed && (await tx.effectsOf(needed)).length === 0) throw new NotYet('the other is missing')
    await tx.note(event)
  })
  await consume([dependent])
  const one = id()
  await publish(counterEvent(one, 1))
  await settle()
  for (let turn = 1; turn <= 3; turn += 1) {
    clock.advance(61)
    await expect.poll(parked).toMatchObject([{ waits: turn + 1 }])
  }
  expect(await parked()).toMatchObject([{ state: 'RETRYING', tries: 0, error: 'NotYet: the other is missing' }])
  await publish(counterEvent(needed, 1))
  await settle()
  clock.advance(61)
  await expect.poll(parked).toEqual([])
  expect(await effects(one)).toEqual([1])
})

test('a handler that takes longer than a transaction may is parked, not repeated for ever', async () => {
  const { database, consume, publish, settle, effects, parked } = await startReader()
  const slow = await openCounters({ url: database.url, transactionTimeoutMs: 200 })
  atTheEnd(slow.close)
  const stuck = id()
  const linger = onRaised(async (event, tx) => {
    if (event.subject === stuck) await tx.execute('SELECT pg_sleep(0.4)')
    await tx.note(event)
  })
  await consume([linger], { database: slow })
  await publish(counterEvent(stuck, 1), counterEvent(id(), 2))
  await settle()
  expect(await effects()).toEqual([2])
  expect(await parked()).toMatchObject([{ aggregateId: stuck, tries: 1, error: expect.stringContaining('200 ms') }])
})

test('an effect that cannot be committed is parked', async () => {
  const { database, consume, publish, settle, effects, parked } = await startReader()
  await database.pool.query('ALTER TABLE effect ADD CONSTRAINT one_each UNIQUE (counter_id) DEFERRABLE INITIALLY DEFERRED')
  await consume()
  const one = id()
  await publish(counterEvent(one, 1), counterEvent(one, 2), counterEvent(id(), 3))
  await settle()
  expect((await effects()).toSorted()).toEqual([1, 3])
  expect(await parked()).toMatchObject([{ aggregateId: one, tries: 1, error: expect.stringContaining('one_each') }])
})

function replayed(database: CounterDatabase, parkedId: string) {
  return database.transact(({ sql }) => replay(sql, parkedId))
}

function discarded(database: CounterDatabase, parkedId: string) {
  return database.transact(({ sql }) => discard(sql, parkedId))
}

/** An aggregate whose first event is dead and whose second waits behind it. */
async function deadEvent({ retrying = true } = {}) {
  const reader = await startReader()
  let broken = true
  const consuming = await reader.consume([
    onRaised(async (event, tx) => {
      if (broken) throw new Error('broken')
      await tx.note(event)
    }),
  ])
  const one = id()
  await reader.publish(counterEvent(one, 1), counterEvent(one, 2))
  await reader.settle()
  await reader.database.pool.query(`UPDATE stellr.parked SET state = 'DEAD', tries = 5, next_try_at = NULL WHERE state = 'RETRYING'`)
  const [head] = await reader.parked()
  if (!retrying) await consuming.stop()
  return {
    ...reader,
    dead: head?.id ?? '',
    one,
    repair() {
      broken = false
    },
  }
}
