import { SignJWT } from 'jose'
import { expect, test } from 'vitest'
import { derivePassportKey, issuePassport, PassportError, verifyPassport } from './passports.ts'
import type { Viewer } from './viewer.ts'

const secret = 'a secret that is long enough for a test'
const key = derivePassportKey(secret, 'users')
const now = new Date('2026-03-01T12:00:00Z')
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000)
const caller = { ipAddress: '192.0.2.1', userAgent: 'test' }
const viewer: Viewer = {
  kind: 'user',
  id: '0195d4a8-0000-7000-8000-000000000001',
  role: 'STUDENT',
  scopes: ['learn'],
  sessionId: '0195d4a8-0000-7000-8000-000000000002',
}
const body = '{"query":"{ me { id } }"}'
const issue = () => issuePassport(key, { audience: 'users', viewer, caller, body }, now)

test('a passport tells its audience who asks, and from where', async () => {
  expect(await verifyPassport(key, await issue(), 'users', body, now)).toEqual({ viewer, caller })
})

test('a passport lives for three seconds and two of clock skew', async () => {
  const passport = await issue()
  await expect(verifyPassport(key, passport, 'users', body, later(4))).resolves.toBeDefined()
  await expect(verifyPassport(key, passport, 'users', body, later(5.1))).rejects.toThrow(PassportError)
})

test.each([
  ['is missing', async () => verifyPassport(key, undefined, 'users', body, now)],
  ['is for another subgraph', async () => verifyPassport(key, await issue(), 'auth', body, now)],
  [
    'is signed with another subgraph’s key',
    async () => verifyPassport(derivePassportKey(secret, 'auth'), await issue(), 'users', body, now),
  ],
  ['comes with another body', async () => verifyPassport(key, await issue(), 'users', `${body} `, now)],
  ['is garbage', async () => verifyPassport(key, 'a.b.c', 'users', body, now)],
  ['claims no algorithm', async () => verifyPassport(key, unsigned(await issue()), 'users', body, now)],
  ['is another kind of token', async () => verifyPassport(key, await otherToken(), 'users', body, now)],
])('a passport is refused when it %s', async (_why, verify) => {
  await expect(verify()).rejects.toThrow(PassportError)
})

function unsigned(passport: string): string {
  const header = Buffer.from(JSON.stringify({ alg: 'none', typ: 'passport+jwt' })).toString('base64url')
  return `${header}.${passport.split('.')[1]}.`
}

function otherToken(): Promise<string> {
  return new SignJWT({ viewer, caller, body: '' })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('stellr:router')
    .setAudience('users')
    .setIssuedAt(now)
    .setExpirationTime(later(3))
    .sign(key)
}
