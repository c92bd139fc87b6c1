import { expect, test } from 'vitest'
import { systemRandom } from '../ids.ts'
import { readMetrics } from '../metrics.ts'
import { counterEvent, raise, silent } from '../testing/fixture/counters.ts'
import { atTheEnd, onRaised, startReader } from '../testing/fixture/reader.ts'
import { startRelay } from './relay.ts'

test('what is published, parked, tried again and dead is counted', async () => {
  const { clock, consume, publish, settle, parked, database, log } = await startReader()
  const before = await counts()
  const relay = startRelay({ database, eventLog: log, log: silent })
  atTheEnd(relay.stop)
  let broken = true
  const moody = onRaised(async (event, tx) => {
    if (broken) throw new Error('not today')
    await tx.note(event)
  })
  await consume([moody])
  const store = database.store()
  const one = systemRandom.id()
  await raise(store, one)
  await raise(store, one)
  await publish(counterEvent(systemRandom.id(), 1))
  await expect.poll(async () => (await counts()).published - before.published).toBe(2)
  await settle()
  expect(difference(before, await counts())).toEqual({ published: 2, parked: 2, retried: 0, dead: 0 })
  clock.advance(1)
  await expect.poll(async () => (await parked()).map((row) => row.tries).toSorted()).toEqual([0, 2, 2])
  await database.pool.query(`UPDATE stellr.parked SET tries = 4, next_try_at = to_timestamp(0) WHERE state = 'RETRYING'`)
  await expect.poll(async () => (await parked()).filter(({ state }) => state === 'DEAD').length).toBe(2)
  await expect.poll(async () => difference(before, await counts())).toEqual({ published: 2, parked: 2, retried: 4, dead: 2 })
  broken = false
  await database.pool.query(`UPDATE stellr.parked SET state = 'RETRYING', next_try_at = to_timestamp(0) WHERE state = 'DEAD'`)
  await expect.poll(parked).toEqual([])
  // Two heads, and the one that waited behind.
  expect(difference(before, await counts())).toEqual({ published: 2, parked: 2, retried: 7, dead: 2 })
})

interface Counts {
  published: number
  parked: number
  retried: number
  dead: number
}

async function counts(): Promise<Counts> {
  const text = await readMetrics()
  const value = (name: string) => Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0)
  return {
    published: value('stellr_events_published_total{service="counters",topic="counters"}'),
    parked: value('stellr_events_parked_total{service="readers"}'),
    retried: value('stellr_events_retried_total{service="readers"}'),
    dead: value('stellr_events_dead_total{service="readers"}'),
  }
}

function difference(before: Counts, now: Counts): Counts {
  return {
    published: now.published - before.published,
    parked: now.parked - before.parked,
    retried: now.retried - before.retried,
    dead: now.dead - before.dead,
  }
}
