import { anonymous, ClosesSocket, type SubgraphResult, type SubgraphStream } from '@stellr/kit'
import { expect, test } from 'vitest'
import { createErrorFormat } from '../errors.ts'
import { silent } from '../testing/fake-subgraph.ts'
import { StreamLost } from '../transports/failures.ts'
import type { SubgraphTransport } from '../transports/transport.ts'
import type { GatewayRequest, SubscriptionPlan } from './plans.ts'
import { openSubscription } from './subscriptions.ts'

// When a subgraph goes away, step by step: what is waited for, what the client is sent to come back for, what is refused.

const refused = (code: string): SubgraphResult => ({ errors: [{ message: 'no', extensions: { code } }] })
const event = (number: number): SubgraphResult => ({ data: { number } })

/** A stream of these, then nothing more to come; an Error is thrown. */
function streamOf(...items: (SubgraphResult | Error)[]): SubgraphStream {
  const left = [...items]
  const stream: SubgraphStream = {
    async next() {
      const item = left.shift()
      if (item instanceof Error) throw item
      return item ? { done: false, value: item } : { done: true, value: undefined }
    },
    return: async () => ({ done: true, value: undefined }),
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

/** A subscription whose subgraph answers each attempt with the next of these. */
function subscribe(
  attempts: (SubgraphStream | SubgraphResult)[],
  { patienceMs = 5000, signal = new AbortController().signal, asked = [] as unknown[] } = {},
) {
  const left = [...attempts]
  const transport: Pick<SubgraphTransport, 'name' | 'subscribe'> = {
    name: 'progress',
    async subscribe({ since }) {
      asked.push(since)
      return left.shift() ?? refused('SERVICE_UNAVAILABLE')
    },
  }
  let whole: SubgraphResult = {}
  const plan = {
    primary: { operation: 'subscription { number }', operationName: undefined },
    complete: async (services: Record<string, { process(fetch: unknown): Promise<SubgraphResult> }>) => {
      whole = (await services['progress']?.process({ request: { query: 'subscription { number }' } })) ?? {}
      return whole
    },
  } as unknown as SubscriptionPlan
  return openSubscription({
    plan,
    services: { progress: { process: () => Promise.reject(new Error('nothing else is asked')) } },
    transport: transport as SubgraphTransport,
    request: { request: {} } as GatewayRequest,
    context: { viewer: anonymous, caller: { ipAddress: null, userAgent: null }, signal },
    patienceMs,
    tidy: (execution) => execution,
    format: createErrorFormat(silent),
  })
}

const away = refused('SERVICE_UNAVAILABLE')

test('away to begin with: waited for, until it is back', async () => {
  const stream = subscribe([away, away, streamOf(event(1))])
  expect((await stream.next()).value).toEqual(event(1))
  expect((await stream.next()).done).toBe(true)
})

test('whoever waits asks ever less often', async () => {
  let asked = 0
  const gone = () => ({
    ...streamOf(),
    async next() {
      asked += 1
      throw new StreamLost('gone')
    },
  })
  const signal = AbortSignal.timeout(3000)
  await subscribe(Array.from({ length: 20 }, gone), { signal, patienceMs: 60_000 }).next()
  expect(asked).toBeGreaterThan(1)
  expect(asked).toBeLessThan(6)
})

test('gone, or unable to go on, before the first event: begun anew, and nobody notices', async () => {
  const stream = subscribe([streamOf(new StreamLost('gone')), streamOf(away), streamOf(event(1))])
  expect((await stream.next()).value).toEqual(event(1))
})

test('gone before the first event: begun anew where it had begun, however often', async () => {
  const asked: unknown[] = []
  const attempts = [
    { ...streamOf(new StreamLost('gone')), since: 'the cursor' },
    away,
    streamOf(new StreamLost('gone')),
    streamOf(event(1)),
  ]
  const stream = subscribe(attempts, { asked })
  expect((await stream.next()).value).toEqual(event(1))
  expect(asked).toEqual([undefined, 'the cursor', 'the cursor', 'the cursor'])
})

/** One that breaks off after so many milliseconds without an event. */
const standing = (ms: number, since?: string): SubgraphStream => ({
  ...streamOf(),
  since,
  async next() {
    await new Promise((resolve) => setTimeout(resolve, ms))
    throw new StreamLost('gone')
  },
})

test('one that stood silent for longer than it is waited for is waited for as long again, where it is known when it began', async () => {
  const stream = subscribe([standing(150, 'the cursor'), streamOf(event(1))], { patienceMs: 100 })
  expect((await stream.next()).value).toEqual(event(1))
  const failure = await subscribe([standing(150), streamOf(event(1))], { patienceMs: 100 })
    .next()
    .catch((error: unknown) => error)
  expect(failure).toMatchObject({ farewell: { code: 1012 } })
})

test.each([
  ['gone', new StreamLost('gone')],
  ['unable to go on', away],
])('%s after an event: the client must come back, since only it knows its cursor', async (_what, end) => {
  const stream = subscribe([streamOf(event(1), end), streamOf(event(3))])
  await stream.next()
  const failure = await stream.next().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(ClosesSocket)
  expect(failure).toMatchObject({ farewell: { code: 1012 } })
})

test('away for longer than it is waited for: refused, with its name', async () => {
  const { value } = await subscribe([], { patienceMs: 100 }).next()
  expect(value).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE', service: 'progress' } }] })
  expect(value?.data).toBeUndefined()
})

test('refused for any other reason: told at once, without who refused', async () => {
  const { value } = await subscribe([refused('NOT_FOUND'), streamOf(event(1))]).next()
  expect(value?.errors?.[0]?.extensions).toEqual({ code: 'NOT_FOUND', message: 'no' })
})

test('a client that leaves while its subgraph is waited for waits no longer', async () => {
  const abort = new AbortController()
  const waiting = subscribe([], { signal: abort.signal, patienceMs: 60_000 }).next()
  abort.abort()
  expect((await waiting).done).toBe(true)
})
