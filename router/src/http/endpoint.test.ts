import { createLogger, readMetrics } from '@stellr/kit'
import { request as rawRequest } from 'node:http'
import { Writable } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { post, read } from '../testing/platform.ts'
import { ada, school, shape } from '../testing/school.ts'

describe('what is asked', () => {
  const refusedWith = async (query: string, variables?: Record<string, unknown>) => {
    const { ask, users, auth } = await school('in memory')
    const { status, body } = await ask(query, { variables: variables ?? {}, token: await auth.token({ viewer: { role: 'ADMIN' } }) })
    expect(users.seen).toEqual([])
    const { code, details } = body.errors[0].extensions
    return { status, code, details, data: body.data }
  }

  test('a wrong variable and a wrong literal are told in the same way', async () => {
    const problem = { path: 'first', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' }
    const expected = { status: 400, code: 'BAD_USER_INPUT', details: [problem], data: undefined }
    expect(await refusedWith('query($n: Int) { users(first: $n) { edges { cursor } } }', { n: '50' })).toEqual(expected)
    expect(await refusedWith('{ users(first: 2147483648) { edges { cursor } } }')).toEqual(expected)
  })

  test('an operation that is too large is refused before it is validated, within 50 ms', async () => {
    const { ask, users } = await school('in memory')
    await ask('{ __typename }')
    const aliases = (count: number) => `{ ${Array.from({ length: count }, (_, i) => `a${i}: me { id }`).join(' ')} }`
    const chain = Array.from({ length: 100 }, (_, i) => `fragment F${i} on User { ...F${i + 1} ...F${i + 1} }`).join(' ')
    const floods = {
      aliases: aliases(5000),
      'some aliases': `{ me ${aliases(31)} }`,
      depth: `{ me { ${'user { '.repeat(50)} id ${'}'.repeat(50)} } }`,
      chain: `{ me { ...F0 } } ${chain} fragment F100 on User { id }`,
      directives: `{ me { id ${'@include(if: true) '.repeat(80)} } }`,
      repeated: `{ ${'me { id } '.repeat(300)} }`,
      compared: `{ me { ${'id '.repeat(999)} } }`,
      cycle: '{ me { ...A } } fragment A on User { ...B } fragment B on User { ...A }',
    }
    for (const [name, query] of Object.entries(floods)) {
      const { status, body } = await ask(query)
      // The quickest of a few, because other tests share the machine.
      const times = []
      for (let i = 0; i < 5; i++) {
        const startedAt = performance.now()
        await ask(query)
        times.push(performance.now() - startedAt)
      }
      expect([name, Math.min(...times) < 50]).toEqual([name, true])
      expect([name, status, shape(body)?.[0]?.code]).toEqual([
        name,
        400,
        name === 'cycle' ? 'GRAPHQL_VALIDATION_FAILED' : 'OPERATION_TOO_LARGE',
      ])
    }
    expect(users.seen).toEqual([])
  })

  test('a GET is measured by the same text that is run', async () => {
    const { url } = await school('in memory')
    const get = async (search: string) => read(await fetch(`${url}?${search}`, { headers: { 'apollo-require-preflight': '1' } }))
    const long = encodeURIComponent(`{ ${'__typename '.repeat(100)} }`)
    expect(shape((await get(`query=${long}`)).body)?.[0]?.code).toBe('OPERATION_TOO_LARGE')
    expect((await get(`query=%7B__typename%7D&query=${long}`)).status).toBe(400)
    expect(shape((await get(`%71uery=${long}`)).body)?.[0]?.code).toBe('OPERATION_TOO_LARGE')
    expect((await get('query=%7B__typename%7D')).body).toEqual({ data: { __typename: 'Query' } })
  })

  test.each([
    [
      'a body that is too large',
      JSON.stringify({ query: '{ __typename }', pad: 'x'.repeat(524_288) }),
      'application/json',
      413,
      'PAYLOAD_TOO_LARGE',
    ],
    ['a batch', '[{"query":"{__typename}"}]', 'application/json', 400, 'BAD_REQUEST'],
    ['broken JSON', '{"query":', 'application/json', 400, 'BAD_REQUEST'],
    ['JSON that sets a prototype', '{"__proto__":{"x":1},"query":"{__typename}"}', 'application/json', 400, 'BAD_REQUEST'],
    [
      'JSON that is too deep to mean anything',
      `{"query":"{__typename}","variables":${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
      'application/json',
      400,
      'BAD_REQUEST',
    ],
    ['no query', '{"a":1}', 'application/json', 400, 'BAD_REQUEST'],
    ['a query that is no text', '{"query":{"kind":"Document"}}', 'application/json', 400, 'BAD_REQUEST'],
    ['a query that is not GraphQL', '{"query":"{"}', 'application/json', 400, 'GRAPHQL_PARSE_FAILED'],
    [
      'an unknown operation name',
      '{"query":"query A{__typename} query B{__typename}","operationName":"C"}',
      'application/json',
      400,
      'OPERATION_RESOLUTION_FAILURE',
    ],
    [
      'a persisted query',
      '{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"0"}}}',
      'application/json',
      200,
      'PERSISTED_QUERY_NOT_SUPPORTED',
    ],
    ['another language', '<query/>', 'application/xml', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['a form', 'query=%7B__typename%7D', 'application/x-www-form-urlencoded', 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['plain text, which no browser asks permission for', '{"query":"{__typename}"}', 'text/plain', 400, 'BAD_REQUEST'],
  ])('%s is refused with a clear code', async (_what, body, contentType, status, code) => {
    const { url } = await school('in memory')
    const reply = await post(url, body, { 'content-type': contentType, 'x-correlation-id': 'mine' })
    expect([reply.status, shape(reply.body)?.[0]?.code]).toEqual([status, code])
    expect(reply.body.errors[0].extensions.correlationId).toBe('mine')
    expect(reply.text).not.toMatch(/node_modules|\bat .*:\d+:\d+/)
  })

  test('a mutation by GET is refused and nothing runs', async () => {
    const { url, auth } = await school('in memory')
    const before = auth.subgraph.seen.length
    const search = new URLSearchParams({ query: 'mutation { login(input: { identifier: "a", password: "b" }) { accessToken } }' })
    const reply = await read(await fetch(`${url}?${search.toString()}`, { headers: { 'apollo-require-preflight': '1' } }))
    expect([reply.status, shape(reply.body)?.[0]?.code, reply.headers.get('allow')]).toEqual([405, 'METHOD_NOT_ALLOWED', 'POST'])
    expect(auth.subgraph.seen).toHaveLength(before)
  })

  test('a simple GET, as any page can make a browser send it, is refused', async () => {
    const { url } = await school('in memory')
    expect((await fetch(`${url}?query=%7B__typename%7D`)).status).toBe(400)
    expect((await fetch(url, { method: 'PUT', body: '{}', headers: { 'content-type': 'application/json' } })).status).toBe(405)
  })

  test('a bug is masked, and its log line has the correlation id', async () => {
    const lines: string[] = []
    const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) })
    const { ask } = await school('in memory', { log: createLogger({ name: 'test', level: 'error', destination }) })
    const input = '{ email: "a@example.org", password: "canary-password", name: "A" }'
    const { body, text } = await ask(`mutation { register(input: ${input}) { accessToken } }`, {
      headers: { 'x-correlation-id': 'find-me' },
    })
    expect(body.errors[0].extensions).toMatchObject({ code: 'INTERNAL', correlationId: 'find-me' })
    expect(JSON.parse(lines.at(-1) ?? '')).toMatchObject({
      correlationId: 'find-me',
      err: { message: expect.stringContaining('10.1.2.3') },
    })
    expect(text + lines.join('')).not.toContain('canary-password')
  })
})

describe('over the wire', () => {
  test('the correlation id is the client’s when it is well-formed, and new otherwise', async () => {
    const { ask } = await school('in memory')
    const given = async (id: string) =>
      (await ask('{ __typename }', { headers: { 'x-correlation-id': id } })).headers.get('x-correlation-id')
    expect(await given('abc.DEF_1-2')).toBe('abc.DEF_1-2')
    for (const bad of ['a b', 'x'.repeat(65), '<script>', '{}']) expect(await given(bad)).toMatch(/^[0-9a-f-]{36}$/)
  })

  test('answers are not stored, run nothing in a browser, and are not shared with other origins', async () => {
    const { ask, url } = await school('in memory')
    const { headers } = await ask('{ __typename }', { headers: { origin: 'https://evil.example' } })
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('access-control-allow-origin')).toBeNull()
    expect(
      (await fetch(url, { method: 'OPTIONS', headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' } })).ok,
    ).toBe(false)
  })

  test('pages of the listed origins may call, without cookies', async () => {
    const { url } = await school('in memory', { settings: { corsOrigins: 'https://app.example, https://other.example' } })
    const preflight = async (origin: string) =>
      (await fetch(url, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'POST' } })).headers
    expect((await preflight('https://app.example')).get('access-control-allow-origin')).toBe('https://app.example')
    expect((await preflight('https://app.example')).get('access-control-allow-credentials')).toBeNull()
    expect((await preflight('https://evil.example')).get('access-control-allow-origin')).toBeNull()
  })

  test('subgraphs learn the address of the client, and a proxy’s word only when proxies are trusted', async () => {
    const seen = async (settings: Record<string, unknown>) => {
      const { ask, users } = await school('in memory', { settings })
      await ask(`{ user(id: "${ada}") { id } }`, { headers: { 'x-forwarded-for': '203.0.113.9', 'user-agent': 'a phone' } })
      return users.seen[0]?.caller
    }
    expect(await seen({})).toMatchObject({ ipAddress: '127.0.0.1', userAgent: 'a phone' })
    expect(await seen({ trustProxy: '127.0.0.1' })).toMatchObject({ ipAddress: '203.0.113.9', userAgent: 'a phone' })
  })

  test.each(['in memory', 'over HTTP'] as const)(
    'subgraphs learn the platform’s own address, whatever Host the client names (%s)',
    async (how) => {
      const seen = async (settings: Record<string, unknown>) => {
        const { ask, users, url } = await school(how, { settings })
        await ask(`{ user(id: "${ada}") { id } }`, { headers: { host: 'evil.example' } })
        return { url, publicUrl: users.seen[0]?.caller.publicUrl }
      }
      const { url, publicUrl } = await seen({})
      expect(publicUrl).toBe(new URL(url).origin)
      expect(await seen({ publicUrl: 'https://api.example.org/' })).toMatchObject({ publicUrl: 'https://api.example.org' })
    },
  )

  test('a browser that tells its whole life story is served over HTTP too, and cut short', async () => {
    const { ask, users, auth } = await school('over HTTP')
    const reply = await ask('{ me { id } }', { token: await auth.token(), headers: { 'user-agent': 'x'.repeat(12_000) } })
    expect([reply.status, reply.body.errors]).toEqual([200, undefined])
    expect(users.seen[0]?.caller.userAgent).toBe('x'.repeat(200))
  })

  test('a Host header that is none is 400, and any that is one will do', async () => {
    const { url } = await school('in memory')
    const statusFor = (host: string) =>
      new Promise((resolve, reject) => {
        const body = '{"query":"{__typename}"}'
        const headers = { host, 'content-type': 'application/json', 'content-length': body.length }
        rawRequest({ port: new URL(url).port, host: '127.0.0.1', path: '/graphql', method: 'POST', headers }, (response) =>
          resolve(response.statusCode),
        )
          .on('error', reject)
          .end(body)
      })
    for (const host of ['api.example', 'api.example:8080', '127.0.0.1', '[::1]', '[::1]:4000'])
      expect([host, await statusFor(host)]).toEqual([host, 200])
    for (const host of ['a b', 'a[', ':', '%zz', 'a:b:c', 'x:99999999']) expect([host, await statusFor(host)]).toEqual([host, 400])
  })

  test('what was asked and how it went can be read as metrics', async () => {
    const { ask, auth } = await school('in memory')
    await ask('{ me { id } }', { token: await auth.token() })
    await ask('{ me { id } }', { token: 'bad' })
    const text = await readMetrics()
    for (const line of [
      /^stellr_router_operations_total\{type="query",outcome="ok"\} \d+$/m,
      /^stellr_router_operations_total\{type="unknown",outcome="refused"\} \d+$/m,
      /^stellr_router_operation_seconds_count\{type="query"\} \d+$/m,
      /^stellr_router_fetch_seconds_count\{subgraph="users",outcome="ok"\} \d+$/m,
      /^stellr_router_revocations_age_seconds \d/m,
    ]) {
      expect(text).toMatch(line)
    }
  })

  test('bytes that are no text do no harm', async () => {
    const { url } = await school('in memory')
    const bytes = Buffer.concat([Buffer.from('{"query":"{ __typename } #'), Buffer.from([0xff, 0xfe, 0xc0]), Buffer.from('"}')])
    const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: bytes })
    expect(response.status).toBeLessThan(500)
    const zipped = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      body: bytes,
    })
    expect(zipped.status).toBeGreaterThanOrEqual(400)
    expect(zipped.status).toBeLessThan(500)
  })

  test('a client has a bounded time to send its request', async () => {
    const { router } = await school('in memory', { settings: { requestTimeoutMs: 1234 } })
    const { requestTimeout, headersTimeout } = router.app.server
    expect([requestTimeout, headersTimeout]).toEqual([1234, 60_000])
  })

  test('closing finishes what is in flight and then accepts nothing', async () => {
    const { ask, auth, users, router } = await school('over HTTP')
    const token = await auth.token({ viewer: { id: ada } })
    let release: (() => void) | undefined
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const me = users.schema.getQueryType()?.getFields()['me']
    if (me) me.resolve = () => held.then(() => ({ id: ada }))
    const answer = ask('{ me { id } }', { token })
    await expect.poll(() => users.seen.length).toBeGreaterThan(0)
    const closed = router.close()
    release?.()
    expect((await answer).body).toEqual({ data: { me: { id: ada } } })
    await closed
    await expect(ask('{ __typename }')).rejects.toThrow()
  })
})
