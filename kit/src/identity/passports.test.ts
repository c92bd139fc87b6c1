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
const issue = (at = now) => issuePassport(key, { audience: 'users', viewer, caller, body }, at)
const open = (passport: string | undefined, at = now) => verifyPassport(key, passport, 'users', body, at)

test('a passport tells its audience who asks, and from where', () => {
  expect(open(issue())).toEqual({ viewer, caller })
})

test('a passport lives for two seconds and two of clock skew, and is not from the future', () => {
  expect(open(issue(), later(4))).toBeDefined()
  expect(() => open(issue(), later(4.001))).toThrow(PassportError)
  expect(open(issue(later(2)))).toBeDefined()
  expect(() => open(issue(later(2.001)))).toThrow(PassportError)
})

const [text = '', signature = ''] = issue().split('.')
const other = derivePassportKey(secret, 'auth')

test.each([
  ['is missing', () => open(undefined)],
  ['is empty', () => open('')],
  ['is for another subgraph', () => verifyPassport(key, issue(), 'auth', body, now)],
  ['is signed with another subgraph’s key', () => open(issuePassport(other, { audience: 'users', viewer, caller, body }, now))],
  ['comes with another body', () => verifyPassport(key, issue(), 'users', `${body} `, now)],
  ['is garbage', () => open('a.b')],
  ['is not signed', () => open(`${text}.`)],
  ['has a shorter signature', () => open(`${text}.${signature.slice(0, 20)}`)],
  ['was changed', () => open(`${Buffer.from(text, 'base64url').toString().replace('STUDENT', 'ADMIN')}.${signature}`)],
  [
    'was changed and encoded again',
    () => open(`${Buffer.from(Buffer.from(text, 'base64url').toString().replace('STUDENT', 'ADMIN')).toString('base64url')}.${signature}`),
  ],
])('a passport is refused when it %s', (_why, verify) => {
  expect(verify).toThrow(PassportError)
})
