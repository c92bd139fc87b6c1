import { openRawSocket, type RawSocket } from '@stellr/kit/testing'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, onTestFinished, test } from 'vitest'
import { liveSchool, type LiveSchool } from '../../router/src/testing/live-school.ts'
import { topologies } from '../../router/src/testing/platform.ts'
import { rounds } from '../testkit/soak.ts'

// The router as it is, over made-up subgraphs, so that what listens there can be counted.

const LISTEN = 'subscription { publicTicks { number } }'
const FLOOD = rounds(2000, 4)
const settings = { maxSocketsWaiting: 200, maxSocketsPerAddress: 5000 }

async function letIn({ url }: LiveSchool): Promise<RawSocket> {
  const socket = await connect(url)
  onTestFinished(() => socket.drop())
  return socket
}

async function connect(url: string): Promise<RawSocket> {
  const socket = await openRawSocket(url)
  socket.send({ type: 'connection_init' })
  expect(await socket.next()).toEqual({ type: 'connection_ack' })
  return socket
}

/** Megabytes in use, after everything that nobody holds is gone. */
function inUse(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  const { heapUsed, external } = process.memoryUsage()
  return (heapUsed + external) / 1_000_000
}

describe.each(topologies)('%s', (topology) => {
  test('S14 sockets that never say who they are: capped while they come, closed after three seconds, and others get in', async () => {
    const school = await liveSchool(topology, { settings })
    await letIn(school)
    const codes = new Map<string, number>()
    const count = (outcome: string) => codes.set(outcome, (codes.get(outcome) ?? 0) + 1)
    const begun = Date.now()
    const flood = Array.from({ length: FLOOD }, async () => {
      try {
        const socket = await openRawSocket(school.url)
        count(String((await socket.closed).code))
      } catch (error) {
        count(error instanceof Error ? error.message : 'unknown')
      }
    })
    await Promise.all(flood)
    expect([...codes.keys()].toSorted()).toEqual(['4408', 'handshake refused with 429'])
    // On a slow machine the first are gone before the last come.
    const turns = 1 + Math.floor((Date.now() - begun) / 3000)
    expect(codes.get('4408')).toBeLessThanOrEqual(settings.maxSocketsWaiting * turns)
    await letIn(school)
    console.log(`S14 (${topology}): of ${FLOOD} silent sockets`, Object.fromEntries(codes))
  })

  test('S14 a thousand subscriptions on one socket: at most fifty are begun, and none is left when it is closed', async () => {
    const school = await liveSchool(topology, { settings: { ...settings, maxSocketMessagesPerSecond: 2000 } })
    const socket = await letIn(school)
    for (let id = 0; id < 1000; id++) socket.send({ id: String(id), type: 'subscribe', payload: { query: LISTEN } })
    await expect.poll(() => socket.received.length).toBe(951)
    expect(
      socket.received.slice(1).every(({ type, payload }) => type === 'error' && payload[0].extensions.code === 'TOO_MANY_OPERATIONS'),
    ).toBe(true)
    await expect.poll(() => school.ticker.listeners).toBe(50)
    socket.drop()
    await expect.poll(() => school.ticker.listeners).toBe(0)
    // As it comes: a thousand messages within a second are too many by themselves.
    const stock = await liveSchool(topology)
    const flooding = await letIn(stock)
    for (let id = 0; id < 1000; id++) flooding.send({ id: String(id), type: 'subscribe', payload: { query: LISTEN } })
    expect((await flooding.closed).code).toBe(1008)
    await expect.poll(() => stock.ticker.listeners).toBe(0)
  })

  test('S14 frames of 65 KB and a second init close the socket; nothing of the frame is read', async () => {
    const school = await liveSchool(topology)
    const large = await letIn(school)
    const text = `${LISTEN} ${'#'.repeat(65 * 1024)}`
    large.send({ id: '1', type: 'subscribe', payload: { query: text } })
    expect((await large.closed).code).toBe(1009)
    const twice = await letIn(school)
    twice.send({ type: 'connection_init' })
    expect((await twice.closed).code).toBe(4429)
    expect(school.ticker.asked).toEqual([])
    // The control: the same subscription in a frame that fits.
    const fits = await letIn(school)
    fits.send({ id: '1', type: 'subscribe', payload: { query: text.slice(0, 60_000) } })
    await expect.poll(() => school.ticker.listeners).toBe(1)
  })
})

test('S14 memory returns: rounds of sockets with subscriptions leave nothing behind', { timeout: 120_000 }, async () => {
  const school = await liveSchool('over HTTP', { settings })
  const round = async () => {
    const sockets = await Promise.all(Array.from({ length: 100 }, () => connect(school.url)))
    for (const socket of sockets) socket.send({ id: '1', type: 'subscribe', payload: { query: LISTEN } })
    await expect.poll(() => school.ticker.listeners).toBe(100)
    school.ticker.tell(1)
    for (const socket of sockets) expect(await socket.next()).toMatchObject({ type: 'next' })
    for (const socket of sockets) socket.drop()
    await expect.poll(() => school.ticker.listeners).toBe(0)
  }
  await round()
  const before = inUse()
  for (let number = 0; number < rounds(40); number++) await round()
  const grown = inUse() - before
  console.log(`S14: ${rounds(40) * 100} sockets later ${grown.toFixed(1)} MB more are in use than the ${before.toFixed(0)} MB before`)
  expect(grown).toBeLessThan(5)
})

test('S14 the control: without the limits the same floods get in', async () => {
  const school = await liveSchool('in memory', {
    settings: { socketInitMs: 60_000, maxSocketOperations: 10_000, maxSocketMessagesPerSecond: 10_000, maxSocketMessageBytes: 1_000_000 },
  })
  const silent = await Promise.all(Array.from({ length: 400 }, () => openRawSocket(school.url)))
  onTestFinished(() => {
    for (const socket of silent) socket.drop()
  })
  const socket = await letIn(school)
  for (let id = 0; id < 1000; id++) socket.send({ id: String(id), type: 'subscribe', payload: { query: LISTEN } })
  await expect.poll(() => school.ticker.listeners).toBe(1000)
  socket.send({ id: 'large', type: 'subscribe', payload: { query: `${LISTEN} ${'#'.repeat(65 * 1024)}` } })
  await expect.poll(() => school.ticker.listeners).toBe(1001)
  expect(silent.every(({ socket: { readyState, OPEN } }) => readyState === OPEN)).toBe(true)
})
