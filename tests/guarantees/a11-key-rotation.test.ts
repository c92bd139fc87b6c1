import { auth, openAuth } from '@stellr/auth'
import { createLogger, readConfig } from '@stellr/kit'
import { decodeProtectedHeader } from 'jose'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testkit/school.ts'

const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken } }'

// The router learns of a new key within thirty seconds, so one must be published for longer before it signs.
const ACTIVATION_SECONDS = 33

let school: School
beforeAll(async () => {
  school = await openSchool('distributed', { AUTH_KEY_ACTIVATION_SECONDS: `${ACTIVATION_SECONDS}` })
})
afterAll(() => school.close())

test.runIf(process.env['SOAK'] === '1')('A11 rotating the key under load refuses nobody', { timeout: 90_000 }, async () => {
  const ada = await school.register()
  const settings = readConfig({ auth: auth.config }, school.env).auth
  const operator = await openAuth({
    settings,
    databaseUrl: school.env['AUTH_DATABASE_URL'] ?? '',
    log: createLogger({ name: 'test', level: 'silent' }),
  })
  const kid = await operator.backstage.services.keys.rotate()
  await operator.close()

  const signedBy = new Set<string | undefined>()
  const statuses = new Map<number, number>()
  let { refreshToken } = ada
  const until = Date.now() + (ACTIVATION_SECONDS + 5) * 1000
  while (Date.now() < until) {
    const { accessToken, refreshToken: next } = (await school.client().query(REFRESH, { input: { refreshToken } })).data.refreshSession
    refreshToken = next
    signedBy.add(decodeProtectedHeader(accessToken).kid)
    for (const token of [accessToken, ada.accessToken]) {
      const { status } = await school.client(token).query('{ me { id } }')
      statuses.set(status, (statuses.get(status) ?? 0) + 1)
    }
  }
  console.log(`A11 ${[...statuses].map(([status, count]) => `${count} x ${status}`).join(', ')}; ${signedBy.size} keys signed`)
  expect([...statuses.keys()]).toEqual([200])
  expect(signedBy).toContain(kid)
  expect(signedBy.size).toBe(2)
})

test('A11 a new key is published before it signs', async () => {
  const settings = readConfig({ auth: auth.config }, school.env).auth
  const operator = await openAuth({
    settings,
    databaseUrl: school.env['AUTH_DATABASE_URL'] ?? '',
    log: createLogger({ name: 'test', level: 'silent' }),
  })
  const kid = await operator.backstage.services.keys.rotate()
  await operator.close()
  const published = async () =>
    ((await (await fetch(`${school.url}/.well-known/jwks.json`)).json()) as { keys: { kid: string }[] }).keys.map((key) => key.kid)
  await expect.poll(published, { timeout: 10_000 }).toContain(kid)
  const { accessToken } = await school.register()
  expect(decodeProtectedHeader(accessToken).kid).not.toBe(kid)
})
