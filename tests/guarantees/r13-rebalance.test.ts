import { setTimeout as wait } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { counterEvent, countersTopic } from '../../kit/src/testing/fixture/counter-store.ts'
import { logKinds, openBroker } from '../testkit/faults/broker.ts'
import type { CounterProcess } from '../testkit/faults/counter-process.ts'
import { openCounterWorld, type CounterWorld } from '../testkit/faults/counter-world.ts'
import { rounds } from '../testkit/soak.ts'

const EVENTS = rounds(20_000)
const TURN_MS = rounds(5_000)
const AGGREGATES = 50
const SESSION_MS = 1_000
const PAUSE_MS = rounds(60_000, 30)
// So that the events last as long as the turns.
const PAUSE_BETWEEN_MS = rounds(250, 2)
const SEED = 20_261_203

describe.each(logKinds)('%s', (kind) => {
  test(
    'R13 members join, leave, die and sleep past their session: no event is lost, doubled or stale',
    { timeout: 1_200_000 },
    async () => {
      const chance = createChance(SEED)
      const world = await openCounterWorld(await openBroker(kind))
      const join = () => world.start({ databaseUrl: undefined, sessionTimeoutMs: SESSION_MS, batch: 20 })
      const members: CounterProcess[] = [await join(), await join(), await join()]
      const turns = { joined: members.length, left: 0, killed: 0 }
      let appending = true
      const appended = append(world, EVENTS, PAUSE_BETWEEN_MS).finally(() => (appending = false))
      // In the middle of what was appended at once, and so of a batch.
      await expect.poll(async () => (await world.effects()).length, { interval: 5 }).toBeGreaterThan(20)
      const asleep = members.shift()
      asleep?.pause()
      const awake = wait(PAUSE_MS).then(() => asleep?.resume())
      while (appending) {
        await wait(TURN_MS)
        const leaver = members.splice(chance.between(0, members.length - 1), 1)[0]
        if (chance.next() < 0.5) await leaver?.leave().then(() => turns.left++)
        else await leaver?.kill().then(() => turns.killed++)
        members.push(await join())
        turns.joined += 1
      }
      const ids = await appended
      await awake
      await world.settle()

      const effects = await world.effects()
      expect(effects.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
      for (const [counterId, found] of Map.groupBy(effects, (effect) => effect.counterId)) {
        const versions = found.map(({ version }) => version)
        expect({ counterId, versions }).toEqual({ counterId, versions: versions.map((_, index) => index + 1) })
      }
      console.log(
        `R13 (${kind}, seed ${SEED}): ${effects.length} events of ${AGGREGATES} aggregates; ${turns.joined} joined, ${turns.left} left, ${turns.killed} killed, one asleep for ${PAUSE_MS / 1000} s`,
      )
    },
  )

  test('R13 the control: without the inbox a member that wakes up does again what others have done', { timeout: 90_000 }, async () => {
    const world = await openCounterWorld(await openBroker(kind))
    const zombie = await world.start({ databaseUrl: undefined, sessionTimeoutMs: SESSION_MS, without: 'inbox' })
    const ids = await append(world, 400, 0)
    await expect.poll(async () => (await world.effects()).length, { interval: 5 }).toBeGreaterThan(10)
    zombie.pause()
    await world.start({ databaseUrl: undefined, sessionTimeoutMs: SESSION_MS, without: 'inbox' })
    await world.settle()
    zombie.resume()
    await expect.poll(async () => (await world.effects()).length).toBeGreaterThan(ids.length)
  })
})

/** Appends events of a few aggregates in the order of their versions, half a thousand at once and then slowly; returns their ids. */
async function append(world: CounterWorld, count: number, pauseMs: number): Promise<string[]> {
  const subjects = Array.from({ length: AGGREGATES }, () => crypto.randomUUID())
  const ids: string[] = []
  for (let version = 1; version <= count / AGGREGATES; version++) {
    const events = subjects.map((subject) => counterEvent(subject, version))
    await world.eventLog.append(countersTopic.name, events)
    ids.push(...events.map(({ id }) => id))
    if (version >= 10) await wait(pauseMs)
  }
  return ids
}
