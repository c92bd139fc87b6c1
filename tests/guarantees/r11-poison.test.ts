import { openEventLog, type EventLog } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterEach, describe, expect, test } from 'vitest'
import { startConsumers } from '../../kit/src/events/consume.ts'
import { findParked, listParked, replay } from '../../kit/src/events/dead-letters.ts'
import { replayFrom } from '../../kit/src/events/replay-from.ts'
import { counterEvent, countersTopic, openCounters, openLog, silent } from '../../kit/src/testing/fixture/counters.ts'
import { onRaised } from '../../kit/src/testing/fixture/reader.ts'
import { hasKafka, testKafkaBrokers } from '../../kit/src/testing/kafka.ts'
import { rounds } from '../testkit/soak.ts'

const EVENTS = 1_000 * rounds(10)
const ONE_IN = 1_000

/** How each event log is opened, with nothing in it. */
const logs: readonly (readonly [name: string, open: () => Promise<EventLog>])[] = [
  ['the Postgres log', openLog],
  ...(hasKafka() ? [['Kafka', openKafka] as const] : []),
]

async function openKafka(): Promise<EventLog> {
  const env = { KAFKA_BROKERS: await testKafkaBrokers(), KAFKA_PREFIX: `r11-${crypto.randomUUID()}.` }
  return openEventLog(env, silent)
}

const endings: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end()
})

describe.each(logs)('%s', (name, open) => {
  test('R11 one poison message in a thousand holds up nobody, and has its effect once after the repair', { timeout: 120_000 }, async () => {
    const began = new Date()
    const { eventLog, database, clock, consumers, poison, handled, repair, settle } = await startPoisoned(open)
    const parked = () => listParked(database.pool, { limit: EVENTS })
    const consuming = await startConsumers({ group: 'readers', consumers, database, eventLog, log: silent, clock })
    endings.push(consuming.stop)
    await settle()
    expect((await handled()).size).toBe(EVENTS - poison.length)

    for (const [tries, afterSeconds] of [
      [2, 1],
      [3, 5],
      [4, 25],
      [5, 125],
    ] as const) {
      clock.advance(afterSeconds)
      await expect.poll(async () => (await parked()).map((row) => row.tries)).toEqual(poison.map(() => tries))
    }
    const dead = await parked()
    expect(dead.map(({ event }) => event)).toEqual(expect.arrayContaining([...poison]))
    expect(dead).toHaveLength(poison.length)
    for (const { state, error, topic, partition, offset } of dead) {
      expect({ state, error, topic }).toEqual({ state: 'DEAD', error: 'Error: never', topic: 'counters' })
      expect([typeof partition, typeof offset]).toEqual(['number', 'string'])
    }

    repair()
    const replayAll = () => Promise.all(dead.map(({ id }) => database.transact(({ sql }) => replay(sql, id))))
    expect((await replayAll()).filter(Boolean)).toHaveLength(poison.length)
    await expect.poll(parked).toEqual([])
    const effects = await handled()
    expect([effects.size, [...effects.values()].filter((times) => times !== 1)]).toEqual([EVENTS, []])

    // Replayed twice, and the whole topic once more.
    expect((await replayAll()).filter(Boolean)).toEqual([])
    expect(await findParked(database.pool, dead[0]?.id ?? '')).toBe(null)
    const again = { group: 'readers', consumers, topics: [countersTopic], from: began, database, eventLog, log: silent, clock }
    expect(await replayFrom(again)).toMatchObject({ handled: 0, known: EVENTS })
    expect(await handled()).toEqual(effects)
    console.log(
      `R11 (${name}): ${EVENTS} events, ${poison.length} poison, ${EVENTS - poison.length} handled at once, ${dead.length} dead, ${effects.size} effects`,
    )

    // The control: what the inbox does not know has a second effect.
    await database.pool.query('DELETE FROM stellr.inbox WHERE event_id = $1', [poison[0]?.id])
    expect(await replayFrom(again)).toMatchObject({ handled: 1 })
    expect((await handled()).get(poison[0]?.id ?? '')).toBe(2)
  })

  test('R11 the control: where nobody parks it, a poison message holds up its partition', async () => {
    const { eventLog, poison } = await startPoisoned(open)
    const poisoned = new Set(poison.map(({ id }) => id))
    const handled = new Set<string>()
    let failures = 0
    await eventLog.subscribe('readers', [countersTopic], async (records) => {
      for (const { event } of records) {
        if (poisoned.has(event.id)) failures += 1
        if (poisoned.has(event.id)) throw new Error('never')
        handled.add(event.id)
      }
    })
    const behind = async () => (await eventLog.positions('readers')).filter(({ next, end }) => next < end)
    await expect.poll(async () => failures > 2 && (await behind()).length <= poison.length).toBe(true)
    expect(await behind()).not.toEqual([])
    expect(handled.size).toBeLessThan(EVENTS - poison.length)
  })
})

/** A log with so many events, one in a thousand of which cannot be handled until `repair`, and a database that is to hear them. */
async function startPoisoned(open: () => Promise<EventLog>) {
  const [eventLog, database] = await Promise.all([open(), openCounters()])
  endings.push(() => Promise.all([eventLog.close(), database.close()]))
  await eventLog.ensureTopics([countersTopic])
  const events = Array.from({ length: EVENTS }, (_, index) =>
    counterEvent(crypto.randomUUID(), 1, {
      correlationid: `request ${index}`,
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
    }),
  )
  // Not at the end of a batch, so that others lie behind it.
  const poison = events.filter((_, index) => index % ONE_IN === 333)
  for (let start = 0; start < events.length; start += 200) await eventLog.append('counters', events.slice(start, start + 200))
  const poisoned = new Set(poison.map(({ id }) => id))
  let broken = true
  const consumer = onRaised(async (event, tx) => {
    await tx.note(event)
    if (broken && poisoned.has(event.id)) throw new Error('never')
  })
  return {
    eventLog,
    database,
    clock: manualClock(new Date()),
    consumers: [consumer],
    poison,
    repair() {
      broken = false
    },
    settle: () => expect.poll(() => eventLog.lag('readers'), { timeout: 60_000 }).toBe(0),
    /** How often each event has had its effect. */
    async handled(): Promise<Map<string, number>> {
      const rows = await database.store().effects()
      const byId = Map.groupBy(rows, ({ eventId }) => eventId)
      return new Map([...byId].map(([id, its]) => [id, its.length]))
    },
  }
}
