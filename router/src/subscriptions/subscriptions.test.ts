import { readMetrics } from '@stellr/kit'
import { openRawSocket, type Message, type RawSocket } from '@stellr/kit/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { liveSchool, type LiveSchool } from '../testing/live-school.ts'
import { topologies } from '../testing/platform.ts'
import { ada } from '../testing/school.ts'

const TICKS = 'subscription ($after: String) { ticks(after: $after) { cursor number by { id name } } }'

/** A socket that has been let in. */
async function connect({ url, auth }: LiveSchool, payload?: Record<string, unknown>): Promise<RawSocket> {
  const socket = await openRawSocket(url)
  onTestFinished(() => socket.drop())
  const token = await auth.token({ viewer: { id: ada } })
  socket.send({ type: 'connection_init', payload: payload ?? { authorization: `Bearer ${token}` } })
  expect(await socket.next()).toEqual({ type: 'connection_ack' })
  return socket
}

function subscribe(socket: RawSocket, query: string, variables: Record<string, unknown> = {}, id = '1') {
  socket.send({ id, type: 'subscribe', payload: { query, variables } })
}

async function take(socket: RawSocket, count: number): Promise<Message[]> {
  const messages: Message[] = []
  while (messages.length < count) messages.push(await socket.next())
  return messages
}

const codes = ({ type, payload }: Message) => [type, ...payload.map((error: { extensions: { code: string } }) => error.extensions.code)]

describe.each(topologies)('%s', (topology) => {
  test('each event arrives once and in order, with fields of other subgraphs', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, TICKS, { after: '0' })
    school.ticker.tell(7, 8)
    await expect.poll(() => school.ticker.listeners).toBe(1)
    school.ticker.tell(9)
    const by = { id: ada, name: 'person 1' }
    expect((await take(socket, 3)).map(({ payload }) => payload)).toEqual([
      { data: { ticks: { cursor: '1', number: 7, by } } },
      { data: { ticks: { cursor: '2', number: 8, by } } },
      { data: { ticks: { cursor: '3', number: 9, by } } },
    ])
  })

  test('completing ends the work in the subgraph, and nothing is sent any more', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, TICKS)
    await expect.poll(() => school.ticker.listeners).toBe(1)
    socket.send({ id: '1', type: 'complete' })
    await expect.poll(() => school.ticker.listeners).toBe(0)
    school.ticker.tell(1)
    subscribe(socket, '{ __typename }', {}, '2')
    expect((await take(socket, 2)).map(({ id, type }) => [id, type])).toEqual([
      ['2', 'next'],
      ['2', 'complete'],
    ])
  })

  test('a client that vanishes leaves no listener behind', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    for (const id of ['1', '2', '3']) subscribe(socket, TICKS, {}, id)
    await expect.poll(() => school.ticker.listeners).toBe(3)
    socket.drop()
    await expect.poll(() => school.ticker.listeners).toBe(0)
  })

  test('what a subgraph refuses is an error with its code, as over HTTP', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, TICKS, { after: 'ancient' })
    const message = await socket.next()
    expect(codes(message)).toEqual(['error', 'CONFLICT'])
    expect(message.payload[0]).toEqual({
      message: expect.any(String),
      path: ['ticks'],
      extensions: { code: 'CONFLICT', message: expect.any(String), correlationId: expect.any(String) },
    })
  })

  test('a field that fails is null with an error, and the events go on', async () => {
    const school = await liveSchool(topology)
    await school.users.stop()
    const socket = await connect(school)
    subscribe(socket, 'subscription { ticks(after: "0") { number by { name } } }')
    school.ticker.tell(1, 2)
    const messages = await take(socket, 2)
    expect(messages.map(({ payload }) => payload.data.ticks)).toEqual([
      { number: 1, by: { name: null } },
      { number: 2, by: { name: null } },
    ])
    expect(messages[1]?.payload.errors).toEqual([
      {
        message: expect.any(String),
        path: ['ticks', 'by'],
        extensions: { code: 'SERVICE_UNAVAILABLE', message: expect.any(String), correlationId: expect.any(String), service: 'users' },
      },
    ])
  })

  test('a bug in the middle of an event is masked', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, 'subscription { ticks(after: "0") { number broken } }')
    school.ticker.tell(1)
    const { type, payload } = await socket.next()
    expect([type, payload.data]).toEqual(['next', { ticks: null }])
    expect(payload.errors).toMatchObject([{ path: ['ticks', 'broken'], extensions: { code: 'INTERNAL' } }])
    expect(JSON.stringify(payload)).not.toContain('10.1.2.3')
  })

  test.each([
    ['no document', 'subscription {', {}, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', 'subscription { nothing }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['two root fields', 'subscription { ticks { number } publicTicks { number } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    ['a root field that may be skipped', 'subscription { publicTicks @skip(if: true) { number } }', {}, 'GRAPHQL_VALIDATION_FAILED'],
    [
      'a root field within a condition',
      'subscription ($x: Boolean!) { ... @include(if: $x) { publicTicks { number } } }',
      { x: true },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a root field of a fragment under a condition',
      'subscription ($x: Boolean!) { ...F @skip(if: $x) } fragment F on Subscription { publicTicks { number } ...F }',
      { x: false },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a wrong variable', TICKS, { after: [1] }, 'BAD_USER_INPUT'],
    ['a wrong literal', 'subscription { ticks(after: 1) { number } }', {}, 'BAD_USER_INPUT'],
    ['no right to it', 'subscription { authorTicks { number } }', {}, 'FORBIDDEN'],
    [
      'a text that is too deep',
      `subscription { ticks { by ${'{ enrollments { edges { node { user '.repeat(5)}`,
      {},
      'GRAPHQL_PARSE_FAILED',
    ],
    ['too many fields', `subscription { ticks { ${'number '.repeat(501)} } }`, {}, 'OPERATION_TOO_LARGE'],
    ['two operations and no name', `${TICKS.replace('(', 'A(')} ${TICKS.replace('(', 'B(')}`, {}, 'OPERATION_RESOLUTION_FAILURE'],
  ])('%s: refused before anything is begun, with the code that it has over HTTP', async (_what, query, variables, code) => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, query, variables)
    expect(codes(await socket.next())).toEqual(['error', code])
    const token = await school.auth.token({ viewer: { id: ada } })
    const { body } = await school.ask(query.replace('subscription', 'query'), { variables, token })
    // A query has other fields, so only what is about the text and the variables can be compared.
    if (/PARSE|TOO_LARGE/.test(code)) expect(body.errors[0].extensions.code).toBe(code)
    expect(school.ticker.asked).toEqual([])
  })

  test('a query and a mutation over the socket are answered as over HTTP', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    const query = `{ me { id name } user(id: "nobody") { id } __schema { subscriptionType { name } } }`
    subscribe(socket, query)
    const [answer, end] = await take(socket, 2)
    const { body } = await school.ask(query, {
      token: await school.auth.token({ viewer: { id: ada } }),
      headers: { 'x-correlation-id': answer?.payload.errors[0].extensions.correlationId },
    })
    expect(answer).toEqual({ id: '1', type: 'next', payload: body })
    expect(end).toEqual({ id: '1', type: 'complete' })
    subscribe(socket, 'mutation { updateProfile(input: {}) { user { name } } }', {}, '2')
    expect((await socket.next()).payload).toEqual({ data: { updateProfile: { user: { name: 'person 1' } } } })
  })

  test('somebody who is not signed in may subscribe to what is open, and to no more', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school, {})
    subscribe(socket, 'subscription { publicTicks { number } }', {}, 'open')
    subscribe(socket, TICKS, {}, 'closed')
    expect(codes(await socket.next())).toEqual(['error', 'UNAUTHENTICATED'])
    await expect.poll(() => school.ticker.listeners).toBe(1)
    school.ticker.tell(5)
    expect(await socket.next()).toEqual({ id: 'open', type: 'next', payload: { data: { publicTicks: { number: 5 } } } })
  })

  test('over HTTP a subscription is refused, and told where to go', async () => {
    const { ask, auth } = await liveSchool(topology)
    const { status, body } = await ask(TICKS, { token: await auth.token() })
    expect([status, body.errors[0].extensions.code]).toEqual([400, 'SUBSCRIPTION_NEEDS_SOCKET'])
  })

  test('when the subgraph goes away, the client is sent to come back with its cursor', async () => {
    const school = await liveSchool(topology)
    const socket = await connect(school)
    subscribe(socket, TICKS, { after: '0' })
    school.ticker.tell(1)
    await socket.next()
    await school.enrollments.stop()
    expect(await socket.closed).toMatchObject({ code: 1012 })
  })

  test('a subgraph that is away is waited for before the first event, then the operation alone is refused', async () => {
    const school = await liveSchool(topology, { settings: { subscriptionPatienceMs: 300 } })
    await school.enrollments.stop()
    const socket = await connect(school)
    const startedAt = performance.now()
    subscribe(socket, TICKS, { after: '0' })
    const message = await socket.next()
    expect(performance.now() - startedAt).toBeGreaterThan(300)
    expect(codes(message)).toEqual(['error', 'SERVICE_UNAVAILABLE'])
    expect(message.payload[0].extensions.service).toBe('enrollments')
    subscribe(socket, '{ __typename }', {}, '2')
    expect((await socket.next()).payload).toEqual({ data: { __typename: 'Query' } })
  })
})

test('what is asked again is planned once, and events are counted', async () => {
  const school = await liveSchool('in memory')
  const socket = await connect(school)
  subscribe(socket, TICKS, { after: '0' })
  school.ticker.tell(1)
  await socket.next()
  expect(await readMetrics()).toMatch(/^stellr_router_subscription_events_total\{outcome="ok"\} \d+$/m)
})
