import { expect, test } from 'vitest'
import { systemRandom } from '../ids.ts'
import { counterEvent, countersTopic } from '../testing/fixture/counters.ts'
import type { EventLog, LogRecord } from './log.ts'

const { id } = systemRandom

/** What every event log promises to those who look at it without being in a group. A part of log.contract.ts. */
export function readingContract<Log extends EventLog>(start: (beside?: Log) => Promise<Log>): void {
  test('positions tell for each partition how far the group is and where the log ends', async () => {
    const log = await start()
    const gate = Promise.withResolvers<void>()
    expect(await log.positions('nobody')).toEqual([])
    const subscription = await log.subscribe('readers', [countersTopic], () => gate.promise)
    const ids = Array.from({ length: 30 }, id)
    await log.append(
      'counters',
      ids.map((one) => counterEvent(one, 1)),
    )
    const before = await log.positions('readers')
    expect(before.map(({ topic, partition }) => `${topic} ${partition}`)).toEqual([0, 1, 2, 3].map((partition) => `counters ${partition}`))
    expect(sum(before.map(({ next, end }) => end - next))).toBe(30)
    gate.resolve()
    await expect.poll(async () => (await log.positions('readers')).every(({ next, end }) => next === end)).toBe(true)
    expect((await log.positions('readers')).map(({ end }) => end)).toEqual(before.map(({ end }) => end))
    await subscription.stop()
    // Whoever is no member of the group sees it too.
    const outside = await start(log)
    await expect.poll(async () => sum((await outside.positions('readers')).map(({ next }) => next))).toBe(30)
  })

  test('a topic is read whole, in the order of each partition, by whoever asks, and no group is moved by it', async () => {
    const log = await start()
    const ids = Array.from({ length: 10 }, id)
    const versions = Array.from({ length: 120 }, (_, index) => index + 1)
    for (const version of versions) {
      await log.append(
        'counters',
        ids.map((one) => counterEvent(one, version)),
      )
    }
    const records = await all(log.read('counters'))
    expect(records).toHaveLength(1_200)
    for (const one of ids) expect(versionsOf(one, records)).toEqual(versions)
    expect(records.map(({ partition }) => partition)).toEqual(records.map(({ partition }) => partition).toSorted((a, b) => a - b))
    for (const its of Map.groupBy(records, ({ partition }) => partition).values()) {
      const offsets = its.map(({ offset }) => offset)
      expect(offsets).toEqual(offsets.toSorted((a, b) => Number(a - b)))
    }
    expect(await all(log.read('counters'))).toEqual(records)
    let handled = 0
    await log.subscribe('readers', [countersTopic], async (batch) => {
      handled += batch.length
    })
    await expect.poll(() => handled).toBe(1_200)
  })

  test('reading ends where the topic ended when it began, and may be left off early', async () => {
    const log = await start()
    const one = id()
    const event = counterEvent(one, 1)
    await log.append('counters', [event])
    const read: string[] = []
    for await (const record of log.read('counters')) {
      read.push(record.event.id)
      await log.append(
        'counters',
        Array.from({ length: 20 }, () => counterEvent(id(), 1)),
      )
    }
    expect(read).toEqual([event.id])
    for await (const { event: first } of log.read('counters')) {
      expect(first.aggregateversion).toBe(1)
      break
    }
    expect(await all(log.read('counters'))).toHaveLength(21)
  })

  test('a topic is read from a moment on: by when events were appended, not when they happened', async () => {
    const log = await start()
    const ids = Array.from({ length: 10 }, id)
    const long = { time: '2020-01-01T00:00:00.000Z' }
    for (const version of [1, 2, 3]) {
      await log.append(
        'counters',
        ids.map((one) => counterEvent(one, version, long)),
      )
    }
    await passTime()
    const from = new Date()
    await passTime()
    for (const version of [4, 5]) {
      await log.append(
        'counters',
        ids.map((one) => counterEvent(one, version, long)),
      )
    }
    const records = await all(log.read('counters', from))
    for (const one of ids) expect(versionsOf(one, records)).toEqual([4, 5])
    expect(records).toHaveLength(20)
    expect(await all(log.read('counters', new Date(0)))).toHaveLength(50)
    expect(await all(log.read('counters', new Date(Date.now() + 60_000)))).toEqual([])
  })

  test('an empty topic is read as nothing, and one that is not there is refused by name', async () => {
    const log = await start()
    expect(await all(log.read('counters'))).toEqual([])
    await expect(all(log.read('nowhere'))).rejects.toThrow('No topic is called nowhere')
  })
}

async function all(records: AsyncIterable<LogRecord>): Promise<LogRecord[]> {
  return Array.fromAsync(records)
}

function versionsOf(subject: string, records: readonly LogRecord[]): number[] {
  return records.filter(({ event }) => event.subject === subject).map(({ event }) => event.aggregateversion)
}

function sum(numbers: readonly bigint[]): number {
  return Number(numbers.reduce((total, each) => total + each, 0n))
}

// So that what is appended before and after a moment differs by more than a log's clock can tell.
async function passTime(): Promise<void> {
  const began = Date.now()
  while (Date.now() - began < 5) await new Promise((resolve) => setTimeout(resolve, 2))
}
