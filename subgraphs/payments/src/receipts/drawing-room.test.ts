import { expect, onTestFinished, test } from 'vitest'
import { createDrawingRoom, type DrawingOptions } from './drawing-room.ts'
import type { ReceiptFacts } from './facts.ts'

const facts: ReceiptFacts = {
  number: 'R-000001',
  issuer: ['Example School'],
  issuedAt: '2026-09-05 10:02 UTC',
  issuedAtMs: 0,
  payer: null,
  account: 'a',
  course: 'Drawing',
  price: 'EUR 1.00',
  refunded: 'EUR 0.00',
  left: 'EUR 1.00',
  payment: 'p',
}
const busy = expect.objectContaining({ code: 'SERVICE_UNAVAILABLE' })

function open(options: DrawingOptions = {}) {
  const room = createDrawingRoom(options)
  onTestFinished(() => room.close())
  return room
}

/** A thread that does this with what it is given. */
function thread(body: string): URL {
  return new URL(
    `data:text/javascript,${encodeURIComponent(`import { parentPort } from 'node:worker_threads'\nparentPort.on('message', (facts) => { ${body} })`)}`,
  )
}

test('draws in another thread: this one is never held up for long', async () => {
  const room = open()
  let longestMs = 0
  let before = performance.now()
  const beat = setInterval(() => {
    longestMs = Math.max(longestMs, performance.now() - before)
    before = performance.now()
  }, 1)
  const pdfs = await Promise.all(Array.from({ length: 10 }, () => room.draw(facts)))
  clearInterval(beat)
  expect(pdfs.every((pdf) => pdf.subarray(0, 5).toString() === '%PDF-')).toBe(true)
  expect(longestMs).toBeLessThan(250)
})

test('so many may wait; one more is refused at once, and those before it have theirs', async () => {
  const room = open({ mostWaiting: 3 })
  const drawn = Array.from({ length: 5 }, () => room.draw(facts))
  await expect(drawn[4]).rejects.toThrow(busy)
  expect(await Promise.all(drawn.slice(0, 4))).toHaveLength(4)
})

test('what takes too long is broken off, and the next has a thread of its own', async () => {
  const script = thread(`if (facts.number === 'for ever') for (;;) ; else parentPort.postMessage({ pdf: Uint8Array.of(1) })`)
  const room = open({ script, timeoutMs: 1_000 })
  const stuck = room.draw({ ...facts, number: 'for ever' })
  const next = room.draw(facts)
  await expect(stuck).rejects.toThrow(busy)
  expect([...(await next)]).toEqual([1])
})

test('a thread that needs too much memory ends alone', async () => {
  const script = thread(
    `if (facts.number === 'much') for (const kept = [];;) kept.push(new Array(1e5).fill(facts.price)); else parentPort.postMessage({ pdf: Uint8Array.of(1) })`,
  )
  const room = open({ script, heapMb: 32, timeoutMs: 20_000 })
  const much = room.draw({ ...facts, number: 'much' })
  const next = room.draw(facts)
  await expect(much).rejects.toThrow('memory')
  expect([...(await next)]).toEqual([1])
})

test('a thread with nothing to do ends, and begins again when there is', async () => {
  const script = thread(`globalThis.times = (globalThis.times ?? 0) + 1; parentPort.postMessage({ pdf: Uint8Array.of(globalThis.times) })`)
  const room = open({ script, idleMs: 20 })
  expect([...(await room.draw(facts))]).toEqual([1])
  await expect.poll(async () => [...(await room.draw(facts))], { interval: 100, timeout: 10_000 }).toEqual([1])
})

test('once it is closed, whoever waits is told', async () => {
  const room = createDrawingRoom({ script: thread('for (;;) ;'), timeoutMs: 60_000 })
  const waiting = [room.draw(facts), room.draw(facts)]
  const told = Promise.all(waiting.map((drawn) => expect(drawn).rejects.toThrow(busy)))
  await room.close()
  await told
  await expect(room.draw(facts)).rejects.toThrow(busy)
})
