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

test('one account has one limit, by whichever of its names it is tried', async () => {
  const school = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 2 } })
  await school.change('register', { email: 'ada@example.org', username: 'ada', password: 'correct horse', name: 'Ada' }, 'expiresIn')
  const guess = async (identifier: string) => (await school.change('login', { identifier, password: 'not mine' }, 'expiresIn')).codes
  expect(await guess('ada@example.org')).toEqual(['UNAUTHENTICATED'])
  expect(await guess('ada')).toEqual(['UNAUTHENTICATED'])
  expect(await guess('ADA@example.org')).toEqual(['RATE_LIMITED'])
  expect(await guess('somebody else')).toEqual(['UNAUTHENTICATED'])
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
