import { derivePassportKey, hostSubgraph, systemClock, type SubgraphResult, type SubgraphStream } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { createServer } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { WebSocketServer, type WebSocket } from 'ws'
import { fakeSubgraph, silent } from '../testing/fake-subgraph.ts'
import { StreamLost } from './failures.ts'
import { openStreamClient } from './stream-client.ts'
import type { SubgraphSubscription } from './transport.ts'

const passportKey = derivePassportKey('only-for-tests-only-for-tests-only', 'enrollments')
const NAMES = 'subscription Names($after: String) { enrollmentUpdated(after: $after) { cursor } }'

function clientOf(url: string, more: { timeoutMs?: number; pingMs?: number } = {}) {
  const client = openStreamClient({ name: 'enrollments', url, passportKey, timeoutMs: 2000, log: silent, clock: systemClock, ...more })
  onTestFinished(() => client.close())
  return client
}

function subscription(more: Partial<SubgraphSubscription> = {}): SubgraphSubscription {
  const caller = { ipAddress: '192.0.2.7', userAgent: null }
  return {
    operation: NAMES,
    operationName: 'Names',
    variables: {},
    viewer: viewerOf('STUDENT'),
    caller,
    signal: new AbortController().signal,
    ...more,
  }
}

/** Tells a cursor a while after it was asked, and then nothing more. */
const resolvers = {
  Subscription: {
    enrollmentUpdated: {
      async *subscribe(_source: unknown, { after }: { after?: string }) {
        if (after === 'bad') throw new Error('connect ECONNREFUSED 10.1.2.3')
        yield { enrollmentUpdated: { cursor: after ?? 'first' } }
        await new Promise(() => {})
      },
    },
  },
}

/** A subgraph that answers by the protocol, but as it likes. */
async function server(onSubscribe: (socket: WebSocket, id: string) => void) {
  const hosts = new WebSocketServer({ port: 0, host: '127.0.0.1', autoPong: false, handleProtocols: () => 'graphql-transport-ws' })
  let sockets = 0
  hosts.on('connection', (socket) => {
    sockets += 1
    socket.on('message', (data) => {
      const { type, id } = JSON.parse(String(data))
      if (type === 'connection_init') socket.send('{"type":"connection_ack"}')
      if (type === 'subscribe') onSubscribe(socket, id)
    })
  })
  onTestFinished(() => {
    for (const socket of hosts.clients) socket.terminate()
    hosts.close()
  })
  await new Promise((resolve) => hosts.once('listening', resolve))
  const address = hosts.address()
  return { url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`, sockets: () => sockets }
}

function streamOf(outcome: SubgraphStream | SubgraphResult): SubgraphStream {
  if (Symbol.asyncIterator in outcome) return outcome
  throw new Error(`refused: ${JSON.stringify(outcome)}`)
}

test('many subscriptions share one socket, each for its own person', async () => {
  const subgraph = fakeSubgraph('enrollments', resolvers)
  const host = await hostSubgraph(subgraph, { host: '127.0.0.1', port: 0, passportKey })
  onTestFinished(() => host.close())
  const client = clientOf(host.url)
  const people = [viewerOf('STUDENT'), viewerOf('ADMIN')]
  const streams = await Promise.all(people.map((viewer) => client.subscribe(subscription({ viewer }))))
  for (const stream of streams)
    expect(await streamOf(stream).next()).toEqual({ done: false, value: { data: { enrollmentUpdated: { cursor: 'first' } } } })
  expect(new Set(subgraph.seen.map(({ viewer }) => (viewer.kind === 'user' ? viewer.id : null)))).toEqual(
    new Set(people.map(({ id }) => id)),
  )

  const { sockets, url } = await server(() => {})
  const counted = clientOf(url)
  await Promise.all(Array.from({ length: 20 }, () => counted.subscribe(subscription())))
  expect(sockets()).toBe(1)
})

test('what the subgraph refuses is the first answer, and the last', async () => {
  const host = await hostSubgraph(fakeSubgraph('enrollments', resolvers), { host: '127.0.0.1', port: 0, passportKey })
  onTestFinished(() => host.close())
  const stream = streamOf(await clientOf(host.url).subscribe(subscription({ variables: { after: 'bad' } })))
  const { value } = await stream.next()
  expect(value?.data).toBeUndefined()
  expect(value?.errors).toMatchObject([{ extensions: { code: 'INTERNAL' } }])
  expect(JSON.stringify(value)).not.toContain('10.1.2.3')
  expect((await stream.next()).done).toBe(true)
})

test('a subgraph that goes away is a lost stream, and when it is back it is reached again', async () => {
  const start = (port: number) => hostSubgraph(fakeSubgraph('enrollments', resolvers), { host: '127.0.0.1', port, passportKey })
  const first = await start(0)
  const client = clientOf(first.url)
  const stream = streamOf(await client.subscribe(subscription()))
  await stream.next()
  const next = stream.next()
  await Promise.all([expect(next).rejects.toThrow(StreamLost), first.close()])
  expect(await stream.next()).toEqual({ done: true, value: undefined })
  expect(await client.subscribe(subscription())).toMatchObject({
    errors: [{ path: ['enrollmentUpdated'], extensions: { code: 'SERVICE_UNAVAILABLE', service: 'enrollments' } }],
  })
  const second = await start(Number(new URL(first.url).port))
  onTestFinished(() => second.close())
  expect((await streamOf(await client.subscribe(subscription())).next()).done).toBe(false)
})

test('a stream says where it began, so that one that was lost before its first event can begin there once more', async () => {
  const asked: unknown[] = []
  const silentFrom = {
    Subscription: {
      enrollmentUpdated: {
        subscribe(_source: unknown, _args: unknown, { since = 'here' }: { since?: string | undefined }) {
          asked.push(since)
          return {
            since,
            next: () => new Promise(() => {}),
            return: async () => ({ done: true, value: undefined }),
            [Symbol.asyncIterator]() {
              return this
            },
          }
        },
      },
    },
  }
  const start = (port: number) => hostSubgraph(fakeSubgraph('enrollments', silentFrom), { host: '127.0.0.1', port, passportKey })
  const first = await start(0)
  const client = clientOf(first.url)
  const stream = streamOf(await client.subscribe(subscription()))
  const next = stream.next()
  await expect.poll(() => stream.since).toBe('here')
  await Promise.all([expect(next).rejects.toThrow(StreamLost), first.close()])
  const second = await start(Number(new URL(first.url).port))
  onTestFinished(() => second.close())
  await client.subscribe(subscription({ since: 'there' }))
  await expect.poll(() => asked).toEqual(['here', 'there'])
})

test('one that takes connections and says nothing is given up in time', async () => {
  const mute = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void mute.close())
  await new Promise((resolve) => mute.once('listening', resolve))
  const address = mute.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const outcome = await clientOf(`http://127.0.0.1:${port}`, { timeoutMs: 200 }).subscribe(subscription())
  expect(outcome).toMatchObject({ errors: [{ extensions: { code: 'SERVICE_UNAVAILABLE' } }] })
})

test('one that vanishes without a word is found out by its silence', async () => {
  const { url } = await server(() => {})
  const stream = streamOf(await clientOf(url, { pingMs: 100 }).subscribe(subscription()))
  await expect(stream.next()).rejects.toThrow(StreamLost)
})

test('a slow listener is sent what it has room for and later the rest, and the others of its socket do not wait', async () => {
  const given: Record<string, number> = {}
  const counting = {
    Subscription: {
      enrollmentUpdated: {
        async *subscribe(_source: unknown, { after }: { after: string }) {
          for (let number = 0; number < EVENTS; number++) {
            given[after] = number + 1
            yield { enrollmentUpdated: { cursor: String(number) } }
          }
        },
      },
    },
  }
  const host = await hostSubgraph(fakeSubgraph('enrollments', counting), { host: '127.0.0.1', port: 0, passportKey })
  onTestFinished(() => host.close())
  const client = clientOf(host.url)
  const [slow, quick] = await Promise.all(
    ['slow', 'quick'].map(async (after) => streamOf(await client.subscribe(subscription({ variables: { after } })))),
  )
  const takeAll = async (stream: SubgraphStream | undefined) => {
    const { data } = await toArray(stream)
    expect(data).toEqual(Array.from({ length: EVENTS }, (_, number) => String(number)))
  }
  await takeAll(quick)
  // Room for a hundred, and nothing was taken yet.
  expect(given).toEqual({ slow: 100, quick: EVENTS })
  await takeAll(slow)
})

const EVENTS = 5_000

async function toArray(stream: SubgraphStream | undefined): Promise<{ data: unknown[] }> {
  const data: unknown[] = []
  for await (const event of stream ?? []) data.push((event.data as { enrollmentUpdated: { cursor: unknown } }).enrollmentUpdated.cursor)
  return { data }
}

test('a subgraph that sends more than there is room for loses that stream, and no other', async () => {
  let subscribed = 0
  const { url } = await server((socket, id) => {
    const events = subscribed++ === 0 ? 101 : 1
    for (let number = 0; number < events; number++) socket.send(JSON.stringify({ id, type: 'next', payload: { data: { number } } }))
  })
  const client = clientOf(url)
  const flooded = streamOf(await client.subscribe(subscription()))
  const other = streamOf(await client.subscribe(subscription()))
  expect((await other.next()).value).toEqual({ data: { number: 0 } })
  for (let number = 0; number < 100; number++) expect((await flooded.next()).value).toEqual({ data: { number } })
  await expect(flooded.next()).rejects.toThrow(StreamLost)
})

test('what is returned or aborted ends at once, also while it waits, and the subgraph is told', async () => {
  const completed: string[] = []
  const { url } = await server((socket, id) => {
    socket.on('message', (data) => {
      const message = JSON.parse(String(data))
      if (message.type === 'complete' && message.id === id) completed.push(id)
    })
  })
  const client = clientOf(url)
  const returned = streamOf(await client.subscribe(subscription()))
  const waiting = returned.next()
  await returned.return?.()
  expect(await waiting).toEqual({ done: true, value: undefined })
  const abort = new AbortController()
  const aborted = streamOf(await client.subscribe(subscription({ signal: abort.signal })))
  const alsoWaiting = aborted.next()
  abort.abort()
  expect(await alsoWaiting).toEqual({ done: true, value: undefined })
  await expect.poll(() => completed).toHaveLength(2)
  const never = await client.subscribe(subscription({ signal: abort.signal }))
  expect(Symbol.asyncIterator in never ? await never.next() : never).toMatchObject(
    Symbol.asyncIterator in never ? { done: true } : { errors: [{}] },
  )
})
