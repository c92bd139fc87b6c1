import { expect, test } from 'vitest'
import { z } from 'zod'
import { openCounters } from '../testing/fixture/counters.ts'
import { atTheEnd } from '../testing/fixture/reader.ts'
import { query } from '../testing/query.ts'
import { writeCursor } from './cursors.ts'
import { defineFeed } from './feeds.ts'
import { numbers, numbersOf, openProcess, take, upTo, type NumberEntry } from './testing.ts'
import { trimFeeds } from './trim-feeds.ts'

test('many writers, and listeners fast, slow and coming back: each hears everything once, in the order of the commits', async () => {
  const here = await openProcess()
  const there = await openProcess({ url: here.database.url })
  const [writers, each, streams] = [8, 25, ['a', 'b', 'c']]
  const total = writers * each
  await here.tell({ n: 0, by: 'first' }, ...streams)

  // Comes back after every few events, to either process, with the cursor that they had.
  const comeBack = async (key: string) => {
    const heard: NumberEntry[] = []
    let after: string | undefined
    while (heard.length < total) {
      const listener = await (heard.length % 2 ? here : there).hear(key, { after })
      const some = await take(listener, Math.min(7, total - heard.length))
      await listener.return?.()
      heard.push(...some)
      after = some.at(-1)?.cursor
    }
    return heard
  }
  const listeners = streams.flatMap((key) => [
    ...[here, there].map(async (process) => take(await process.hear(key), total)),
    here.hear(key).then((listener) => take(listener, total, (n) => (n % 20 === 0 ? 30 : 0))),
  ])
  const returning = streams.map(comeBack)
  // The first visit of whoever comes back must be there before anything is told.
  await expect.poll(() => here.feeds.listeners + there.feeds.listeners).toBe(12)

  await Promise.all(
    Array.from({ length: writers }, async (_, writer) => {
      for (const n of upTo(each)) {
        const order = (writer + n) % 2 ? streams : streams.toReversed()
        await (writer % 2 ? here : there).tell({ n, by: `writer ${writer}` }, ...order)
      }
    }),
  )

  const heard = await Promise.all([...listeners, ...returning])
  for (const [index, entries] of heard.entries()) {
    const key = index < 9 ? streams[Math.floor(index / 3)] : streams[index - 9]
    const rows = await query<{ data: object }>(here.database.url, 'SELECT data FROM stellr.feed WHERE stream = $1 ORDER BY seq OFFSET 1', [
      `numbers:${key}`,
    ])
    expect(rows).toHaveLength(total)
    expect(entries.map(({ data }) => data)).toEqual(rows.map(({ data }) => data))
  }
  const byWriter = Map.groupBy(heard[0] ?? [], ({ data }) => data.by)
  for (const its of byWriter.values()) expect(numbersOf(its)).toEqual(upTo(each))
  console.log(`${heard.length} listeners of 3 streams in 2 processes heard ${heard.flat().length} entries of ${writers} writers`)
})

test('what is rolled back is told to nobody', async () => {
  const { database, hear, tell } = await openProcess()
  const listener = await hear('a')
  const failing = database.store().transaction(async (tx) => {
    await tx.feed.add(numbers, 'a', { n: 13 })
    throw new Error('no')
  })
  await expect(failing).rejects.toThrow('no')
  await tell({ n: 1 }, 'a')
  expect(numbersOf(await take(listener, 1))).toEqual([1])
})

test('the present state comes first, then every change after it: none is missing and none comes twice', async () => {
  const { database, feeds } = await openProcess()
  const elsewhere = (await openProcess({ url: database.url })).database
  const versions = defineFeed('versions', { keepHours: 1, data: z.object({ version: z.int() }) })
  const id = database.random.id()
  const raise = () =>
    elsewhere.store().transaction(async (tx) => {
      const { version } = await tx.raise(id)
      await tx.feed.add(versions, id, { version })
      return version
    })
  await raise()
  // Reads the state a moment after its place in the stream, when it has changed already.
  const listen = async (reads: 'one moment' | 'now', last: number) => {
    const listener = await feeds.listen(versions, id, {
      async first(store) {
        await raise()
        const counter = await (reads === 'now' ? elsewhere.store() : store).counter(id)
        return { data: { version: counter?.version ?? 0 }, at: new Date() }
      },
      each: ({ data }) => data.version,
    })
    for (let version = 0; version < last;) version = await raise()
    const heard: number[] = []
    while (heard.at(-1) !== last) heard.push(...(await take(listener, 1)))
    return heard
  }
  expect(await listen('one moment', 5)).toEqual([1, 2, 3, 4, 5])
  // The control: read by itself, the state knows what comes after its place, and that comes again.
  expect(await listen('now', 10)).toEqual([6, 6, 7, 8, 9, 10])
})

test('a stream that has told nothing yet gives a cursor with its present state, and goes on from there', async () => {
  const { tell, hear } = await openProcess()
  const first = async () => ({ data: { n: 0, by: '' }, at: new Date(5) })
  const early = await hear('new', { first })
  const [opening] = await take(early, 1)
  await early.return?.()
  expect(opening).toMatchObject({ data: { n: 0 }, at: new Date(5) })
  const idle = await hear('new', { after: opening?.cursor ?? '' })
  await tell({ n: 1 }, 'new')
  const late = await hear('new', { after: opening?.cursor ?? '' })
  expect(numbersOf(await take(late, 1))).toEqual([1])
  expect(numbersOf(await take(idle, 1))).toEqual([1])
})

test('without a present state to begin with, a listener hears what happens from then on', async () => {
  const { tell, hear } = await openProcess()
  const nothing = await hear('a')
  await tell({ n: 1 }, 'a')
  const some = await hear('a')
  await tell({ n: 2 }, 'a')
  expect(numbersOf(await take(nothing, 2))).toEqual([1, 2])
  expect(numbersOf(await take(some, 1))).toEqual([2])
})

test.each([
  ['never told anything', 0],
  ['told something', 1],
])('where a stream stands that has %s can be asked, and nothing that is told from then on is missed', async (_what, before) => {
  const { database, feeds, tell, hear } = await openProcess()
  if (before > 0) await tell({ n: 0 }, 'a')
  const cursor = await feeds.cursor(numbers, 'a')
  const listener = await hear('a')
  expect(listener.since).toBe(cursor)
  await listener.return?.()
  await tell({ n: 1 }, 'a')
  expect(numbersOf(await take(await hear('a', { after: cursor }), 1))).toEqual([1])
  // The control: without a cursor it is missed.
  await tell({ n: 2 }, 'a')
  const forgetful = await hear('a')
  await tell({ n: 3 }, 'a')
  expect(numbersOf(await take(forgetful, 1))).toEqual([3])
  expect(await query(database.url, 'SELECT FROM stellr.feed WHERE seq IN (SELECT seq FROM stellr.feed_head)')).toHaveLength(1)
})

test('where a stream stands is kept from when it is asked, however long ago anything was told', async () => {
  const { database, feeds, tell, hear } = await openProcess()
  await tell({ n: 0 }, 'a')
  await query(database.url, `UPDATE stellr.feed SET keep_until = now() + interval '1 s'`)
  const cursor = await feeds.cursor(numbers, 'a')
  const left = `SELECT round(extract(epoch FROM keep_until - now()) / 60)::int AS minutes FROM stellr.feed`
  expect(await query(database.url, left)).toEqual([{ minutes: 60 }])
  await query(database.url, `UPDATE stellr.feed SET keep_until = keep_until - interval '20 minutes'`)
  expect(await feeds.cursor(numbers, 'a')).toBe(cursor)
  // Once in a while is enough: whoever asks does not write each time.
  expect(await query(database.url, left)).toEqual([{ minutes: 40 }])
  await tell({ n: 1 }, 'a')
  expect(numbersOf(await take(await hear('a', { after: cursor }), 1))).toEqual([1])
})

test.each([
  ['no cursor of ours', () => 'x'],
  ['a page’s', () => Buffer.from(JSON.stringify(['reviews', ['2026', 'x']])).toString('base64url')],
  ['one of another stream', () => writeCursor('numbers:b', 5)],
  ['a number that is none', () => writeCursor('numbers:a', 1.5)],
  ['a long one', () => 'W'.repeat(100_000)],
])('a cursor that is %s is refused', async (_what, cursor) => {
  const { tell, hear } = await openProcess()
  await tell({ n: 1 }, 'a')
  await expect(hear('a', { after: cursor() })).rejects.toMatchObject({
    code: 'BAD_USER_INPUT',
    details: [{ path: 'after', rule: 'cursor' }],
  })
})

test('a cursor after which something is no longer kept, or that the database does not know, asks to begin anew', async () => {
  const { database, tell, hear } = await openProcess()
  const listener = await hear('a')
  for (const n of upTo(5)) await tell({ n }, 'a')
  const entries = await take(listener, 5)
  await query(database.url, `UPDATE stellr.feed SET keep_until = now() - interval '1 s' WHERE (data ->> 'n')::int <= 3`)
  expect(await trimFeeds(database.pool, 2)).toBe(2)
  expect(await trimFeeds(database.pool, 2)).toBe(1)
  expect(await trimFeeds(database.pool, 2)).toBe(0)
  const after = (n: number) => hear('a', { after: entries[n - 1]?.cursor })
  await expect(after(1)).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
  await expect(after(2)).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
  expect(numbersOf(await take(await after(3), 2))).toEqual([4, 5])
  await expect(hear('a', { after: writeCursor('numbers:a', Date.now() + 60_000) })).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
  await expect(hear('never', { after: writeCursor('numbers:never', 1) })).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
})

test('a stream that was quiet for long is forgotten, and its cursors fit no stream that begins again', async () => {
  const { database, tell, hear } = await openProcess()
  const listener = await hear('a')
  await tell({ n: 1 }, 'a')
  const [entry] = await take(listener, 1)
  await listener.return?.()
  await query(database.url, `UPDATE stellr.feed SET keep_until = now() - interval '1 s'`)
  // The place where the listener began, and what was told.
  expect(await trimFeeds(database.pool)).toBe(2)
  expect(await query(database.url, 'SELECT FROM stellr.feed_head')).toEqual([])
  await tell({ n: 2 }, 'a')
  await expect(hear('a', { after: entry?.cursor })).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
})

test('a listener who falls behind what is kept is told so', async () => {
  const { database, tell, hear } = await openProcess()
  await tell({ n: 0 }, 'a')
  const slow = await hear('a')
  for (const n of upTo(450)) await tell({ n }, 'a')
  expect(numbersOf(await take(slow, 10))).toEqual(upTo(10))
  await query(database.url, `UPDATE stellr.feed SET keep_until = now() - interval '1 s' WHERE (data ->> 'n')::int <= 400`)
  expect(await trimFeeds(database.pool)).toBe(401)
  await expect(take(slow, 440)).rejects.toMatchObject({ code: 'RESYNC_REQUIRED' })
  expect(await slow.next()).toEqual({ done: true, value: undefined })
})

test('only feeds that a domain declares can be written to', async () => {
  const database = await openCounters({ feeds: [] })
  atTheEnd(() => database.close())
  const telling = database.store().transaction((tx) => tx.feed.add(numbers, 'a', { n: 1 }))
  await expect(telling).rejects.toThrow('counters does not declare the feed numbers')
})

test('what does not fit the feed is refused where it is told', async () => {
  const { tell } = await openProcess()
  await expect(tell({ n: 1.5 }, 'a')).rejects.toThrow('int')
})
