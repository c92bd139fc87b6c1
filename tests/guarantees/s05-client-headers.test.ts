import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { auth } from '@stellr/auth'
import { createLogger, derivePassportKey, hostSubgraph, issuePassport, PASSPORT_HEADER, verifyPassport } from '@stellr/kit'
import { runSubgraph, viewerOf } from '@stellr/kit/testing'
import { createRouter, httpTransport, type Router, routerConfig } from '@stellr/router'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import { domains } from '../../schema/index.ts'

const secret = 'the secret of the platform under test'
const log = createLogger({ name: 'test', level: 'silent' })
const settings = routerConfig.parse({})
const closing: (() => Promise<unknown>)[] = []
let url = ''
let accessToken = ''

/** What reached the users subgraph, in whose place a server stands that only listens and remembers. */
const heard: { headers: IncomingHttpHeaders; body: string }[] = []

beforeAll(async () => {
  const running = await runSubgraph(auth, { settings: { secret } })
  const host = await hostSubgraph(running.running, { host: '127.0.0.1', port: 0, passportKey: derivePassportKey(secret, 'auth') })
  const register = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }'
  const { data } = await running.ask(register, { input: { email: 'someone@example.org', password: 'correct horse', name: 'Someone' } })
  accessToken = data.register.accessToken
  const listener = await listen()
  const router = await open(host.url, listener)
  url = await router.listen({ host: '127.0.0.1', port: 0 })
  closing.push(
    () => router.close(),
    () => host.close(),
    () => running.stop(),
  )
  // Until auth has told its keys, nobody who is signed in is served.
  await vi.waitFor(() => ask({ authorization: `Bearer ${accessToken}` }), { timeout: 10_000 })
})

afterAll(async () => {
  for (const close of closing) await close()
})

beforeEach(() => heard.splice(0))

const query = '{ user(id: "0195d4a8-0000-7000-8000-000000000001") { name } }'
const admin = viewerOf('ADMIN')
const passport = (body: string) =>
  issuePassport(
    derivePassportKey(secret, 'users'),
    { audience: 'users', viewer: admin, caller: { ipAddress: null, userAgent: null }, body },
    new Date(),
  )

test("S05 a client's headers of identity never reach a subgraph", async () => {
  // The body that the router is going to send, so that the passport would be good if it came through.
  await ask({})
  const { body } = heard[0] ?? expect.unreachable('the subgraph was not asked')
  heard.splice(0)

  const forged = passport(body)
  expect(verifyPassport(derivePassportKey(secret, 'users'), forged, 'users', body, new Date())).toMatchObject({
    viewer: admin,
  })
  await ask({
    [PASSPORT_HEADER]: forged,
    cookie: 'session=stolen',
    'x-user-id': admin.id,
    'x-user-role': 'ADMIN',
    'x-forwarded-user': admin.id,
    'x-stellr-viewer': JSON.stringify(admin),
    forwarded: 'for=192.0.2.99',
  })
  expect(heard).toHaveLength(1)
  const { headers } = heard[0] ?? expect.unreachable('the subgraph was not asked')
  expect(Object.keys(headers).toSorted()).toEqual(
    ['accept', 'connection', 'content-length', 'content-type', 'host', 'traceparent', 'x-correlation-id', PASSPORT_HEADER].toSorted(),
  )
  expect(headers[PASSPORT_HEADER]).not.toBe(forged)
  expect(await viewerTold()).toEqual({ kind: 'anonymous' })
})

test('S05 the access token stays with the router, and what it proves goes on', async () => {
  await ask({ authorization: `Bearer ${accessToken}`, [PASSPORT_HEADER]: passport('{}') })
  expect(JSON.stringify(heard[0]?.headers)).not.toContain(accessToken)
  expect(heard[0]?.headers.authorization).toBeUndefined()
  expect(await viewerTold()).toMatchObject({ kind: 'user', role: 'STUDENT', scopes: ['learn'] })
})

async function ask(headers: Record<string, string>) {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  })
  expect(response.status).toBe(200)
}

/** Who the subgraph was told is asking, once its key has proved it. */
async function viewerTold() {
  const { headers, body } = heard[0] ?? expect.unreachable('the subgraph was not asked')
  const proof = String(headers[PASSPORT_HEADER])
  return verifyPassport(derivePassportKey(secret, 'users'), proof, 'users', body, new Date()).viewer
}

async function open(authUrl: string, usersUrl: string): Promise<Router> {
  const { subgraphTimeoutMs: timeoutMs, breakerFailures, breakerProbeSeconds } = settings
  const transportTo = (name: string, to: string) =>
    httpTransport({ name, url: to, passportKey: derivePassportKey(secret, name), timeoutMs, breakerFailures, breakerProbeSeconds, log })
  // Nobody asks the others.
  const transports = Object.fromEntries(domains.map((name) => [name, transportTo(name, name === 'auth' ? authUrl : usersUrl)]))
  return createRouter({ settings, transports, log })
}

async function listen(): Promise<string> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = []
    request.on('data', (part: Buffer) => parts.push(part))
    request.on('end', () => {
      heard.push({ headers: request.headers, body: Buffer.concat(parts).toString('utf8') })
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ data: { user: { name: 'Someone' } } }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}
