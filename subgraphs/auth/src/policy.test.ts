import { anonymous, DomainError, systemRandom, type Role, type Viewer } from '@stellr/kit'
import { expect, test } from 'vitest'
import type { AccountStatus } from './models.ts'
import { maySeeAccount, maySignIn, requireAccountAccess, requireRouter, scopesOf } from './policy.ts'

const owner = systemRandom.id()
const user = (id: string, role: Role, scopes: readonly string[]): Viewer => ({
  kind: 'user',
  id,
  role,
  scopes,
  sessionId: systemRandom.id(),
})

const whoSeesAnAccount: readonly [string, Viewer, boolean][] = [
  ['nobody in particular', anonymous, false],
  ['the owner', user(owner, 'STUDENT', ['learn']), true],
  ['the owner about to leave', user(owner, 'STUDENT', []), true],
  ['another student', user(systemRandom.id(), 'STUDENT', ['learn']), false],
  ['another instructor', user(systemRandom.id(), 'INSTRUCTOR', ['learn', 'author']), false],
  ['an administrator', user(systemRandom.id(), 'ADMIN', ['learn', 'author', 'admin']), true],
  ['an administrator about to leave', user(systemRandom.id(), 'ADMIN', []), false],
  ['another part of the platform', { kind: 'service', name: 'router' }, false],
]

test.each(whoSeesAnAccount)('%s: sees an account or not', (_who, viewer, sees) => {
  expect(maySeeAccount(viewer, owner)).toBe(sees)
  const ask = () => requireAccountAccess(viewer, owner)
  if (sees) expect(ask).not.toThrow()
  else expect(ask).toThrow(new DomainError('FORBIDDEN'))
})

const scopes: readonly [Role, AccountStatus, string][] = [
  ['STUDENT', 'ACTIVE', 'learn'],
  ['INSTRUCTOR', 'ACTIVE', 'learn author'],
  ['ADMIN', 'ACTIVE', 'learn author admin'],
  ['ADMIN', 'DELETION_PENDING', ''],
  ['ADMIN', 'BLOCKED', ''],
  ['ADMIN', 'DELETED', ''],
]

test.each(scopes)('%s, %s: a token allows "%s"', (role, status, expected) => {
  expect(scopesOf(role, status).join(' ')).toBe(expected)
})

test('only who is active or about to leave may sign in', () => {
  const all: readonly AccountStatus[] = ['ACTIVE', 'BLOCKED', 'DELETION_PENDING', 'DELETED']
  expect(all.filter(maySignIn)).toEqual(['ACTIVE', 'DELETION_PENDING'])
})

test('only the router speaks for the router', () => {
  expect(() => requireRouter({ kind: 'service', name: 'router' })).not.toThrow()
  const others: Viewer[] = [anonymous, { kind: 'service', name: 'users' }, user(owner, 'ADMIN', ['learn', 'author', 'admin'])]
  for (const viewer of others) expect(() => requireRouter(viewer)).toThrow(new DomainError('FORBIDDEN'))
})
