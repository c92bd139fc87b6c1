import { expect, test } from 'vitest'
import { systemClock } from '../clock.ts'
import { systemRandom } from '../ids.ts'
import { counterEvent, countersTopic, silent } from '../testing/fixture/counters.ts'
import { note, onRaised, startReader } from '../testing/fixture/reader.ts'
import { earliestReplay, replayFrom } from './replay-from.ts'

const { id } = systemRandom

test('what a restored database has lost has its effect again, and what it still knows does not', async () => {
  const { ids, from, restore, run, effectsById } = await startReplay()
  await restore()
  expect(await effectsById()).not.toEqual(expected(ids, 6))
  expect(await run({ dryRun: true })).toMatchObject({ handled: 60, known: 20 })
  expect(await effectsById()).not.toEqual(expected(ids, 6))
  expect(await run({ from })).toMatchObject({ handled: 60, known: 20, parked: 0, ignored: 0 })
  expect(await effectsById()).toEqual(expected(ids, 6))
  expect(await run({ from })).toMatchObject({ handled: 0, known: 80 })
  expect(await effectsById()).toEqual(expected(ids, 6))
})

test('the control: events that come past the inbox have their effect twice', async () => {
  const { database, ids, run, effectsById } = await startReplay()
  await database.pool.query('DELETE FROM stellr.inbox')
  await run()
  expect(await effectsById()).not.toEqual(expected(ids, 6))
})

test('a replay while consumers go on handles each event once', async () => {
  const { ids, restore, run, effectsById, publish, settle, consume } = await startReplay()
  await restore()
  await consume()
  const telling = publish(...ids.map((one) => counterEvent(one, 7)))
  const counts = await run()
  await telling
  await settle()
  expect(counts.parked).toBe(0)
  const versions = Object.values(await effectsById()).map((found) => found.toSorted((a, b) => a - b))
  expect(versions).toEqual(ids.map(() => [1, 2, 3, 4, 5, 6, 7]))
})

test('what cannot be handled is parked, with those of its aggregate behind it', async () => {
  const { ids, restore, run, effectsById, parked } = await startReplay()
  await restore()
  const [bad = ''] = ids
  const picky = onRaised(async (event, tx) => {
    if (event.subject === bad) throw new Error('not now')
    await tx.note(event)
  })
  expect(await run({ consumers: [picky] })).toMatchObject({ handled: 57, parked: 1, behind: 2 })
  expect(await parked()).toMatchObject([{ state: 'RETRYING', aggregateId: bad }, { state: 'BEHIND' }, { state: 'BEHIND' }])
  expect((await effectsById())[bad]).toEqual([1, 2, 3])
})

test('a topic can be replayed from as early as it keeps events', () => {
  expect(earliestReplay(countersTopic, new Date('2026-11-24T12:00:00Z'))).toEqual(new Date('2026-11-17T12:00:00Z'))
})

function expected(ids: readonly string[], last: number) {
  return Object.fromEntries(ids.map((one) => [one, Array.from({ length: last }, (_, index) => index + 1)]))
}

/** Twenty aggregates with six versions each; `from` is between the second and the third. */
async function startReplay() {
  const reader = await startReader()
  const { database, log, publish, settle, consume } = reader
  const consuming = await consume()
  const ids = Array.from({ length: 20 }, id)
  const publishVersions = async (...versions: number[]) => {
    for (const version of versions) await publish(...ids.map((one) => counterEvent(one, version)))
    await settle()
  }
  await publishVersions(1, 2)
  const from = new Date(Date.now() + 5)
  await expect.poll(() => Date.now() > from.getTime() + 5).toBe(true)
  await publishVersions(3, 4, 5, 6)
  await consuming.stop()
  return {
    ...reader,
    ids,
    from,
    /** As if the database had been saved after the third version and brought back now. */
    async restore() {
      await database.pool.query('DELETE FROM stellr.inbox WHERE event_id IN (SELECT event_id FROM effect WHERE version > 3)')
      await database.pool.query('DELETE FROM effect WHERE version > 3')
    },
    run: (options: Partial<Parameters<typeof replayFrom>[0]> = {}) =>
      replayFrom({
        group: 'readers',
        consumers: [note],
        topics: [countersTopic],
        from,
        eventLog: log,
        log: silent,
        clock: systemClock,
        ...options,
        database,
      }),
    async effectsById(): Promise<Record<string, number[]>> {
      const rows = await database.store().effects()
      return Object.fromEntries(ids.map((one) => [one, rows.filter((row) => row.counterId === one).map((row) => row.version)]))
    },
  }
}
