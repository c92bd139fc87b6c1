import { expect, test } from 'vitest'
import { DomainError } from '../graphql/errors.ts'
import { correlationId, createLogger, traceparent } from '../log.ts'
import { readMetrics } from '../metrics.ts'
import { createHttpHost } from './host.ts'

const log = createLogger({ name: 'test', level: 'silent' })

function host(ok = true) {
  const app = createHttpHost({ name: 'test', log, ready: async () => ({ ok, checks: { database: ok ? 'ok' : 'away' } }), bodyLimit: 1000 })
  app.post('/echo', async (request) => ({ body: request.body, correlationId: correlationId() }))
  app.post('/trace', async () => traceparent())
  app.post('/graphql', async (request) => ({ body: request.body }))
  app.get('/refuse', async () => {
    throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 7 })
  })
  app.get('/bug', async () => {
    throw new Error('the password is hunter2')
  })
  return app
}

test('it lives without its dependencies, and is ready only with them', async () => {
  expect((await host(false).inject('/livez')).statusCode).toBe(200)
  expect((await host(true).inject('/readyz')).json()).toEqual({ status: 'ok', checks: { database: 'ok' } })
  const away = await host(false).inject('/readyz')
  expect([away.statusCode, away.json()]).toEqual([503, { status: 'not ready', checks: { database: 'away' } }])
})

test('one that is leaving is not ready and ends its connections, and serves what comes meanwhile', async () => {
  const app = host()
  app.leave()
  const ready = await app.inject('/readyz')
  expect([ready.statusCode, ready.json().checks]).toEqual([503, { process: 'is about to close' }])
  const served = await app.inject({ method: 'POST', url: '/echo', payload: { a: 1 } })
  expect([served.statusCode, served.headers['connection'], served.json().body]).toEqual([200, 'close', { a: 1 }])
  expect((await host().inject({ method: 'POST', url: '/echo', payload: {} })).headers['connection']).not.toBe('close')
})

test('a request keeps its correlation id through the body parser and in the reply; a malformed one is replaced', async () => {
  const app = host()
  const post = (id: string) => app.inject({ method: 'POST', url: '/echo', headers: { 'x-correlation-id': id }, payload: { a: 1 } })
  const kept = await post('abc-1')
  expect([kept.headers['x-correlation-id'], kept.json()]).toEqual(['abc-1', { body: { a: 1 }, correlationId: 'abc-1' }])
  const replaced = await post('evil id\n')
  expect(replaced.headers['x-correlation-id']).toBe(replaced.json().correlationId)
  expect(replaced.json().correlationId).toMatch(/^[0-9a-f-]{36}$/)
})

test('a request goes on with the trace that it came with, in a span of its own; without one it begins a trace', async () => {
  const traceOf = async (headers: Record<string, string>) =>
    (await host().inject({ method: 'POST', url: '/trace', headers, payload: {} })).body
  const given = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  const own = await traceOf({ traceparent: given })
  expect(own).toMatch(/^00-4bf92f3577b34da6a3ce929d0e0e4736-[\da-f]{16}-01$/)
  expect(own).not.toBe(given)
  expect(await traceOf({})).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
  expect(await traceOf({ traceparent: '00-evil\n' })).toMatch(/^00-[\da-f]{32}-[\da-f]{16}-01$/)
})

test.each([
  ['too large', '/echo', `"${'x'.repeat(2000)}"`, 'application/json', 413, 'PAYLOAD_TOO_LARGE'],
  ['not JSON', '/echo', '{', 'application/json', 400, 'BAD_REQUEST'],
  ['of another type', '/echo', 'a=1', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
])('a body that is %s gets a clear error', async (_what, url, payload, type, status, errorCode) => {
  const reply = await host().inject({ method: 'POST', url, payload, headers: { 'content-type': type } })
  expect([reply.statusCode, reply.json()]).toMatchObject([status, { errorCode }])
  const graphql = await host().inject({ method: 'POST', url: '/graphql', payload, headers: { 'content-type': type } })
  expect([graphql.statusCode, graphql.json()]).toMatchObject([status, { errors: [{ extensions: { code: errorCode } }] }])
})

test('refusals say when to come back, bugs say nothing, unknown paths are not found', async () => {
  const refused = await host().inject('/refuse')
  expect([refused.statusCode, refused.headers['retry-after'], refused.json()]).toMatchObject([429, '7', { errorCode: 'RATE_LIMITED' }])
  const bug = await host().inject('/bug')
  expect([bug.statusCode, bug.json()]).toMatchObject([500, { errorCode: 'INTERNAL' }])
  expect(bug.body).not.toContain('hunter2')
  expect((await host().inject('/nowhere')).json()).toMatchObject({ errorCode: 'NOT_FOUND' })
})

test('metrics are in the Prometheus format, by route, and not for whoever reaches the endpoint', async () => {
  const app = host()
  await app.inject('/livez')
  expect((await app.inject('/metrics')).statusCode).toBe(404)
  expect(await readMetrics()).toMatch(/stellr_http_request_duration_seconds_count\{service="test",route="\/livez",status="200"\} \d/)
})
