import { afterEach, describe, expect, test } from 'vitest'
import { systemRandom } from '../ids.ts'
import { counterEvent, countersTopic } from '../testing/fixture/counters.ts'
import type { Envelope } from './contracts.ts'
import { readingContract } from './log-reading.contract.ts'
import type { BatchHandler, EventLog } from './log.ts'

const { id } = systemRandom

/**
 * What every event log promises. `open` opens a log with nothing in it; given one, another member's connection to that
 * same log, as a second process would have. `die` breaks every connection of such a member, as a crash would.
 */
export function eventLogContract<Log extends EventLog>(
  name: string,
  open: (beside?: Log) => Promise<Log>,
  die: (log: Log) => Promise<void>,
): void {
  describe(name, () => {
    const logs: Log[] = []

    afterEach(async () => {
      await Promise.all(logs.splice(0).map((log) => log.close()))
    })

    async function start(beside?: Log): Promise<Log> {
      const log = await open(beside)
      logs.push(log)
      await log.ensureTopics([countersTopic])
      return log
    }

    test('events of one aggregate arrive in the order in which they were appended', async () => {
      const log = await start()
      const ids = Array.from({ length: 10 }, id)
      const read = reader()
      await log.subscribe('readers', [countersTopic], read.handler)
      for (let version = 1; version <= 20; version += 1) {
        await log.append(
          'counters',
          ids.map((one) => counterEvent(one, version)),
        )
      }
      await expect.poll(() => read.events.length).toBe(200)
      for (const one of ids) expect(read.versionsOf(one)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1))
    })

    test('offsets rise within a partition, and one aggregate stays in one partition', async () => {
      const log = await start()
      const partitions = new Map<string, Set<number>>()
      const offsets = new Map<number, bigint[]>()
      await log.subscribe('readers', [countersTopic], async (records) => {
        for (const { partition, offset, event } of records) {
          partitions.set(event.subject, (partitions.get(event.subject) ?? new Set()).add(partition))
          offsets.set(partition, [...(offsets.get(partition) ?? []), offset])
        }
      })
      const ids = Array.from({ length: 20 }, id)
      await Promise.all([1, 2, 3].flatMap((version) => ids.map((one) => log.append('counters', [counterEvent(one, version)]))))
      await expect.poll(() => [...offsets.values()].flat().length).toBe(60)
      expect([...partitions.values()].every((found) => found.size === 1)).toBe(true)
      expect(offsets.size).toBeGreaterThan(1)
      for (const found of offsets.values()) expect(found).toEqual(found.toSorted((a, b) => Number(a - b)))
    })

    test('an event arrives as it was appended', async () => {
      const log = await start()
      const read = reader()
      const event = counterEvent(id(), 7, { correlationid: 'why', data: { text: 'ünï "quoted" \\ 😀', nested: { deep: [1, null, true] } } })
      await log.append('counters', [event])
      await log.subscribe('readers', [countersTopic], read.handler)
      await expect.poll(() => read.events).toEqual([event])
    })

    test('a group that is new starts at the beginning, and every group gets everything', async () => {
      const log = await start()
      const one = id()
      const first = reader()
      await log.subscribe('first', [countersTopic], first.handler)
      await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2)])
      await expect.poll(() => first.versionsOf(one)).toEqual([1, 2])
      const second = reader()
      await log.subscribe('second', [countersTopic], second.handler)
      await log.append('counters', [counterEvent(one, 3)])
      await expect
        .poll(() => [first.versionsOf(one), second.versionsOf(one)])
        .toEqual([
          [1, 2, 3],
          [1, 2, 3],
        ])
    })

    test('a group goes on where it stopped', async () => {
      const log = await start()
      const one = id()
      const before = reader()
      const subscription = await log.subscribe('readers', [countersTopic], before.handler)
      await log.append('counters', [counterEvent(one, 1)])
      await expect.poll(() => before.events.length).toBe(1)
      await subscription.stop()
      await log.append('counters', [counterEvent(one, 2)])
      const after = reader()
      await log.subscribe('readers', [countersTopic], after.handler)
      await expect.poll(() => after.versionsOf(one)).toEqual([2])
      expect(before.versionsOf(one)).toEqual([1])
    })

    test('two members share the work, and nothing is handled twice while nobody fails', async () => {
      const log = await start()
      const other = await start(log)
      const [one, two] = [reader(20), reader(20)]
      await log.subscribe('readers', [countersTopic], one.handler)
      await other.subscribe('readers', [countersTopic], two.handler)
      const ids = Array.from({ length: 40 }, id)
      for (let version = 1; version <= 5; version += 1) {
        await log.append(
          'counters',
          ids.map((each) => counterEvent(each, version)),
        )
      }
      await expect.poll(() => one.events.length + two.events.length).toBe(200)
      expect(one.events.length).toBeGreaterThan(0)
      expect(two.events.length).toBeGreaterThan(0)
      expect(new Set([...one.events, ...two.events].map((event) => event.id)).size).toBe(200)
    })

    test('a batch whose handler throws comes again', async () => {
      const log = await start()
      const read = reader()
      let failures = 0
      await log.subscribe('readers', [countersTopic], async (records, signal) => {
        if (failures < 3) {
          failures += 1
          throw new Error('not now')
        }
        await read.handler(records, signal)
      })
      const one = id()
      await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2)])
      await expect.poll(() => read.versionsOf(one)).toEqual([1, 2])
      expect(failures).toBe(3)
    })

    test('a member that is far behind when its group is shared out anew catches up', async () => {
      const log = await start()
      const other = await start(log)
      const read = reader()
      const begun = Promise.withResolvers<void>()
      let slow = true
      await log.subscribe('readers', [countersTopic], async (records, signal) => {
        begun.resolve()
        if (slow) await new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))
        await read.handler(records, signal)
      })
      const one = id()
      const versions = Array.from({ length: 400 }, (_, index) => index + 1)
      await log.append(
        'counters',
        versions.map((version) => counterEvent(one, version)),
      )
      await begun.promise
      const visitor = await other.subscribe('readers', [countersTopic], () => Promise.reject(new Error('not here')))
      slow = false
      await visitor.stop()
      await expect.poll(() => read.versionsOf(one), { timeout: 15_000 }).toEqual(versions)
    })

    test('a partition that fails does not hold up the others', async () => {
      const log = await start()
      const read = reader()
      const bad = id()
      await log.subscribe('readers', [countersTopic], async (records, signal) => {
        if (records.some(({ event }) => event.subject === bad)) throw new Error('never')
        await read.handler(records, signal)
      })
      await log.append('counters', [counterEvent(bad, 1)])
      const ids = Array.from({ length: 40 }, id)
      await log.append(
        'counters',
        ids.map((one) => counterEvent(one, 1)),
      )
      await expect.poll(() => read.events.length).toBeGreaterThan(15)
      expect(await log.lag('readers')).toBeGreaterThan(0)
    })

    test('what a member that died had in hand goes to another', async () => {
      const log = await start()
      const doomed = await start(log)
      const taken = Promise.withResolvers<void>()
      const subscription = await doomed.subscribe('readers', [countersTopic], () => {
        taken.resolve()
        return new Promise(() => {})
      })
      const one = id()
      await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2)])
      await taken.promise
      // So that it does not come back to life and take the same batch again.
      const stopped = subscription.stop()
      await die(doomed)
      await stopped
      const read = reader()
      await log.subscribe('readers', [countersTopic], read.handler)
      await expect.poll(() => read.versionsOf(one)).toEqual([1, 2])
    })

    test('lag counts what the group has not handled, and reaches zero', async () => {
      const log = await start()
      const gate = Promise.withResolvers<void>()
      expect(await log.lag('readers')).toBe(0)
      await log.subscribe('readers', [countersTopic], () => gate.promise)
      await log.append(
        'counters',
        Array.from({ length: 30 }, () => counterEvent(id(), 1)),
      )
      expect(await log.lag('readers')).toBe(30)
      gate.resolve()
      await expect.poll(() => log.lag('readers')).toBe(0)
    })

    test('a subscription that is stopped finishes the batch in hand and takes no other', async () => {
      const log = await start()
      const read = reader(50)
      const subscription = await log.subscribe('readers', [countersTopic], read.handler)
      const one = id()
      await log.append('counters', [counterEvent(one, 1)])
      await expect.poll(() => read.begun).toBe(1)
      await subscription.stop()
      expect(read.versionsOf(one)).toEqual([1])
      expect(await log.lag('readers')).toBe(0)
      await log.append('counters', [counterEvent(one, 2)])
      expect(await log.lag('readers')).toBe(1)
    })

    test('only topics that were asked for arrive', async () => {
      const log = await start()
      const others = { ...countersTopic, name: 'others' }
      await log.ensureTopics([others])
      const read = reader()
      await log.subscribe('readers', [others], read.handler)
      const one = id()
      await log.append('counters', [counterEvent(one, 1)])
      await log.append('others', [counterEvent(one, 2)])
      await expect.poll(() => read.versionsOf(one)).toEqual([2])
    })

    readingContract(start)
  })
}

/** A handler that keeps what it gets; `takesMs` is the work that it does for each batch. */
function reader(takesMs = 0) {
  const events: Envelope[] = []
  const counts = { begun: 0 }
  const handler: BatchHandler = async (records) => {
    counts.begun += 1
    if (takesMs > 0) await new Promise((resolve) => setTimeout(resolve, takesMs))
    events.push(...records.map(({ event }) => event))
  }
  return {
    events,
    handler,
    get begun() {
      return counts.begun
    },
    versionsOf: (subject: string) => events.filter((event) => event.subject === subject).map((event) => event.aggregateversion),
  }
}
