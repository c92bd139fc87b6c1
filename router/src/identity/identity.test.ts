import { createLogger } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { Writable } from 'node:stream'
import { expect, onTestFinished, test, vi } from 'vitest'
import { fakeAuth, type TokenOptions } from '../testing/fake-auth.ts'
import { transportTo } from '../testing/platform.ts'
import { askThrough } from './ask-auth.ts'
import { createIdentity } from './identity.ts'

async function setUp() {
  const clock = manualClock()
  const auth = await fakeAuth()
  const lines: string[] = []
  const destination = new Writable({ write: (chunk, _encoding, done) => (lines.push(String(chunk)), done()) })
  const log = createLogger({ name: 'test', level: 'info', destination })
  const identity = createIdentity({ ask: askThrough(await transportTo('in memory', auth.subgraph)), issuer: 'stellr', clock, log })
  onTestFinished(() => identity.stop())
  const token = (options: TokenOptions = {}) => auth.token({ now: clock.now(), ...options })
  return { clock, auth, identity, token, alarms: () => lines.filter((line) => line.includes('out of date')).length }
}

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'fine',
    (error: { code: string }) => error.code,
  )

test('without a header one is anonymous, with a good token one is somebody', async () => {
  const { identity, token } = await setUp()
  await identity.refresh()
  expect(await identity.viewerOf(undefined)).toEqual({ kind: 'anonymous' })
  expect(await identity.viewerOf(`Bearer ${await token()}`)).toMatchObject({ kind: 'user' })
  expect(await identity.viewerOf(`bearer   ${await token()} `)).toMatchObject({ kind: 'user' })
})

test.each(['Bearer', 'Bearer ', 'Bearer x', 'Basic YTpi', 'Bearer a b', 'token'])(
  'the header %j is refused, not taken for anonymous',
  async (header) => {
    const { identity } = await setUp()
    await identity.refresh()
    expect(await code(identity.viewerOf(header))).toBe('UNAUTHENTICATED')
  },
)

test('nobody is judged, and the router is not ready, before auth has answered', async () => {
  const { auth, identity, token } = await setUp()
  expect(await code(identity.viewerOf(`Bearer ${await token()}`))).toBe('SERVICE_UNAVAILABLE')
  expect(await identity.ready()).toMatchObject({ ok: false })
  await identity.refresh()
  expect(await identity.ready()).toEqual({ ok: true, checks: { signingKeys: 'ok', revocations: 'ok' } })
  await auth.subgraph.stop()
  expect(await identity.ready()).toMatchObject({ ok: true })
})

test('a revoked token is refused within a second, by itself', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { clock, auth, identity, token } = await setUp()
  await identity.refresh()
  const header = `Bearer ${await token({ viewer: { sessionId: '01900000-0000-7000-8000-000000000002' } })}`
  expect(await code(identity.viewerOf(header))).toBe('fine')
  const expiresAt = new Date(clock.now().getTime() + 300_000).toISOString()
  auth.revocations.push({ sid: '01900000-0000-7000-8000-000000000002', sub: null, minVer: null, expiresAt })
  await vi.advanceTimersByTimeAsync(1000)
  expect(await code(identity.viewerOf(header))).toBe('UNAUTHENTICATED')
})

test('while auth is away the last list holds, and an alarm is logged once a minute', async () => {
  const { clock, auth, identity, token, alarms } = await setUp()
  await identity.refresh()
  const header = `Bearer ${await token()}`
  await auth.subgraph.stop()
  clock.advance(5)
  await identity.refresh()
  expect(alarms()).toBe(0)
  clock.advance(1)
  await identity.refresh()
  clock.advance(30)
  await identity.refresh()
  expect(alarms()).toBe(1)
  expect(await code(identity.viewerOf(header))).toBe('fine')
  clock.advance(60)
  await identity.refresh()
  expect(alarms()).toBe(2)
})

test('a new key is known before anybody shows a token signed with it', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const { auth, identity, token } = await setUp()
  await identity.refresh()
  await auth.rotate()
  await vi.advanceTimersByTimeAsync(30_000)
  const asked = auth.keysAsked
  expect(await code(identity.viewerOf(`Bearer ${await token()}`))).toBe('fine')
  expect(auth.keysAsked).toBe(asked)
})
