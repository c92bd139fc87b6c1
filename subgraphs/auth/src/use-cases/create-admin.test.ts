import { systemRandom } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Backstage } from '../context.ts'
import { ensureFirstAdmin } from '../first-admin.ts'
import { openSchool, type School } from '../testing/school.ts'
import { createAdmin } from './create-admin.ts'

let school: School
beforeEach(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterEach(() => school.stop())

const email = 'root@example.org'
const admins = () => school.sql<{ email: string }>(`SELECT email FROM account WHERE role = 'ADMIN'`)

function backstage(settings: { adminEmail?: string; adminPassword?: string } = {}): Backstage {
  const signal = new AbortController().signal
  const context = school.running.context({ viewer: { kind: 'anonymous' }, caller: { ipAddress: null, userAgent: null }, signal })
  // The kit knows the subgraph's store and services by no type.
  const own = context as unknown as Backstage
  return { ...own, services: { ...own.services, settings: { ...own.services.settings, ...settings } } }
}

test('an operator’s administrator signs in with the password that was made up', async () => {
  const made = await createAdmin(backstage(), { email: ' Root@Example.org ' })
  expect(made).toMatchObject({ outcome: 'CREATED', email })
  const { viewer } = await school.login({ email, password: made.password ?? '' })
  expect(viewer.scopes).toEqual(['learn', 'author', 'admin'])
  expect(await school.events(viewer.id)).toMatchObject([
    { type: 'user.registered', data: { role: 'ADMIN', name: 'Administrator', firstLoginAt: null } },
    { type: 'user.first_login' },
  ])
})

test('making one twice, or at once, makes one and leaves the password', async () => {
  const made = await Promise.all(Array.from({ length: 5 }, () => createAdmin(backstage(), { email })))
  expect(made.map(({ outcome }) => outcome).toSorted()).toEqual([...Array.from({ length: 4 }, () => 'ALREADY_ADMIN'), 'CREATED'])
  expect(await admins()).toEqual([{ email }])
  await school.login({ email, password: made.find(({ password }) => password)?.password ?? '' })
})

test('whoever had registered the address before loses it', async () => {
  const squatter = await school.register()
  const made = await createAdmin(backstage(), { email: squatter.email })
  expect(made.outcome).toBe('PROMOTED')
  await expect(school.login(squatter)).rejects.toThrow('UNAUTHENTICATED')
  expect((await school.change('refreshSession', { refreshToken: squatter.refreshToken }, 'expiresIn')).codes).toEqual(['UNAUTHENTICATED'])
  expect((await school.login({ email: squatter.email, password: made.password ?? '' })).viewer.role).toBe('ADMIN')
})

test('what no account could be made of is refused', async () => {
  for (const options of [{ email: 'nobody' }, { email, password: 'short' }, { email, name: '' }]) {
    await expect(createAdmin(backstage(), options)).rejects.toThrow('not acceptable')
  }
  expect(await admins()).toEqual([])
})

test('the first administrator is made at a start that finds none, and the password shown once', async () => {
  const shown: string[] = []
  const print = (text: string) => void shown.push(text)
  await Promise.all([1, 2].map(() => ensureFirstAdmin(backstage({ adminEmail: email }), print)))
  await ensureFirstAdmin(backstage({ adminEmail: 'second@example.org' }), print)
  expect(await admins()).toEqual([{ email }])
  expect(shown).toHaveLength(1)
  const password = /once\): (\S+)/.exec(shown[0] ?? '')?.[1] ?? ''
  await school.login({ email, password })
})

test('a password from the settings is taken and not shown; without an address nobody is made', async () => {
  const shown: string[] = []
  const print = (text: string) => void shown.push(text)
  await ensureFirstAdmin(backstage(), print)
  expect(await admins()).toEqual([])
  const adminPassword = `given ${systemRandom.id()}`
  await ensureFirstAdmin(backstage({ adminEmail: email, adminPassword }), print)
  expect(shown).toEqual([])
  await school.login({ email, password: adminPassword })
})
