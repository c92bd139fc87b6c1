import { derivePassportKey, metrics, verifyPassport } from '@stellr/kit'
import { fastify, type FastifyInstance } from 'fastify'
import { createServer, type IncomingMessage, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, expect, onTestFinished, test, vi } from 'vitest'
import { silent } from '../testing/fake-subgraph.ts'
import { httpTransport, type HttpTransportOptions } from './http.ts'
import type { SubgraphFetch, SubgraphTransport } from './transport.ts'

const key = derivePassportKey('only-for-tests-only-for-tests-only', 'users')
const viewer = { kind: 'service', name: 'router' } as const
const caller = { ipAddress: null, userAgent: null }
const { signal } = new AbortController()
const ask: SubgraphFetch = { operation: '{ me { id } }', variables: {}, kind: 'query', viewer, caller, signal }
const change: SubgraphFetch = { ...ask, operation: 'mutation { updateProfile(input: {}) { user { id } } }', kind: 'mutation' }

afterEach(() => {
  vi.useRealTimers()
})

interface Upstream {
  url: string
  requests: { head: IncomingMessage; body: string }[]
}

/** A server that does to each request what `answer` says, and remembers it. */
async function upstream(answer: RequestListener): Promise<Upstream> {
  const requests: Upstream['requests'] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      requests.push({ head: request, body: Buffer.concat(chunks).toString() })
      answer(request, response)
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
  })
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests }
}

function transportTo(url: string, more: Partial<HttpTransportOptions> = {}): SubgraphTransport {
  const transport = httpTransport({
    name: 'users',
    url,
    passportKey: key,
    timeoutMs: 1000,
    breakerFailures: 3,
    breakerProbeSeconds: 5,
    log: silent,
    ...more,
  })
  onTestFinished(() => transport.close())
  return transport
}

const fine: RequestListener = (_request, response) => {
  response.setHeader('content-type', 'application/json').end('{"data":{"me":null}}')
}
const broken: RequestListener = (request) => {
  request.socket.destroy()
}
const codes = async (transport: SubgraphTransport, fetch: SubgraphFetch) =>
  (await transport.execute(fetch)).errors?.map((error) => error.extensions?.['code'])

test('nothing goes to a subgraph but the operation and a passport for it', async () => {
  const { url, requests } = await upstream(fine)
  await transportTo(url).execute({ ...ask, variables: { a: '"' } })
  const [sent] = requests
  expect(Object.keys(sent?.head.headers ?? {}).toSorted()).toEqual([
    'accept',
    'connection',
    'content-length',
    'content-type',
    'host',
    'x-stellr-passport',
  ])
  expect(JSON.parse(sent?.body ?? '')).toEqual({ query: ask.operation, variables: { a: '"' } })
  const passport = sent?.head.headers['x-stellr-passport']
  expect(verifyPassport(key, String(passport), 'users', sent?.body ?? '', new Date())).toEqual({ viewer, caller })
  expect(() => verifyPassport(key, String(passport), 'auth', sent?.body ?? '', new Date())).toThrow()
})

test('a query is sent once more when the connection breaks, a mutation never', async () => {
  const { url, requests } = await upstream(broken)
  const transport = transportTo(url)
  expect(await codes(transport, ask)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(2)
  expect(await codes(transport, change)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(3)
})

test('a query whose second try arrives is answered as if nothing had been', async () => {
  let tries = 0
  const { url } = await upstream((request, response) => (++tries === 1 ? broken : fine)(request, response))
  expect(await transportTo(url).execute(ask)).toEqual({ data: { me: null } })
})

test('a subgraph that is slow is not asked a second time', async () => {
  const { url, requests } = await upstream(() => undefined)
  expect(await codes(transportTo(url, { timeoutMs: 50 }), ask)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(1)
})

test.each([
  ['a gateway error page', 502, '<h1>Bad gateway</h1>'],
  ['a refused passport', 401, '{"errors":[{"message":"no","extensions":{"code":"UNAUTHENTICATED"}}]}'],
  ['a page that is not GraphQL', 200, '"hello"'],
])('%s is SERVICE_UNAVAILABLE and not passed on', async (_what, status, body) => {
  const { url } = await upstream((_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(body)
  })
  expect(await codes(transportTo(url), ask)).toEqual(['SERVICE_UNAVAILABLE'])
})

test('errors that come with status 400 are the subgraph’s answer', async () => {
  const { url } = await upstream((_request, response) => {
    response
      .writeHead(400, { 'content-type': 'application/json' })
      .end('{"errors":[{"message":"no","extensions":{"code":"BAD_USER_INPUT"}}]}')
  })
  expect(await codes(transportTo(url), ask)).toEqual(['BAD_USER_INPUT'])
})

test('the breaker opens after failures in a row, lets one probe through later, and closes when that succeeds', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  let answer: RequestListener = broken
  const { url, requests } = await upstream((request, response) => answer(request, response))
  const transport = transportTo(url)
  for (let i = 0; i < 3; i++) await codes(transport, change)
  expect(requests).toHaveLength(3)

  expect(await codes(transport, ask)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(3)
  expect(await breakerGauge()).toBe(2)

  vi.setSystemTime(Date.now() + 5000)
  expect(await codes(transport, change)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(4)
  expect(await codes(transport, change)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(requests).toHaveLength(4)

  answer = fine
  vi.setSystemTime(Date.now() + 5000)
  expect(await codes(transport, change)).toBeUndefined()
  expect(await codes(transport, ask)).toBeUndefined()
  expect(await breakerGauge()).toBe(0)
})

test('fetches that break off together, as when one of several replicas dies, count as one failure', async () => {
  const waiting: (() => void)[] = []
  const { url, requests } = await upstream((request) => void waiting.push(() => request.socket.destroy()))
  const transport = transportTo(url)
  const asked = Array.from({ length: 10 }, () => codes(transport, change))
  await expect.poll(() => requests.length).toBe(10)
  for (const breakOff of waiting.splice(0)) breakOff()
  expect((await Promise.all(asked)).flat()).toEqual(Array.from({ length: 10 }, () => 'SERVICE_UNAVAILABLE'))
  expect(await breakerGauge()).toBe(0)
})

test('while the breaker probes, others are told at once', async () => {
  vi.useFakeTimers({ toFake: ['Date'] })
  let release: (() => void) | undefined
  let answer: RequestListener = broken
  const { url, requests } = await upstream((request, response) => answer(request, response))
  const transport = transportTo(url)
  for (let i = 0; i < 3; i++) await codes(transport, change)
  answer = (request, response) => {
    release = () => fine(request, response)
  }
  vi.setSystemTime(Date.now() + 5000)
  const probe = codes(transport, change)
  await expect.poll(() => requests.length).toBe(4)
  expect(await codes(transport, ask)).toEqual(['SERVICE_UNAVAILABLE'])
  release?.()
  expect(await probe).toBeUndefined()
})

test('neither clients that hang up nor fetches that are refused open the breaker', async () => {
  const { url } = await upstream((_request, response) => {
    response.writeHead(413).end()
  })
  const transport = transportTo(url)
  for (let i = 0; i < 5; i++) await transport.execute({ ...ask, signal: AbortSignal.abort() })
  for (let i = 0; i < 5; i++) expect(await codes(transport, ask)).toEqual(['SERVICE_UNAVAILABLE'])
  expect(await breakerGauge()).toBe(0)
})

test('a public route is passed on without what identifies the client, and says nothing of addresses when it fails', async () => {
  const { url, requests } = await upstream(fine)
  const app = await appWith(transportTo(url))
  const headers = { authorization: 'Bearer x', cookie: 'a=b', 'x-stellr-passport': 'y', 'x-forwarded-host': 'evil', 'x-signature': 'kept' }
  expect((await app.inject({ url: '/listed', headers })).statusCode).toBe(200)
  const passed = requests[0]?.head.headers
  expect(passed).toMatchObject({ 'x-signature': 'kept', 'x-forwarded-for': '127.0.0.1' })
  for (const name of ['authorization', 'cookie', 'x-stellr-passport', 'x-forwarded-host']) expect(passed).not.toHaveProperty([name])

  const down = await appWith(transportTo('http://127.0.0.1:1'))
  const refused = await down.inject({ url: '/listed' })
  expect(refused.statusCode).toBeGreaterThanOrEqual(500)
  expect(refused.body).not.toContain('127.0.0.1')
})

async function appWith(transport: SubgraphTransport): Promise<FastifyInstance> {
  const app = fastify()
  onTestFinished(() => app.close())
  await transport.mount(app, ['/listed'])
  return app
}

async function breakerGauge(): Promise<number | undefined> {
  const gauge = await metrics.getSingleMetric('stellr_router_breaker_state')?.get()
  return gauge?.values.find(({ labels }) => labels['subgraph'] === 'users')?.value
}
