import type { EventLog } from '@stellr/kit'
import { users } from '@stellr/schema/events/topics'
import { describe, expect, onTestFinished, test } from 'vitest'
import { faultyLogKinds, openFaultyBroker } from '../testkit/faults/broker.ts'
import { openCounterWorld } from '../testkit/faults/counter-world.ts'
import { createLedger, kept } from '../testkit/faults/ledger.ts'
import { rename, startLoad } from '../testkit/faults/load.ts'
import { openSchool, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'

const OUTAGE_MS = rounds(300, 75) * 1000
const PER_SECOND = 40
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

describe.each(faultyLogKinds)('%s', (kind) => {
  test(
    'R10 broker down: writes go on, everything stays ready, and all events arrive in order afterwards',
    { timeout: 1_200_000 },
    async () => {
      const broker = await openFaultyBroker(kind)
      const school = await openSchool('distributed', { ...broker.env, METRICS_PORT: '0', AUTH_ACCESS_TOKEN_SECONDS: '3600' })
      onTestFinished(() => school.close())
      const people = await Promise.all(Array.from({ length: 8 }, () => school.register()))
      await school.settle()
      const witness = await startWitness(broker.eventLog)
      const load = startLoad(people, PER_SECOND, rename)
      // Long enough that what grows is not just what has begun to work.
      const healthy = await watch(school, OUTAGE_MS / 4)

      broker.fault({ reset: true })
      const cutOff = await watch(school, OUTAGE_MS / 2)
      broker.fault({ blackhole: true })
      const unheard = await watch(school, OUTAGE_MS / 2)
      await load.stop()
      const seen = witness.events.length
      broker.fault({})
      const healedAt = performance.now()
      await school.settle()
      const drainMs = performance.now() - healedAt
      await expect.poll(() => broker.eventLog.lag('witness')).toBe(0)

      const { ok, fail, unknown } = load.ledger.counts()
      expect(load.failures.slice(0, 3)).toEqual([])
      expect(ok / (ok + fail + unknown)).toBeGreaterThanOrEqual(0.999)
      expect([...cutOff.unready, ...unheard.unready]).toEqual([])
      expect(seen).toBeLessThan(ok)
      expect(drainMs).toBeLessThan(2 * OUTAGE_MS)
      const names = witness.events.filter(({ type }) => type === 'profile.updated').map(({ data }) => String(data['name']))
      expect(load.ledger.compare([...new Set(names)])).toEqual(kept)
      expect(disorder(witness.events)).toEqual([])
      const grownMb = Math.max(...Object.entries(unheard.memory).map(([name, bytes]) => (bytes - (healthy.memory[name] ?? 0)) / 1_048_576))
      expect(grownMb).toBeLessThan(80)
      const during = `${ok - seen} events waited, drained in ${(drainMs / 1000).toFixed(1)} s; the process that grew most grew by ${grownMb.toFixed(0)} MB`
      console.log(
        `R10 (${kind}): ${OUTAGE_MS / 1000} s without the event log; ${String(load.ledger)}; readiness asked ${cutOff.asked + unheard.asked} times; ${during}`,
      )
    },
  )

  test(
    'R10 the controls: a service that publishes within its writes stops writing, and events out of order are told',
    { timeout: 90_000 },
    async () => {
      const broker = await openFaultyBroker(kind)
      const world = await openCounterWorld(broker)
      const [sound, broken] = [await world.start(), await world.start({ without: 'outbox' })]
      const ledgers = [createLedger(), createLedger()] as const
      broker.fault({ reset: true })
      for (let turn = 0; turn < 5; turn++) {
        for (const [index, each] of [sound, broken].entries()) {
          const id = crypto.randomUUID()
          await ledgers[index]?.record(id, () => each.raise(id))
        }
      }
      expect(ledgers.map((ledger) => ledger.counts().ok)).toEqual([5, 0])
      const versions = (...given: number[]) => given.map((aggregateversion) => ({ subject: 'one', type: 'x.y', aggregateversion }))
      expect(disorder(versions(1, 2, 3))).toEqual([])
      expect(disorder(versions(1, 3, 2))).not.toEqual([])
      expect(disorder(versions(1, 1))).not.toEqual([])
    },
  )
})

interface Told {
  subject: string
  type: string
  aggregateversion: number
}

/** What arrived after a later, or the same, version of its aggregate. */
function disorder(events: readonly Told[]): Told[] {
  const latest = new Map<string, number>()
  return events.filter(({ subject, type, aggregateversion }) => {
    const aggregate = `${type.split('.')[0]} ${subject}`
    const late = aggregateversion <= (latest.get(aggregate) ?? 0)
    latest.set(aggregate, Math.max(aggregateversion, latest.get(aggregate) ?? 0))
    return late
  })
}

/** A consumer of a group of its own, which writes down what it is given once. */
async function startWitness(eventLog: EventLog) {
  const known = new Set<string>()
  const events: { id: string; subject: string; type: string; aggregateversion: number; data: Record<string, unknown> }[] = []
  const subscription = await eventLog.subscribe('witness', [users], async (records) => {
    for (const { event } of records) if (!known.has(event.id)) events.push(event)
    for (const { event } of records) known.add(event.id)
  })
  onTestFinished(() => subscription.stop())
  return { events }
}

/** Asks every process again and again whether it is ready; says which were not, and the most memory that each had. */
async function watch(school: School, forMs: number) {
  const seen = { asked: 0, unready: [] as string[], memory: {} as Record<string, number> }
  for (const begun = performance.now(); performance.now() - begun < forMs; await wait(200)) {
    const asking = Object.values(school.processes).map(async ({ name, url, metricsUrl }) => {
      const { status } = await fetch(`${url}/readyz`)
      seen.asked += 1
      if (status !== 200) seen.unready.push(`${name}: ${status}`)
      const text = await (await fetch(metricsUrl ?? '')).text()
      const bytes = Number(/^process_resident_memory_bytes (\S+)$/m.exec(text)?.[1])
      seen.memory[name] = Math.max(seen.memory[name] ?? 0, bytes)
    })
    await Promise.all(asking)
  }
  return seen
}
