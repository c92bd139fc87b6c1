import { createLogger, openDatabase, systemRandom, type Database } from '@stellr/kit'
import { manualClock, query, withMigrations, type ManualClock } from '@stellr/kit/testing'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { config, type Settings } from '../config.ts'
import { rotateSigningKeys } from '../jobs.ts'
import type { Services } from '../services.ts'
import { store, type Store } from '../store.ts'
import { createAccessTokens } from './access-tokens.ts'
import { createSigningKeys } from './signing-keys.ts'

const log = createLogger({ name: 'auth', level: 'silent' })
const settings = config.parse({ secret: 'only for tests: thirty-two characters and more' })
const ada = { id: systemRandom.id(), role: 'STUDENT', status: 'ACTIVE', tokenVersion: 1 } as const

let url: string
let database: Database<Store>
let clock: ManualClock
beforeEach(async () => {
  url = await withMigrations('auth')
  clock = manualClock()
  database = await openDatabase({ name: 'auth', url, store, log, clock })
})
afterEach(() => database.close())

async function replica(changed: Partial<Settings> = {}) {
  const own = { ...settings, ...changed }
  const keys = createSigningKeys({ settings: own, store: database.store, clock, random: systemRandom, log })
  await keys.ensure()
  const tokens = createAccessTokens(own, keys, clock, systemRandom)
  return {
    keys,
    sign: async () => (await tokens.sign(ada, systemRandom.id())).accessToken,
    kids: async () => (await keys.published()).keys.map((key) => (key as { kid: string }).kid),
    async verifies(token: string): Promise<boolean> {
      const published = await keys.published()
      const check = jwtVerify(token, createLocalJWKSet(published as never), { algorithms: ['EdDSA'], currentDate: clock.now() })
      return check.then(
        () => true,
        () => false,
      )
    },
  }
}

test('replicas that start together make one key, and verify each other’s tokens', async () => {
  const [one, two, three] = await Promise.all([replica(), replica(), replica()])
  expect(await query(url, 'SELECT FROM signing_key')).toHaveLength(1)
  expect(await two.verifies(await one.sign())).toBe(true)
  expect(await three.kids()).toEqual(await one.kids())
})

test('A11: a new key is published before it signs, and an old one until its last token has expired', async () => {
  const [signer, other] = await Promise.all([replica(), replica()])
  const [old] = await signer.kids()
  const next = await signer.keys.rotate()
  clock.advance(5)
  for (const each of [signer, other]) expect(await each.kids()).toEqual([old, next])

  // Under load all along: whatever any replica signs, every replica verifies while it lives.
  const live: { token: string; until: number }[] = []
  for (let second = 5; second < 500; second += 7) {
    const token = await (second % 2 ? signer : other).sign()
    live.push({ token, until: clock.now().getTime() + settings.accessTokenSeconds * 1000 })
    const now = clock.now().getTime()
    for (const { token } of live.filter(({ until }) => until > now)) expect(await other.verifies(token)).toBe(true)
    clock.advance(7)
  }
  expect(await signer.kids()).toEqual([next])
})

test('the new key signs after its time has come, not before', async () => {
  const signer = await replica()
  const [old] = await signer.kids()
  const next = await signer.keys.rotate()
  clock.advance(59)
  expect((await signer.keys.current()).kid).toBe(old)
  clock.advance(1)
  expect((await signer.keys.current()).kid).toBe(next)
})

test('a retired key is forgotten when nothing it signed is alive', async () => {
  const signer = await replica()
  const token = await signer.sign()
  await signer.keys.rotate()
  // Activation, the life of a token, and a margin.
  clock.advance(60 + 300 + 60)
  expect(await signer.verifies(token)).toBe(false)
  expect(await signer.kids()).toHaveLength(1)
})

test('the job replaces a key of thirty days, once however many replicas ask, and deletes what has expired', async () => {
  const replicas = await Promise.all([replica(), replica()])
  const work = () =>
    Promise.all(
      replicas.map(({ keys }) => {
        // The job looks at nothing else of the services.
        const services = { settings, keys } as Services
        return rotateSigningKeys.run({
          store: database.store(),
          services,
          clock,
          random: systemRandom,
          log,
          signal: new AbortController().signal,
        })
      }),
    )
  await work()
  expect(await query(url, 'SELECT FROM signing_key')).toHaveLength(1)
  clock.advance(30 * 86_400 + 1)
  await work()
  expect(await query(url, 'SELECT FROM signing_key')).toHaveLength(2)
  clock.advance(3600)
  await work()
  expect(await query(url, 'SELECT FROM signing_key')).toHaveLength(1)
})

test('under another secret the old keys still verify, and a new one signs', async () => {
  const before = await replica()
  const token = await before.sign()
  const after = await replica({ secret: 'another secret: thirty-two characters and more' })
  expect(await after.verifies(token)).toBe(true)
  expect(await after.verifies(await after.sign())).toBe(true)
  expect(await after.kids()).toHaveLength(2)
  await expect(before.keys.rotate()).rejects.toThrow('AUTH_SECRET')
})
