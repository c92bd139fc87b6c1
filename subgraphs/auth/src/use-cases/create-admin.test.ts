import { createLogger, openPostgresLog, systemRandom } from '@stellr/kit'
import { manualClock, testDatabaseUrl } from '@stellr/kit/testing'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Backstage } from '../context.ts'
import { ensureFirstAdmin } from '../first-admin.ts'
import { auth } from '../index.ts'
import { openSchool, secret, type Person, type School } from '../testing/school.ts'
import { createAdmin } from './create-admin.ts'

let school: School
beforeEach(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterEach(() => school.stop())

const email = 'root@example.org'
const leave = (who: Person) => school.change('deleteAccount', { password: who.password }, 'deletionScheduledAt', who.viewer)
const accountOf = async ({ id }: Person) =>
  (await school.sql('SELECT role, status, deletion_scheduled_at, version FROM account WHERE id = $1', [id]))[0]
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

test('asking for its deletion does not keep an account from the operator', async () => {
  const squatter = await school.register()
  await leave(squatter)
  const made = await createAdmin(backstage(), { email: squatter.email })
  expect(made.outcome).toBe('PROMOTED')
  expect(await accountOf(squatter)).toEqual({ role: 'ADMIN', status: 'ACTIVE', deletion_scheduled_at: null, version: 4 })
  await expect(school.login(squatter)).rejects.toThrow('UNAUTHENTICATED')
  expect((await school.login({ email: squatter.email, password: made.password ?? '' })).viewer.scopes).toContain('admin')
  expect(await school.events(squatter.id)).toMatchObject([
    { type: 'user.registered', aggregateversion: 1 },
    { type: 'user.deletion_requested', aggregateversion: 2 },
    { type: 'user.deletion_canceled', aggregateversion: 3, data: { userId: squatter.id } },
    { type: 'user.role_changed', aggregateversion: 4, data: { from: 'STUDENT', to: 'ADMIN', actorId: null } },
  ])
  expect(await school.history(squatter.id)).toContainEqual({ type: 'DELETION_CANCELED', actorId: null })
})

test('an administrator who was about to leave stays one, and nobody hears of a new role', async () => {
  const admin = await school.registerAdmin()
  await school.registerAdmin()
  await leave(admin)
  const made = await createAdmin(backstage(), { email: admin.email })
  expect((await school.login({ email: admin.email, password: made.password ?? '' })).viewer.scopes).toContain('admin')
  expect(await accountOf(admin)).toEqual({ role: 'ADMIN', status: 'ACTIVE', deletion_scheduled_at: null, version: 3 })
  const types = (await school.events(admin.id)).map(({ type }) => type)
  expect(types).toEqual(['user.registered', 'user.deletion_requested', 'user.deletion_canceled'])
})

test.each(['BLOCKED', 'DELETED'])('an account that is %s is not made an administrator', async (status) => {
  const somebody = await school.register()
  await school.sql(`UPDATE account SET status = $2::"AccountStatus" WHERE id = $1`, [somebody.id, status])
  const before = await accountOf(somebody)
  await expect(createAdmin(backstage(), { email: somebody.email })).rejects.toMatchObject({ code: 'CONFLICT', details: { status } })
  expect(await accountOf(somebody)).toEqual(before)
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

test.each([
  ['DELETION_PENDING', 'ADMIN', []],
  ['BLOCKED', 'STUDENT', [expect.stringContaining('Set STELLR_ADMIN_EMAIL to another address')]],
  ['DELETED', 'STUDENT', [expect.stringContaining('Set STELLR_ADMIN_EMAIL to another address')]],
])('auth starts although whoever had registered the first administrator’s address is %s', async (status, role, errors) => {
  const squatter = await school.register()
  await school.sql(`UPDATE account SET status = $2::"AccountStatus", deletion_scheduled_at = now() WHERE id = $1`, [squatter.id, status])
  const lines: { level: number; msg: string }[] = []
  const log = createLogger({ name: 'auth', level: 'info', destination: { write: (line) => void lines.push(JSON.parse(line)) } })
  const eventLog = await openPostgresLog({ url: await testDatabaseUrl('events'), log })
  const settings = auth.config.parse({ secret, adminEmail: squatter.email, adminPassword: 'of the operator' })
  const running = await auth.start({ settings, databaseUrl: school.databaseUrl, eventLog, log, clock: school.clock })
  try {
    expect(await accountOf(squatter)).toMatchObject({ role })
    expect(lines.filter(({ level }) => level >= 50).map(({ msg }) => msg)).toEqual(errors)
  } finally {
    await running.stop()
    await eventLog.close()
  }
})
