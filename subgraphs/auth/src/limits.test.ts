import { manualClock } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { openSchool, type Person, type School } from './testing/school.ts'

type Attempt = (school: School, ada: Person) => ReturnType<School['change']>

const login: Attempt = (school, { email }) => school.change('login', { identifier: email, password: 'not mine' }, 'expiresIn')
const refresh: Attempt = (school, { refreshToken }) => school.change('refreshSession', { refreshToken }, 'expiresIn')
const rename: Attempt = (school, ada) =>
  school.change('setRole', { userId: ada.id, role: 'STUDENT' }, 'user { id }', { ...ada.viewer, scopes: ['admin'] })

/** For each setting, what it limits: of three at once with a limit of two, one is too many, whatever becomes of the others. */
const attempts: [string, Attempt][] = [
  [
    'registerPerAddress',
    (school) => school.change('register', { email: 'a@example.org', password: 'correct horse', name: 'A' }, 'expiresIn'),
  ],
  ['loginPerAddress', login],
  ['loginPerAccount', login],
  ['refreshPerAddress', refresh],
  ['refreshPerSession', refresh],
  [
    'passwordChecksPerAccount',
    (school, { viewer }) => school.change('deleteAccount', { password: 'not mine' }, 'deletionScheduledAt', viewer),
  ],
  [
    'passwordChecksPerAccount',
    (school, { viewer }) =>
      school.change('changePassword', { currentPassword: 'not mine', newPassword: 'another one' }, 'expiresIn', viewer),
  ],
  ['sessionChangesPerUser', (school, { viewer }) => school.change('logout', null, 'session { id }', viewer)],
  ['sessionChangesPerUser', (school, { viewer }) => school.change('logoutEverywhere', { keepCurrent: true }, 'revokedSessions', viewer)],
  [
    'sessionChangesPerUser',
    (school, { viewer }) => school.change('revokeSession', { sessionId: viewer.sessionId }, 'session { id }', viewer),
  ],
  ['sessionChangesPerUser', (school, { viewer }) => school.change('cancelAccountDeletion', null, 'user { id }', viewer)],
  ['adminChangesPerAdmin', rename],
]

test.each(attempts)('%s is kept to', async (setting, attempt) => {
  const school = await openSchool({ clock: manualClock(), settings: { [setting]: 2 } })
  const ada = await school.register()
  // Registering is what one of the limits counts.
  const times = setting === 'registerPerAddress' ? 2 : 3
  const codes = (await Promise.all(Array.from({ length: times }, () => attempt(school, ada)))).flatMap(({ codes }) => codes)
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(1)
  await school.stop()
})

test('one account has one limit, by whichever of its names it is tried: then even the right password is wrong', async () => {
  const school = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 3 } })
  const password = 'correct horse'
  await school.change('register', { email: 'ada@example.org', username: 'ada', password, name: 'Ada' }, 'expiresIn')
  const login = (identifier: string, password = 'not mine') => school.change('login', { identifier, password }, 'expiresIn')
  for (const identifier of ['ada@example.org', 'ada']) expect((await login(identifier)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await login('ada', password)).codes).toEqual([])
  for (const identifier of ['ada@example.org', 'ada', 'ADA']) expect((await login(identifier)).codes).toEqual(['UNAUTHENTICATED'])
  const refused = await login('ada@example.org', password)
  expect(refused.codes).toEqual(['UNAUTHENTICATED'])
  expect(refused).toEqual(await login('somebody else'))
  await school.stop()
})

test('no sequence of guesses tells whether two names are one account, or any account', async () => {
  const school = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 3 } })
  const register = (name: string) =>
    school.change('register', { email: `${name}@example.org`, username: name, password: 'correct horse', name }, 'expiresIn')
  for (const name of ['ada', 'bob', 'eve']) await register(name)
  const guesses = async (...identifiers: string[]) => {
    const codes = []
    for (const identifier of identifiers) {
      const { data, errors } = await school.change('login', { identifier, password: 'not mine' }, 'expiresIn')
      codes.push([data, errors.map(({ message, extensions }) => [message, extensions?.['code']])])
    }
    return codes
  }
  const twice = (one: string, other: string) => guesses(one, other, one, other, one, other, one, other, one)
  const linked = await twice('ada', 'ada@example.org')
  expect(await twice('bob', 'eve@example.org')).toEqual(linked)
  expect(await twice('nobody', 'nobody@example.org')).toEqual(linked)
  expect(JSON.stringify(linked).match(/RATE_LIMITED/g)).toHaveLength(3)
  await school.stop()
})

test('whoever signs in by one name leaves the count of the other as it was', async () => {
  const school = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 2 } })
  const password = 'correct horse'
  await school.change('register', { email: 'ada@example.org', username: 'ada', password, name: 'Ada' }, 'expiresIn')
  const codes = async (identifier: string, password: string) => (await school.change('login', { identifier, password }, 'expiresIn')).codes
  expect(await codes('ada', 'not mine')).toEqual(['UNAUTHENTICATED'])
  for (let times = 0; times < 3; times += 1) expect(await codes('ada@example.org', password)).toEqual([])
  expect(await codes('ada', 'not mine')).toEqual(['UNAUTHENTICATED'])
  expect(await codes('ada', 'not mine')).toEqual(['RATE_LIMITED'])
  await school.stop()
})

test('an account has fifty sessions at most: the next sign-in ends the oldest', async () => {
  const school = await openSchool({ clock: manualClock() })
  const ada = await school.register()
  const input = { identifier: ada.email, password: ada.password }
  for (let count = 0; count < 50; count += 1) expect((await school.change('login', input, 'expiresIn')).codes).toEqual([])
  const live = await school.sql('SELECT id FROM session WHERE account_id = $1 AND revoked_at IS NULL', [ada.id])
  expect(live).toHaveLength(50)
  expect((await school.change('refreshSession', { refreshToken: ada.refreshToken }, 'expiresIn')).codes).toEqual(['UNAUTHENTICATED'])
  await school.stop()
})
