import { plusSeconds, readMetrics } from '@stellr/kit'
import { openRawSocket, type RawSocket, type RawSocketOptions } from '@stellr/kit/testing'
import { createClient } from 'graphql-ws'
import { describe, expect, onTestFinished, test } from 'vitest'
import { WebSocket } from 'ws'
import { fakeAuth } from '../testing/fake-auth.ts'
import { fakeSubgraph } from '../testing/fake-subgraph.ts'
import { liveSchool, type LiveSchool } from '../testing/live-school.ts'
import { platform } from '../testing/platform.ts'
import { ada } from '../testing/school.ts'

const TICKS = 'subscription ($after: String) { ticks(after: $after) { cursor number } }'
const OPEN = 'subscription { publicTicks { number } }'

async function open(url: string, options?: RawSocketOptions): Promise<RawSocket> {
  const socket = await openRawSocket(url, options)
  onTestFinished(() => socket.drop())
  return socket
}

async function letIn(url: string, payload: Record<string, unknown> = {}, options?: RawSocketOptions): Promise<RawSocket> {
  const socket = await open(url, options)
  socket.send({ type: 'connection_init', payload })
  expect(await socket.next()).toEqual({ type: 'connection_ack' })
  return socket
}

const subscribe = (socket: RawSocket, query = TICKS, id = '1') => socket.send({ id, type: 'subscribe', payload: { query } })
const code = async ({ closed }: RawSocket) => (await closed).code
const bearer = async ({ auth }: LiveSchool, options?: Parameters<LiveSchool['auth']['token']>[0]) => `Bearer ${await auth.token(options)}`

describe('who is let in', () => {
  test.each(['authorization', 'Authorization'])('a token as %s of connection_init speaks for its person', async (name) => {
    const school = await liveSchool('over HTTP')
    const viewer = { id: ada, sessionId: ada }
    const socket = await letIn(school.url, { [name]: await bearer(school, { viewer }) })
    subscribe(socket)
    await expect.poll(() => school.enrollments.seen.at(-1)?.viewer).toMatchObject({ kind: 'user', ...viewer })
  })

  test('so does the header of the handshake, where connection_init says nothing', async () => {
    const school = await liveSchool('in memory')
    const headers = { authorization: await bearer(school, { viewer: { id: ada } }), 'user-agent': 'a phone' }
    subscribe(await letIn(school.url, {}, { headers }))
    await expect
      .poll(() => school.enrollments.seen.at(-1))
      .toMatchObject({ viewer: { id: ada }, caller: { ipAddress: '127.0.0.1', userAgent: 'a phone' } })
  })

  test.each([
    ['forged', 'Bearer abc.def.ghi'],
    ['no bearer token', 'Basic YTpi'],
    ['no text', { token: 1 }],
  ])('a token that is %s closes with 4403', async (_what, authorization) => {
    const { url } = await liveSchool('in memory')
    const socket = await open(url)
    socket.send({ type: 'connection_init', payload: { authorization } })
    expect(await code(socket)).toBe(4403)
  })

  test('a token that was revoked before closes with 4403', async () => {
    const school = await liveSchool('in memory')
    const authorization = await bearer(school, { viewer: { sessionId: ada } })
    await revoke(school, { sid: ada })
    await expect
      .poll(async () => {
        const again = await open(school.url)
        again.send({ type: 'connection_init', payload: { authorization } })
        return Promise.race([
          code(again),
          again.next().then(
            ({ type }) => type,
            () => code(again),
          ),
        ])
      })
      .toBe(4403)
  })

  test('before auth has said anything, a token is told to try again later, and nobody is let in unchecked', async () => {
    const auth = await fakeAuth({ Query: { signingKeys: () => null, revocations: () => null } })
    const { url } = await platform('in memory', [auth.subgraph, fakeSubgraph('users', {})])
    const socket = await open(url)
    socket.send({ type: 'connection_init', payload: { authorization: `Bearer ${await auth.token()}` } })
    expect(await code(socket)).toBe(1013)
    await letIn(url)
  })

  test('pages of other origins are refused at the handshake; ours, those listed, and programs are not', async () => {
    const { url } = await liveSchool('in memory', { settings: { corsOrigins: 'https://app.example' } })
    const from = (origin: string) =>
      open(url, { headers: { origin } }).then(
        () => 'open',
        (error: Error) => error.message,
      )
    for (const origin of ['https://evil.example', 'null', 'https://app.example.evil.example', 'http://app.example', 'file://'])
      expect([origin, await from(origin)]).toEqual([origin, 'handshake refused with 403'])
    for (const origin of ['https://app.example', new URL(url).origin]) expect([origin, await from(origin)]).toEqual([origin, 'open'])
    await open(url)
  })

  test('only /graphql takes a socket; elsewhere a handshake is an ordinary request', async () => {
    const { url } = await liveSchool('in memory')
    await expect(open(url.replace('/graphql', '/livez'))).rejects.toThrow('handshake refused with 200')
    await expect(open(url.replace('/graphql', '/nothing'))).rejects.toThrow('handshake refused with 404')
    await expect(open(`${url}/`)).rejects.toThrow('handshake refused with 404')
  })

  test('a client that offers HTTP/2 with its request is answered in HTTP/1.1', async () => {
    const { url } = await liveSchool('in memory')
    const { request } = await import('node:http')
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const headers = {
        connection: 'Upgrade, HTTP2-Settings',
        upgrade: 'h2c',
        'http2-settings': 'AAMAAABkAAQAoAAAAAIAAAAA',
        'content-type': 'application/json',
      }
      request(url, { method: 'POST', headers }, (response) => resolve(response.resume().statusCode))
        .on('error', reject)
        .end('{"query":"{ __typename }"}')
    })
    expect(answer).toBe(200)
  })
})

describe('who may stay', () => {
  test('when its token expires, a socket is closed with 4403 and its listeners are gone', async () => {
    let ahead = 0
    const school = await liveSchool('over HTTP', { clock: { now: () => plusSeconds(new Date(), ahead) } })
    const socket = await letIn(school.url, { authorization: await bearer(school) })
    const anonymous = await letIn(school.url)
    subscribe(socket)
    subscribe(anonymous, OPEN)
    await expect.poll(() => school.ticker.listeners).toBe(2)
    ahead = 303
    expect(await code(socket)).toBe(4403)
    await expect.poll(() => school.ticker.listeners).toBe(1)
    expect(anonymous.socket.readyState).toBe(WebSocket.OPEN)
  })

  test.each([
    ['its session', (sid: string) => ({ sid })],
    ['its person’s older tokens', (_sid: string, sub: string) => ({ sub, minVer: 1 })],
  ])('when %s is revoked, a socket is closed with 4403, and others are not', async (_what, entry) => {
    const school = await liveSchool('in memory')
    const [id, sessionId] = [ada, '01900000-0000-7000-8000-0000000000aa']
    const socket = await letIn(school.url, { authorization: await bearer(school, { viewer: { id, sessionId } }) })
    const other = await letIn(school.url, { authorization: await bearer(school) })
    subscribe(socket)
    await expect.poll(() => school.ticker.listeners).toBe(1)
    const since = performance.now()
    await revoke(school, entry(sessionId, id))
    expect(await code(socket)).toBe(4403)
    expect(performance.now() - since).toBeLessThan(5000)
    await expect.poll(() => school.ticker.listeners).toBe(0)
    expect(other.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('a router that closes says goodbye to all with 1001, and is gone at once', async () => {
    const school = await liveSchool('over HTTP')
    const sockets = [await letIn(school.url), await open(school.url), await letIn(school.url)]
    subscribe(sockets[0] ?? (await open(school.url)), OPEN)
    await expect.poll(() => school.ticker.listeners).toBe(1)
    await school.router.close()
    expect(await Promise.all(sockets.map(code))).toEqual([1001, 1001, 1001])
    await expect.poll(() => school.ticker.listeners).toBe(0)
  })
})

describe('how much one may have', () => {
  test('operations of one socket: one more is refused, and one that has ended makes room', async () => {
    const school = await liveSchool('in memory', { settings: { maxSocketOperations: 3 } })
    const socket = await letIn(school.url)
    for (const id of ['1', '2', '3', '4']) subscribe(socket, OPEN, id)
    const refused = await socket.next()
    expect([refused.id, refused.type, refused.payload[0].extensions]).toMatchObject([
      '4',
      'error',
      { code: 'TOO_MANY_OPERATIONS', details: { allowed: 3 } },
    ])
    await expect.poll(() => school.ticker.listeners).toBe(3)
    socket.send({ id: '2', type: 'complete' })
    subscribe(socket, OPEN, '4')
    await expect.poll(() => school.ticker.listeners).toBe(3)
  })

  test('a message that is too large closes with 1009; too many in one second with 1008', async () => {
    const { url } = await liveSchool('in memory', { settings: { maxSocketMessagesPerSecond: 10 } })
    const large = await letIn(url)
    large.send({ type: 'ping', payload: { text: 'x'.repeat(66_000) } })
    expect(await code(large)).toBe(1009)
    const many = await letIn(url)
    for (let count = 0; count < 11; count++) many.send({ type: 'ping' })
    expect(await code(many)).toBe(1008)
    const pings = await letIn(url)
    for (let count = 0; count < 11; count++) pings.socket.ping()
    expect(await code(pings)).toBe(1008)
    const pongs = await letIn(url)
    for (let count = 0; count < 11; count++) pongs.socket.pong()
    expect(await code(pongs)).toBe(1008)
  })

  test('sockets at once, of one address, of one person, and before they are let in', async () => {
    const capped = (settings: Record<string, number>) => liveSchool('in memory', { settings })
    const all = await capped({ maxSockets: 1 })
    const first = await letIn(all.url)
    await expect(open(all.url)).rejects.toThrow('handshake refused with 503')
    first.close()
    await first.closed
    await letIn(all.url)

    const address = await capped({ maxSocketsPerAddress: 1 })
    await letIn(address.url)
    await expect(open(address.url)).rejects.toThrow('handshake refused with 429')

    const waiting = await capped({ maxSocketsWaiting: 1 })
    const one = await open(waiting.url)
    await expect(open(waiting.url)).rejects.toThrow('handshake refused with 429')
    one.send({ type: 'connection_init' })
    await one.next()
    await open(waiting.url)

    const person = await capped({ maxSocketsPerUser: 1 })
    const authorization = await bearer(person)
    const his = await letIn(person.url, { authorization })
    const another = await open(person.url)
    another.send({ type: 'connection_init', payload: { authorization } })
    expect(await code(another)).toBe(1013)
    await letIn(person.url, { authorization: await bearer(person) })
    his.close()
    await his.closed
    await letIn(person.url, { authorization })
  })

  test('a client that gives no sign of life is dropped, one that answers pings stays', async () => {
    const { url } = await liveSchool('in memory', { settings: { socketPingMs: 200, socketPongMs: 200 } })
    const [dead, alive] = [await letIn(url, {}, { autoPong: false }), await letIn(url)]
    expect(await code(dead)).toBe(1006)
    expect(alive.socket.readyState).toBe(WebSocket.OPEN)
  })

  test('a client that does not read is sent no more than it takes, and dropped after a while', async () => {
    const school = await liveSchool('in memory', { settings: { socketUnreadMs: 500 } })
    const [deaf, slow] = [await letIn(school.url), await letIn(school.url)]
    for (const socket of [deaf, slow]) {
      subscribe(socket, 'subscription { publicTicks(after: "0") { cursor padding(bytes: 10000) } }')
      socket.socket.pause()
    }
    await expect.poll(() => school.ticker.listeners).toBe(2)
    const taken = school.enrollments.seen.length
    school.ticker.tell(...Array.from({ length: 5000 }, (_, index) => index))
    // Reads now and then: less than what comes, but never nothing for half a second.
    const reading = setInterval(() => {
      slow.socket.resume()
      setTimeout(() => slow.socket.pause(), 5)
    }, 50)
    onTestFinished(() => clearInterval(reading))
    await expect.poll(() => school.ticker.listeners, { timeout: 15_000 }).toBe(1)
    expect(slow.socket.readyState).toBe(WebSocket.OPEN)
    // What the system buffers for a connection is some megabytes; the rest was not even read from its feed.
    expect(school.enrollments.seen.length - taken).toBeLessThan(6000)
  })
})

test('a client that sends and does not read is dropped before its answers fill memory', async () => {
  const { url } = await liveSchool('in memory', { settings: { maxSocketMessagesPerSecond: 10_000, maxSocketUnreadBytes: 1_000_000 } })
  const [deaf, reading] = [await letIn(url), await letIn(url)]
  deaf.socket.pause()
  for (let count = 0; count < 400; count++) {
    for (const socket of [deaf, reading]) socket.send({ type: 'ping', payload: { text: 'x'.repeat(60_000) } })
    await reading.next()
  }
  await expect.poll(readMetrics).toMatch(/^stellr_router_sockets 1$/m)
  expect(reading.socket.readyState).toBe(WebSocket.OPEN)
  deaf.socket.resume()
  expect(await code(deaf)).toBe(1006)
})

test('the stock client comes back by itself with a new token, and with its variables as they are then', { timeout: 30_000 }, async () => {
  const school = await liveSchool('in memory')
  const variables: { after: string } = { after: '0' }
  const numbers: number[] = []
  const client = createClient({
    url: school.url.replace('http', 'ws'),
    webSocketImpl: WebSocket,
    connectionParams: async () => ({
      authorization: await bearer(school, { viewer: { id: ada, sessionId: school.auth.revocations.length ? ada : session } }),
    }),
    retryWait: async () => undefined,
  })
  const session = '01900000-0000-7000-8000-0000000000aa'
  onTestFinished(() => client.dispose())
  const failed = new Promise((_resolve, reject) => {
    client.subscribe<{ ticks: { cursor: string; number: number } }>(
      { query: TICKS, variables },
      {
        next({ data }) {
          if (!data) return
          numbers.push(data.ticks.number)
          variables.after = data.ticks.cursor
        },
        error: reject,
        complete: () => reject(new Error('completed')),
      },
    )
  })
  failed.catch(() => undefined)
  school.ticker.tell(1, 2)
  await expect.poll(() => numbers).toEqual([1, 2])
  await revoke(school, { sid: session })
  await expect.poll(() => school.ticker.asked).toEqual(['0', '2'])
  school.ticker.tell(3)
  await expect.poll(() => numbers).toEqual([1, 2, 3])
})

test('sockets are counted', async () => {
  const { url } = await liveSchool('in memory')
  const socket = await letIn(url)
  expect(await readMetrics()).toMatch(/^stellr_router_sockets 1$/m)
  socket.send('nonsense')
  await socket.closed
  await expect(open(url, { headers: { origin: 'https://evil.example' } })).rejects.toThrow('403')
  const text = await readMetrics()
  for (const line of [
    /^stellr_router_sockets 0$/m,
    /^stellr_router_sockets_closed_total\{code="4400"\} \d+$/m,
    /^stellr_router_sockets_refused_total\{reason="origin"\} \d+$/m,
  ])
    expect(text).toMatch(line)
})

async function revoke({ auth }: LiveSchool, entry: { sid?: string; sub?: string; minVer?: number }): Promise<void> {
  const none = { sid: null, sub: null, minVer: null }
  auth.revocations.push({ ...none, ...entry, expiresAt: new Date(Date.now() + 300_000).toISOString() })
}
