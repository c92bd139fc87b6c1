import { describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { counterEvent, countersTopic } from '../../kit/src/testing/fixture/counter-store.ts'
import { logKinds, openBroker, type LogKind } from '../testkit/faults/broker.ts'
import type { Without } from '../testkit/faults/counter-service-broken.ts'
import { openCounterWorld } from '../testkit/faults/counter-world.ts'
import { rounds } from '../testkit/soak.ts'

// Kafka shares out the partitions of a dead member only when its session has ended.
const kills = { Postgres: rounds(200, 40), Kafka: rounds(200, 60) }
const SEED = 20_261_202
const BATCH = 20
const SESSION_MS = 1_000

/** Kills a consumer again and again in the middle of its batches, then lets one finish. */
async function killConsumers(kind: LogKind, kills: number, without?: Without) {
  const chance = createChance(SEED)
  const world = await openCounterWorld(await openBroker(kind))
  for (let kill = 0; kill < kills; kill++) {
    const ids = Array.from({ length: 20 }, () => crypto.randomUUID())
    const events = [1, 2].flatMap((version) => ids.map((id) => counterEvent(id, version)))
    await world.eventLog.append(countersTopic.name, events)
    const doomed = await world.start({
      databaseUrl: undefined,
      fault: ['consumer.after_commit_before_offset', chance.between(1, 15)],
      batch: BATCH,
      sessionTimeoutMs: SESSION_MS,
      without,
    })
    expect(await doomed.ended).toBe('SIGKILL')
  }
  await world.start({ databaseUrl: undefined, without, sessionTimeoutMs: SESSION_MS })
  await world.settle()
  const [topic, inbox, effects] = await Promise.all([world.delivered(), world.inbox(), world.effects()])
  return { topic: [...new Set(topic)].toSorted(), inbox: inbox.toSorted(), effects, noted: effects.map(({ id }) => id).toSorted() }
}

describe.each(logKinds)('%s', (kind) => {
  test(
    'R12 consumer crash mid-batch: every event of the topic is taken in and has one effect, in order',
    { timeout: 900_000 },
    async () => {
      const { topic, inbox, effects, noted } = await killConsumers(kind, kills[kind])
      expect(topic).toHaveLength(kills[kind] * 40)
      expect(inbox).toEqual(topic)
      expect(noted).toEqual(topic)
      for (const [id, found] of Map.groupBy(effects, ({ counterId }) => counterId))
        expect({ id, versions: found.map(({ version }) => version) }).toEqual({ id, versions: [1, 2] })
      console.log(`R12 (${kind}, seed ${SEED}): ${kills[kind]} kills, ${topic.length} events, ${noted.length} effects`)
    },
  )

  test(
    'R12 the controls: without the inbox effects are doubled, and with the offset moved on first they are lost',
    { timeout: 90_000 },
    async () => {
      const doubled = await killConsumers(kind, 2, 'inbox')
      expect(new Set(doubled.noted)).toEqual(new Set(doubled.topic))
      expect(doubled.noted.length).toBeGreaterThan(doubled.topic.length)
      const lost = await killConsumers(kind, 2, 'effect-before-offset')
      expect(new Set(lost.noted).size).toBeLessThan(lost.topic.length)
    },
  )
})
