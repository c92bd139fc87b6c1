import { derivePassportKey, hostSubgraph, issuePassport, passportBody } from '@stellr/kit'
import { openRawSocket, viewerOf, type RawSocket, type RawSocketOptions } from '@stellr/kit/testing'
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { liveSchool, type Ticker } from '../../router/src/testing/live-school.ts'

// What graphql-ws's PROTOCOL.md demands, frame by frame, of everything that serves it.

interface Server {
  url: string
  ticker: Ticker
  /** What a client of it says to be let in. */
  hello: Record<string, unknown> | undefined
  /** The payload of a subscribe message over this socket, with what proves who asks. */
  payload(socket: RawSocket, query: string, variables?: Record<string, unknown>, more?: Asked): Record<string, unknown>
}

/** What only a router asks of a subgraph. */
interface Asked {
  room?: number
  since?: string
}

const SECRET = 'only-for-tests-only-for-tests-only'
const TICKS = 'subscription ($after: String) { ticks(after: $after) { number } }'
const INIT_MS = 400
const DEEP = '['.repeat(20_000) + ']'.repeat(20_000)

type AtEnd = (close: () => Promise<void>) => void

async function router(topology: 'in memory' | 'over HTTP', atEnd: AtEnd): Promise<Server> {
  const { url, ticker, auth } = await liveSchool(topology, { settings: { socketInitMs: INIT_MS }, atEnd })
  const hello = { authorization: `Bearer ${await auth.token()}` }
  return { url, ticker, hello, payload: (_socket, query, variables = {}) => ({ query, variables }) }
}

async function subgraph(atEnd: AtEnd): Promise<Server> {
  const { enrollments, ticker } = await liveSchool('in memory', { atEnd })
  const passportKey = derivePassportKey(SECRET, enrollments.name)
  const host = await hostSubgraph(enrollments, { host: '127.0.0.1', port: 0, passportKey, socketLimits: { initWithinMs: INIT_MS } })
  atEnd(() => host.close())
  const who = { audience: enrollments.name, viewer: viewerOf('STUDENT'), caller: { ipAddress: null, userAgent: null } }
  return {
    url: `${host.url}/graphql`,
    ticker,
    hello: undefined,
    payload(socket, query, variables = {}, { room, since } = {}) {
      const challenge = socket.received.find(({ type }) => type === 'connection_ack')?.payload.challenge
      const body = passportBody({ query, variables, challenge, since })
      return { query, variables, extensions: { passport: issuePassport(passportKey, { ...who, body }, new Date()), room, since } }
    },
  }
}

const servers: Record<string, (atEnd: AtEnd) => Promise<Server>> = {
  'the router over a platform in one process': (atEnd) => router('in memory', atEnd),
  'the router over subgraphs of their own processes': (atEnd) => router('over HTTP', atEnd),
  'a subgraph': subgraph,
}

async function connected({ url }: Server, options?: RawSocketOptions): Promise<RawSocket> {
  const socket = await openRawSocket(url, options)
  onTestFinished(() => socket.drop())
  return socket
}

async function letIn(server: Server): Promise<RawSocket> {
  const socket = await connected(server)
  socket.send({ type: 'connection_init', payload: server.hello })
  expect(await socket.next()).toMatchObject({ type: 'connection_ack' })
  return socket
}

const code = async ({ closed }: RawSocket) => (await closed).code

describe.each(Object.entries(servers))('%s', (_name, start) => {
  const closes: (() => Promise<void>)[] = []
  let server: Server
  beforeAll(async () => {
    server = await start((close) => closes.push(close))
  })
  afterAll(async () => {
    for (const close of closes.toReversed()) await close()
  })
  beforeEach(async () => {
    await expect.poll(() => server.ticker.listeners).toBe(0)
    server.ticker.clear()
  })

  test.each([
    ['text that is no JSON', 'hello'],
    ['a truncated object', '{"type":'],
    ['a list', '[]'],
    ['a number', '1'],
    ['null', 'null'],
    ['no type', {}],
    ['a type that is no text', { type: 1 }],
    ['an unknown type', { type: 'start', id: '1', payload: {} }],
    ['a message of servers', { type: 'next', id: '1', payload: { data: {} } }],
    ['an acknowledgement', { type: 'connection_ack' }],
    ['a payload of init that is no object', { type: 'connection_init', payload: 'a' }],
    ['a payload of ping that is no object', { type: 'ping', payload: 'a' }],
    ['a payload of ping that is nested too deep to be sent back', `{"type":"ping","payload":{"deep":${DEEP}}}`],
    ['a binary frame of a good message', Buffer.from('{"type":"connection_init"}')],
    ['random bytes', randomBytes(32)],
    ['a type of the prototype', '{"__proto__":{"type":"ping"}}'],
  ])('%s closes with 4400', async (_what, frame) => {
    const socket = await connected(server)
    socket.send(frame)
    expect(await code(socket)).toBe(4400)
    expect(socket.received).toEqual([])
  })

  test.each([
    ['no id', { payload: { query: TICKS } }],
    ['an empty id', { id: '', payload: { query: TICKS } }],
    ['an id that is a number', { id: 1, payload: { query: TICKS } }],
    ['an id without end', { id: 'x'.repeat(129), payload: { query: TICKS } }],
    ['no payload', { id: '1' }],
    ['no query', { id: '1', payload: {} }],
    ['a query that is an object', { id: '1', payload: { query: {} } }],
    ['variables that are a list', { id: '1', payload: { query: TICKS, variables: [] } }],
    ['an operation name that is a number', { id: '1', payload: { query: TICKS, operationName: 1 } }],
    ['extensions that are text', { id: '1', payload: { query: TICKS, extensions: 'a' } }],
  ])('subscribe with %s closes with 4400', async (_what, message) => {
    const socket = await letIn(server)
    socket.send({ type: 'subscribe', ...message })
    expect(await code(socket)).toBe(4400)
  })

  test('what is nested without end in a subscribe message ends that operation at most', async () => {
    const socket = await letIn(server)
    for (const part of ['variables', 'extensions', 'unknown'])
      socket.send(`{"id":"${part}","type":"subscribe","payload":{"query":"{ nothing }","${part}":{"deep":${DEEP}}}}`)
    socket.send({ type: 'ping' })
    while ((await socket.next()).type !== 'pong');
  })

  test.each([['graphql-ws'], ['soap'], [[]]])('the subprotocol %j closes with 4406', async (protocols) => {
    const socket = await connected(server, { protocols })
    expect(await code(socket)).toBe(4406)
  })

  test('among several subprotocols it picks its own', async () => {
    const socket = await connected(server, { protocols: ['graphql-ws', 'graphql-transport-ws'] })
    expect(socket.socket.protocol).toBe('graphql-transport-ws')
  })

  test('subscribe before init closes with 4401', async () => {
    const socket = await connected(server)
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS) })
    expect(await code(socket)).toBe(4401)
    expect(server.ticker.asked).toEqual([])
  })

  test('subscribe right behind init, before it is acknowledged, closes with 4401 or is taken up, and never half', async () => {
    const socket = await connected(server)
    socket.send({ type: 'connection_init', payload: server.hello })
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS) })
    const outcome = () => {
      if (socket.socket.readyState === socket.socket.CLOSED) return 'closed'
      if (server.ticker.listeners === 1) return 'served'
      // A subgraph wants to hear what it says with the acknowledgement.
      return socket.received.some(({ type }) => type === 'error') ? 'refused' : null
    }
    await expect.poll(outcome).not.toBeNull()
    if (outcome() === 'closed') expect(await code(socket)).toBe(4401)
    else expect(socket.received.map(({ type }) => type)).toEqual(['connection_ack', ...(outcome() === 'refused' ? ['error'] : [])])
    socket.drop()
  })

  test.each([['at once'], ['after the acknowledgement']])('a second init %s closes with 4429', async (when) => {
    const socket = await connected(server)
    socket.send({ type: 'connection_init', payload: server.hello })
    if (when !== 'at once') await socket.next()
    socket.send({ type: 'connection_init', payload: server.hello })
    expect(await code(socket)).toBe(4429)
  })

  test('no init in time closes with 4408, and an init in time does not', async () => {
    const [late, intime] = [await connected(server), await letIn(server)]
    expect(await code(late)).toBe(4408)
    intime.send({ type: 'ping' })
    expect(await intime.next()).toEqual({ type: 'pong' })
  })

  test('a ping is answered at any time, with its payload; a pong is taken without one', async () => {
    const socket = await connected(server)
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    socket.send({ type: 'pong', payload: { nobody: 'asked' } })
    socket.send({ type: 'ping', payload: { a: [1, { b: null }] } })
    expect(await socket.next()).toEqual({ type: 'pong', payload: { a: [1, { b: null }] } })
    socket.send({ type: 'connection_init', payload: server.hello })
    expect(await socket.next()).toMatchObject({ type: 'connection_ack' })
  })

  test('an id that is in use closes with 4409; one that was completed may be used again', async () => {
    const socket = await letIn(server)
    const subscribe = () => socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS, { after: '0' }) })
    subscribe()
    await expect.poll(() => server.ticker.listeners).toBe(1)
    socket.send({ id: '1', type: 'complete' })
    subscribe()
    await expect.poll(() => server.ticker.asked.length).toBe(2)
    server.ticker.tell(1)
    expect(await socket.next()).toMatchObject({ id: '1', type: 'next' })
    subscribe()
    expect(await code(socket)).toBe(4409)
    await expect.poll(() => server.ticker.listeners).toBe(0)
  })

  test('an id completed and used again forty times in one breath has one operation in the end, and its events once', async () => {
    const socket = await letIn(server)
    for (let turn = 0; turn < 40; turn++) {
      socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS, { after: '0' }) })
      if (turn < 39) socket.send({ id: '1', type: 'complete' })
    }
    await expect.poll(() => server.ticker.listeners).toBe(1)
    server.ticker.tell(1, 2, 3)
    const numbers = [await socket.next(), await socket.next(), await socket.next()].map(({ payload }) => payload.data.ticks.number)
    expect(numbers).toEqual([1, 2, 3])
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
  })

  test('completing what is unknown, or was completed, is ignored', async () => {
    const socket = await letIn(server)
    socket.send({ id: 'nothing', type: 'complete' })
    socket.send({ id: '__proto__', type: 'complete' })
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS) })
    socket.send({ id: '1', type: 'complete' })
    socket.send({ id: '1', type: 'complete' })
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    await expect.poll(() => server.ticker.listeners).toBe(0)
  })

  test('nothing comes after complete, though events are under way', async () => {
    const socket = await letIn(server)
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS, { after: '0' }) })
    server.ticker.tell(...Array.from({ length: 200 }, (_, index) => index))
    await socket.next()
    socket.send({ id: '1', type: 'complete' })
    // What was sent before it was read may still come; whatever is sent behind this pong must be silence.
    socket.send({ type: 'ping' })
    while ((await socket.next()).type !== 'pong');
    const before = socket.received.length
    server.ticker.tell(1, 2, 3)
    socket.send({ type: 'ping' })
    expect(await socket.next()).toEqual({ type: 'pong' })
    expect(socket.received.slice(before)).toEqual([{ type: 'pong' }])
    await expect.poll(() => server.ticker.listeners).toBe(0)
  })

  test.each([
    ['no GraphQL', 'subscription {', 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', 'GRAPHQL_VALIDATION_FAILED'],
    ['a fragment', 'fragment A on Tick { number }', 'GRAPHQL_VALIDATION_FAILED'],
    ['nothing', '', 'BAD_REQUEST'],
  ])('%s as a document is an error of the operation, and the socket stays', async (_what, query, expected) => {
    const socket = await letIn(server)
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, query) })
    const { id, type, payload } = await socket.next()
    expect([id, type, Array.isArray(payload)]).toEqual(['1', 'error', true])
    expect(payload[0]).toMatchObject({ message: expect.any(String), extensions: { code: expect.any(String) } })
    // A subgraph is asked by the router alone, which has checked all this.
    if (server.hello) expect(payload[0].extensions.code).toBe(expected)
    socket.send({ id: '1', type: 'subscribe', payload: server.payload(socket, TICKS, { after: '0' }) })
    server.ticker.tell(4)
    expect(await socket.next()).toEqual({ id: '1', type: 'next', payload: { data: { ticks: { number: 4 } } } })
  })

  test('operations run side by side, each under its id', async () => {
    const socket = await letIn(server)
    const ids = ['a', 'b', 'constructor', '__proto__', '0']
    for (const id of ids) socket.send({ id, type: 'subscribe', payload: server.payload(socket, TICKS) })
    await expect.poll(() => server.ticker.listeners).toBe(ids.length)
    server.ticker.tell(1)
    const came = [await socket.next(), await socket.next(), await socket.next(), await socket.next(), await socket.next()]
    expect(came.map(({ id }) => id).toSorted()).toEqual(ids.toSorted())
  })
})

test('a subgraph serves subscriptions only, and only to the holder of a passport for this very operation', async () => {
  const server = await subgraph(onTestFinished)
  const socket = await letIn(server)
  const good = server.payload(socket, TICKS)
  const refused = async (payload: Record<string, unknown>) => {
    socket.send({ id: '1', type: 'subscribe', payload })
    const message = await socket.next()
    return [message.type, message.payload[0].extensions.code]
  }
  expect(await refused({ query: TICKS })).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused({ query: TICKS, extensions: { passport: 'x.y' } })).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused({ query: TICKS, extensions: { passport: { a: 1 } } })).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused({ ...good, variables: { after: '0' } })).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused({ ...good, query: `${TICKS} ` })).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused({ ...good, operationName: 'A' })).toEqual(['error', 'UNAUTHENTICATED'])
  const { passport } = good['extensions'] as Record<string, unknown>
  expect(await refused({ ...good, extensions: { passport, since: '0' } })).toEqual(['error', 'UNAUTHENTICATED'])
  const elsewhere = server.payload(await letIn(server), TICKS)
  expect(await refused(elsewhere)).toEqual(['error', 'UNAUTHENTICATED'])
  expect(await refused(server.payload(socket, '{ __typename }'))).toEqual(['error', 'BAD_REQUEST'])
  expect(server.ticker.asked).toEqual([])
  // The control: the same with nothing changed.
  socket.send({ id: '1', type: 'subscribe', payload: good })
  await expect.poll(() => server.ticker.listeners).toBe(1)
})

test('a subgraph sends a router as many events as there is room for, and everybody else all', async () => {
  const server = await subgraph(onTestFinished)
  const socket = await letIn(server)
  const begin = (id: string, more?: Asked) =>
    socket.send({ id, type: 'subscribe', payload: server.payload(socket, TICKS, { after: '0' }, more) })
  const came = async (id: string) => {
    socket.send({ type: 'ping' })
    while ((await socket.next()).type !== 'pong');
    return socket.received.flatMap((message) => (message.id === id && message.type === 'next' ? [message.payload.data.ticks.number] : []))
  }
  server.ticker.tell(...Array.from({ length: 500 }, (_, index) => index))
  begin('paced', { room: 10 })
  begin('other', { room: 400 })
  begin('free')
  await expect.poll(() => came('free')).toHaveLength(500)
  expect([(await came('paced')).length, (await came('other')).length]).toEqual([10, 400])
  // For each apart, and a ping like any other to whoever does not know it.
  socket.send({ type: 'ping', payload: { room: { paced: 90, unknown: 5 } } })
  await expect.poll(() => came('paced')).toEqual(Array.from({ length: 100 }, (_, index) => index))
  expect(await came('other')).toHaveLength(400)
  for (const room of [{ paced: -1 }, { paced: 1.5 }, { paced: 1e9 }, 'much', null]) socket.send({ type: 'ping', payload: { room } })
  expect(await came('paced')).toHaveLength(100)
  // Whoever leaves while there is no room leaves nothing behind.
  for (const id of ['paced', 'other', 'free']) socket.send({ id, type: 'complete' })
  await expect.poll(() => server.ticker.listeners).toBe(0)
})
