import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, onTestFinished, test, vi } from 'vitest'
import { DomainError } from '../graphql/errors.ts'
import { countStatements } from '../testing/count-statements.ts'
import { query } from '../testing/query.ts'
import type { Listener } from './listener.ts'
import { numbers, numbersOf, openProcess, take, upTo, type Process } from './testing.ts'

/** Statements of the feeds' own, by what they do. */
async function feedStatements(work: () => Promise<unknown>): Promise<{ reads: number; polls: number; notifies: number; others: number }> {
  const { statements } = await countStatements(work)
  const texts = statements.map(({ text }) => text)
  const count = (pattern: RegExp) => texts.filter((text) => pattern.test(text)).length
  const counted = { reads: count(/CROSS JOIN LATERAL/), polls: count(/WITH here AS/), notifies: count(/pg_notify/) }
  const own = /INSERT INTO stellr\.feed |BEGIN|COMMIT/
  return { ...counted, others: texts.length - counted.reads - counted.polls - counted.notifies - count(own) }
}

const listeners = (process: Process, count: number, key: (n: number) => string) =>
  Promise.all(Array.from({ length: count }, (_, n) => process.hear(key(n))))

test('a thousand listeners of one stream cost one read for each change', async () => {
  const process = await openProcess()
  const all = await listeners(process, 1_000, () => 'a')
  expect(process.feeds.listeners).toBe(1_000)
  const { reads, notifies, others } = await feedStatements(async () => {
    for (const n of upTo(10)) {
      await process.tell({ n }, 'a')
      const heard = await Promise.all(all.map((listener) => take(listener, 1)))
      expect(heard.every(([entry]) => entry?.data.n === n)).toBe(true)
    }
  })
  expect(reads).toBeLessThanOrEqual(11)
  expect({ notifies, others }).toEqual({ notifies: 0, others: 0 })
  console.log(`1,000 listeners of one stream heard 10 changes by ${reads} reads`)
})

test('changes of many streams at once are read together', async () => {
  const process = await openProcess()
  const all = await listeners(process, 400, (n) => `stream ${n}`)
  const heard = Promise.all(all.map((listener) => take(listener, 1)))
  const { reads } = await feedStatements(async () => {
    await process.tell({ n: 1 }, ...Array.from({ length: 400 }, (_, n) => `stream ${n}`))
    await heard
  })
  expect(reads).toBeLessThanOrEqual(2)
})

test('who waits costs nothing but the one look a second that all share', async () => {
  const process = await openProcess({ pollMs: 100 })
  const all = await listeners(process, 500, (n) => `stream ${n % 100}`)
  for (const listener of all) void listener.next()
  await query(process.database.url, 'SELECT')
  const idle = () => feedStatements(() => new Promise((resolve) => setTimeout(resolve, 1_000)))
  const { polls, ...rest } = await idle()
  expect(polls).toBeGreaterThan(1)
  // One would be ten, and one for each stream a thousand; a busy machine takes longer than the second.
  expect(polls).toBeLessThan(50)
  expect(rest).toEqual({ reads: 0, notifies: 0, others: 0 })
  for (const listener of all) await listener.return?.()
  // A look that was under way is the last.
  await expect.poll(idle, { timeout: 15_000 }).toEqual({ polls: 0, reads: 0, notifies: 0, others: 0 })
})

test('with nobody listening a process sleeps', async () => {
  await openProcess({ pollMs: 100 })
  // What else this process does sets a few timers too; one that cannot sleep sets a thousand a second.
  const timers = vi.spyOn(globalThis, 'setTimeout')
  onTestFinished(() => timers.mockRestore())
  await new Promise((resolve) => setTimeout(resolve, 500))
  expect(timers.mock.calls.length).toBeLessThan(150)
})

test('a change that nobody listens to costs its own statement and nothing else', async () => {
  const [process, other] = await two()
  const cost = () => feedStatements(() => process.tell({ n: 1 }, 'a'))
  expect(await cost()).toEqual({ reads: 0, polls: 0, notifies: 0, others: 0 })
  // Somewhere else somebody listens: they are told, whatever it is that they listen to.
  await other.hear('b')
  await vi.waitUntil(async () => (await query(process.database.url, 'SELECT FROM stellr.feed_listener')).length > 0)
  await process.tell({ n: 2 }, 'a')
  const { notifies } = await feedStatements(() => new Promise((resolve) => setTimeout(resolve, 30)))
  expect(notifies).toBe(1)
})

test('a change in another process is heard at once', async () => {
  const [here, there] = await two({ pollMs: 60_000 })
  const listener = await there.hear('a')
  const listens = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND query = 'LISTEN stellr_feed'`
  await vi.waitUntil(async () => (await query(here.database.url, listens)).length === 1)
  for (const n of upTo(20)) {
    await here.tell({ n }, 'a')
    expect(numbersOf(await take(listener, 1))).toEqual([n])
  }
})

test('with every wake-up call lost, a change is heard within the next look; without that it is not', async () => {
  const arrives = async (pollMs: number) => {
    const [here, there] = await two({ pollMs })
    const listener = await there.hear('a')
    const heard = take(listener, 1)
    await vi.waitUntil(async () => (await query(here.database.url, 'SELECT FROM stellr.feed_listener')).length > 0)
    // Nobody seems to listen, so nobody is called.
    await query(here.database.url, 'DELETE FROM stellr.feed_listener')
    await here.tell({ n: 1 }, 'a')
    const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), 1_000))
    const outcome = await Promise.race([heard, late])
    await listener.return?.()
    return outcome
  }
  expect(await arrives(200)).toMatchObject([{ data: { n: 1 } }])
  expect(await arrives(60_000)).toBeNull()
})

test('what is committed while the database cannot be reached is heard when it can', async () => {
  const process = await openProcess({ pollMs: 100 })
  const listener = await process.hear('a')
  const heard = take(listener, 3)
  for (const n of upTo(3)) {
    const broken = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`
    await query(process.database.url, broken)
    await vi.waitUntil(() =>
      process.tell({ n }, 'a').then(
        () => true,
        () => false,
      ),
    )
  }
  expect(numbersOf(await heard)).toEqual(upTo(3))
})

test('ending settles at once, also what waits, and leaves nothing behind', async () => {
  const process = await openProcess()
  const waiting = await process.hear('a')
  const next = waiting.next()
  const reading = await process.hear('a', { each: () => new Promise<never>(() => {}) })
  const busy = reading.next()
  await process.tell({ n: 1 }, 'b')
  for (const [listener, pending] of [
    [waiting, next],
    [reading, busy],
  ] as const) {
    await listener.return?.()
    expect(await pending).toEqual({ done: true, value: undefined })
    expect(await listener.next()).toEqual({ done: true, value: undefined })
  }
  await process.tell({ n: 2 }, 'a')
  expect(process.feeds.listeners).toBe(0)
})

test('when a process stops, its listeners are told to come back, whether or not they wait just then', async () => {
  const process = await openProcess()
  const [waiting, other] = [await process.hear('a'), await process.hear('a')]
  const ending = Promise.allSettled([waiting.next()])
  await process.feeds.stop()
  expect(await ending).toMatchObject([{ status: 'rejected', reason: { code: 'SERVICE_UNAVAILABLE' } }])
  await expect(other.next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(await other.next()).toEqual({ done: true, value: undefined })
  // Who was about to listen finds nobody to wake them any more.
  await expect((await process.hear('a')).next()).rejects.toMatchObject({ code: 'SERVICE_UNAVAILABLE' })
  expect(process.feeds.listeners).toBe(0)
})

test('whoever may not hear the next change hears why, and then nothing', async () => {
  const process = await openProcess()
  const each = (entry: { data: { n: number } }) => {
    if (entry.data.n > 2) throw new DomainError('FORBIDDEN')
    return entry as never
  }
  const [listener, other] = [await process.hear('a', { each }), await process.hear('a')]
  for (const n of upTo(4)) await process.tell({ n }, 'a')
  expect(numbersOf(await take(listener, 2))).toEqual([1, 2])
  await expect(listener.next()).rejects.toMatchObject({ code: 'FORBIDDEN' })
  expect(await listener.next()).toEqual({ done: true, value: undefined })
  expect(numbersOf(await take(other, 4))).toEqual(upTo(4))
})

test('a listener that does not listen keeps nothing, and reads on where it was', async () => {
  const process = await openProcess()
  const [slow, fast] = [await process.hear('a'), await process.hear('a')]
  const heard = take(fast, 1_000)
  for (let n = 1; n <= 1_000; n += 50) {
    await process.database.store().transaction(async (tx) => {
      for (const m of upTo(50)) await tx.feed.add(numbers, 'a', { n: n + m - 1 })
    })
  }
  expect(numbersOf(await heard)).toEqual(upTo(1_000))
  expect(numbersOf(await take(slow, 1_000))).toEqual(upTo(1_000))
})

test('a listener that waits costs little memory', async () => {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as () => void
  const process = await openProcess()
  const used = () => {
    collect()
    return globalThis.process.memoryUsage().heapUsed
  }
  const kept: Listener<unknown>[] = []
  const waiting: unknown[] = []
  const grow = async (count: number, key: (n: number) => string) => {
    const before = used()
    for (const listener of await listeners(process, count, key)) {
      kept.push(listener)
      waiting.push(listener.next())
    }
    return Math.round((used() - before) / count)
  }
  await grow(500, () => 'warm')
  const [same, own] = [await grow(5_000, () => 'a'), await grow(5_000, (n) => `stream ${n}`)]
  console.log(`an idle listener takes ${same} bytes, ${own} with a stream of its own`)
  expect(same).toBeLessThan(4_000)
  expect(own).toBeLessThan(6_000)
  for (const listener of kept) await listener.return?.()
})

async function two(options: { pollMs?: number } = {}): Promise<[Process, Process]> {
  const here = await openProcess(options)
  return [here, await openProcess({ ...options, url: here.database.url })]
}
