import { expect, test } from 'vitest'
import { systemRandom } from '../ids.ts'
import { openLog, silent } from '../testing/fixture/counters.ts'
import { atTheEnd } from '../testing/fixture/reader.ts'
import { nameAt, onStateTold, openStates, stateEvent, states, statesTopic, type StateStore } from '../testing/fixture/states.ts'
import { startConsumers } from './consume.ts'
import { on } from './consumers.ts'
import { defineProjection, type Projection } from './projections.ts'
import { rebuild } from './rebuild.ts'

const { id } = systemRandom

test('a projection that was spoiled is made again while events keep coming, and nothing of it is missing meanwhile', async () => {
  const { ids, tell, spoil, settle, wrong, holes, rebuildStates } = await startStates(80)
  const orphans = await spoil()
  expect(await wrong()).not.toEqual([])
  const watching = holes(ids.slice(60))
  let version = 1
  let telling = true
  const told = (async () => {
    while (telling) {
      await tell((version += 1), ids.slice(10, 75))
      await settle()
    }
  })()
  const result = await rebuildStates()
  telling = false
  await told
  expect(await watching.end()).toBe(0)
  expect(result).toMatchObject({ aggregates: 80, failed: [], removed: 0 })
  expect(result.orphans.toSorted()).toEqual(orphans.toSorted())
  expect(result.rebuilt + result.newer).toBe(80)
  expect(version).toBeGreaterThan(2)
  await settle()
  expect(await wrong()).toEqual(orphans.toSorted())
})

test('the control: without a rebuild, what nobody tells again stays wrong', async () => {
  const { ids, tell, spoil, settle, wrong } = await startStates(80)
  await spoil()
  await tell(2, ids.slice(0, 20))
  await settle()
  expect((await wrong()).length).toBeGreaterThan(20)
})

test('the control: where rows are forgotten in a transaction of their own, readers see holes', async () => {
  const { database, ids, holes, rebuildStates } = await startStates(80)
  const watching = holes(ids)
  const hasty = defineProjection<StateStore>({
    ...states,
    // Waits until the watcher has looked: it would see a hole of any length in the end.
    reset: (_, one) => watching.afterLook(() => database.pool.query('DELETE FROM counter WHERE id = $1', [one])),
  })
  await rebuildStates(hasty)
  expect(await watching.end()).toBeGreaterThan(0)
})

test('a later event that a consumer handles meanwhile is not undone', async () => {
  const { ids, tell, settle, wrong, database, log, rebuildStates } = await startStates(1)
  const [one = ''] = ids
  // Between what the rebuild has read and what it does, somebody tells more.
  const overtaken = {
    ...log,
    async *read(topic: string) {
      for await (const record of log.read(topic)) {
        await tell(2, ids)
        await settle()
        yield record
      }
    },
  }
  expect(await rebuildStates(states, { eventLog: overtaken })).toMatchObject({ rebuilt: 1, newer: 0 })
  expect(await wrong()).toEqual([])
  // The control: whoever does not look at versions goes back.
  const careless = { ...states, version: async () => null }
  await rebuildStates(careless, { eventLog: { ...log, read: () => yieldOnly(stateEvent(one, 1)) } })
  expect((await database.store().state(one))?.name).toBe(nameAt(one, 1))
})

test('a row that claims a version that was never told is made again', async () => {
  const { ids, database, wrong, rebuildStates } = await startStates(3)
  await database.pool.query(`UPDATE counter SET version = 99, name = 'wrong' WHERE id = $1`, [ids[0]])
  expect(await rebuildStates()).toMatchObject({ rebuilt: 3, newer: 0 })
  expect(await wrong()).toEqual([])
})

test('an event that is in the log twice, also after its successor, counts once', async () => {
  const { ids, log, wrong, tell, settle, rebuildStates } = await startStates(2)
  await tell(2, ids)
  await log.append('states', [stateEvent(ids[0] ?? '', 1)])
  await settle()
  expect(await rebuildStates()).toMatchObject({ rebuilt: 2 })
  expect(await wrong()).toEqual([])
})

test('what cannot be handled stays as it was and is named, and all others are made again', async () => {
  const { ids, database, rebuildStates } = await startStates(10)
  await database.pool.query(`UPDATE counter SET name = name || ' spoiled'`)
  const poison = ids[3] ?? ''
  const picky = on<typeof onStateTold.event, StateStore>(onStateTold.event, async (event, tx) => {
    await onStateTold.handle(event, tx)
    if (event.subject === poison) throw new Error('not this one')
  })
  const result = await rebuildStates({ ...states, consumers: [picky] })
  expect(result).toMatchObject({ rebuilt: 9, failed: [{ aggregateId: poison, error: 'Error: not this one' }] })
  const rows = await database.store().states()
  expect(rows.filter(({ name }) => name?.endsWith('spoiled')).map((row) => row.id)).toEqual([poison])
})

test('one that always lasts too long is named too, and does not keep the others from being made again', async () => {
  const { ids, database, rebuildStates } = await startStates(10, { transactionTimeoutMs: 400 })
  await database.pool.query(`UPDATE counter SET name = name || ' spoiled'`)
  const slow = ids[3] ?? ''
  const patient = on<typeof onStateTold.event, StateStore>(onStateTold.event, async (event, tx) => {
    if (event.subject === slow) await new Promise((resolve) => setTimeout(resolve, 500))
    await onStateTold.handle(event, tx)
  })
  const result = await rebuildStates({ ...states, consumers: [patient] })
  expect(result).toMatchObject({ rebuilt: 9, failed: [{ aggregateId: slow, error: expect.stringContaining('ransaction') }] })
  const rows = await database.store().states()
  expect(rows.filter(({ name }) => name?.endsWith('spoiled')).map((row) => row.id)).toEqual([slow])
})

test('orphans are taken away when that is asked for, but not one that is told of meanwhile', async () => {
  const { log, database, settle, wrong, rebuildStates } = await startStates(5)
  const [orphan, latecomer] = [id(), id()]
  await database.pool.query(`INSERT INTO counter (id, name) VALUES ($1, 'a'), ($2, 'b')`, [orphan, latecomer])
  let reads = 0
  const late = {
    ...log,
    async *read(topic: string) {
      reads += 1
      if (reads === 3) {
        await log.append('states', [stateEvent(latecomer, 2)])
        await settle()
      }
      yield* log.read(topic)
    },
  }
  const result = await rebuildStates(states, { eventLog: late, removeOrphans: true })
  expect(result.orphans.toSorted()).toEqual([orphan, latecomer].toSorted())
  expect(result.removed).toBe(1)
  expect(await database.store().state(orphan)).toBe(null)
  expect((await database.store().state(latecomer))?.version).toBe(2)
  expect(await wrong()).toEqual([latecomer])
})

test('a dry run counts and changes nothing', async () => {
  const { spoil, wrong, rebuildStates } = await startStates(80)
  const orphans = await spoil()
  const before = await wrong()
  const result = await rebuildStates(states, { dryRun: true, removeOrphans: true })
  expect(result).toMatchObject({ aggregates: 80, rebuilt: 0, removed: 0 })
  expect(result.orphans.toSorted()).toEqual(orphans.toSorted())
  expect(await wrong()).toEqual(before)
})

test('a projection is only of a compacted topic, and of events in it', () => {
  const short = { ...statesTopic, compacted: false }
  expect(() => defineProjection({ ...states, topic: short })).toThrow('states is not compacted')
  expect(() => defineProjection({ ...states, topic: { ...statesTopic, name: 'others' } })).toThrow('others, which has no state.told')
})

/** So many states that were told once and are kept by a consumer that goes on. */
async function startStates(count: number, options: Parameters<typeof openStates>[0] = {}) {
  const [database, log] = await Promise.all([openStates(options), openLog()])
  atTheEnd(() => Promise.all([database.close(), log.close()]))
  const consuming = await startConsumers({ group: 'states', consumers: [onStateTold], database, eventLog: log, log: silent })
  atTheEnd(consuming.stop)
  const ids = Array.from({ length: count }, id)
  const truth = new Map<string, number>()
  const settle = () => expect.poll(() => log.lag('states'), { interval: 5 }).toBe(0)
  const tell = async (version: number, which: readonly string[]) => {
    await log.append(
      'states',
      which.map((one) => stateEvent(one, version)),
    )
    for (const one of which) truth.set(one, version)
  }
  await tell(1, ids)
  await settle()
  return {
    database,
    log,
    ids,
    tell,
    settle,
    rebuildStates: (projection: Projection<StateStore> = states, options: Partial<Parameters<typeof rebuild>[0]> = {}) =>
      rebuild<StateStore>({ group: 'states', eventLog: log, ...options, projection, database }),
    /** Rows that are not as they were told, and what should be there and is not. */
    async wrong(): Promise<string[]> {
      const rows = new Map((await database.store().states()).map(({ id: one, name }) => [one, name]))
      const right = (one: string) => truth.has(one) && rows.get(one) === nameAt(one, truth.get(one) ?? 0)
      return [...new Set([...rows.keys(), ...truth.keys()])].filter((one) => !right(one)).toSorted()
    },
    /** Deletes twenty rows, falsifies twenty and the versions of ten more, and adds five that nobody told of: these are returned. */
    async spoil(): Promise<string[]> {
      await database.pool.query('DELETE FROM counter WHERE id = ANY ($1)', [ids.slice(0, 20)])
      await database.pool.query(`UPDATE counter SET name = name || ' spoiled' WHERE id = ANY ($1)`, [ids.slice(20, 40)])
      await database.pool.query(`UPDATE counter SET name = name || ' odd', version = 9999 WHERE id = ANY ($1)`, [ids.slice(75, 80)])
      const strangers = Array.from({ length: 5 }, id)
      await database.pool.query('INSERT INTO counter (id, name) SELECT one, one::text FROM unnest($1::uuid[]) one', [strangers])
      return strangers
    },
    /** Counts again and again how many of these are missing. */
    holes(which: readonly string[]) {
      let seen = 0
      let watching = true
      let looked = Promise.withResolvers<void>()
      const running = (async () => {
        while (watching) {
          const { rows } = await database.pool.query<{ found: number }>('SELECT count(*)::int AS found FROM counter WHERE id = ANY ($1)', [
            which,
          ])
          seen += which.length - (rows[0]?.found ?? 0)
          looked.resolve()
          looked = Promise.withResolvers()
        }
      })()
      return {
        async afterLook(work: () => Promise<unknown>) {
          await work()
          // The look that is under way may have begun before.
          await looked.promise
          await looked.promise
        },
        async end() {
          watching = false
          await running
          return seen
        },
      }
    },
  }
}

async function* yieldOnly(event: ReturnType<typeof stateEvent>) {
  yield { topic: 'states', partition: 0, offset: 0n, event }
}
