import { systemRandom, type InputProblem } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from './testing/school.ts'

let school: School
let ada: Person
let admin: Person
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
  ada = await school.register()
  admin = await school.registerAdmin()
})
afterAll(() => school.stop())

const long = 'x'.repeat(100_000)
const hostile = [
  '\0',
  '\u0007',
  `'; DROP TABLE account; --`,
  '"}) { id } }',
  '../../etc/passwd',
  '<script>alert(1)</script>',
  '\ud800',
  '${7*7}',
]

/** For each mutation: what is right, and for each field what is not, though it is a string. */
const mutations: Record<string, { payload: string; right: () => Record<string, string>; wrong: Record<string, readonly string[]> }> = {
  register: {
    payload: 'expiresIn',
    right: () => ({ email: 'new@example.org', password: 'correct horse', name: 'Ada', username: 'newcomer' }),
    wrong: {
      email: ['', long, 'ada', ...hostile],
      password: ['', 'short', long, '12345678\0'],
      name: ['', '  ', long, '\0', '\u0007', '\ud800'],
      username: ['', 'a', long, 'a@b.c', '+49301234567', ...hostile],
    },
  },
  login: {
    payload: 'expiresIn',
    right: () => ({ identifier: 'nobody', password: 'x' }),
    wrong: { identifier: ['', ' ', long, '\0', 'ada\0@example.org', '\ud800'], password: ['', long, '\0'] },
  },
  refreshSession: { payload: 'expiresIn', right: () => ({ refreshToken: 'x' }), wrong: { refreshToken: ['', long] } },
  logout: { payload: 'session { id }', right: () => ({ refreshToken: 'x' }), wrong: { refreshToken: ['', long] } },
  revokeSession: {
    payload: 'session { id }',
    right: () => ({ sessionId: systemRandom.id() }),
    wrong: { sessionId: ['', '1', long, ...hostile] },
  },
  changePassword: {
    payload: 'expiresIn',
    right: () => ({ currentPassword: 'not mine', newPassword: 'another password' }),
    wrong: { currentPassword: ['', long, '\0'], newPassword: ['', 'short', long, '12345678\0'] },
  },
  deleteAccount: { payload: 'deletionScheduledAt', right: () => ({ password: 'not mine' }), wrong: { password: ['', long, '\0'] } },
  cancelAccountDeletion: { payload: 'user { id }', right: () => ({ reason: 'stay' }), wrong: { reason: [long, '\0', '\ud800'] } },
  setRole: {
    payload: 'user { id }',
    right: () => ({ userId: systemRandom.id(), role: 'ADMIN' }),
    wrong: { userId: ['', '1', long, ...hostile] },
  },
  blockUser: {
    payload: 'user { id }',
    right: () => ({ userId: systemRandom.id(), reason: 'spam' }),
    wrong: { userId: ['', '1', long, ...hostile], reason: [long, '\0', '\ud800'] },
  },
  unblockUser: { payload: 'user { id }', right: () => ({ userId: systemRandom.id() }), wrong: { userId: ['', '1', long, ...hostile] } },
}

/** Fields that may be left out. */
const optional = new Set(['register.username', 'logout.refreshToken', 'cancelAccountDeletion.reason', 'blockUser.reason'])

test.each(Object.entries(mutations))(
  '%s: what is wrong is named, field by field, and nothing is written',
  async (mutation, { payload, right, wrong }) => {
    const viewer = ['setRole', 'blockUser', 'unblockUser'].includes(mutation) ? admin.viewer : ada.viewer
    const before = await everything()
    for (const [field, values] of Object.entries(wrong)) {
      for (const value of values) {
        const { data, codes, errors } = await school.change(mutation, { ...right(), [field]: value }, payload, viewer)
        expect([data, codes], `${field}: ${JSON.stringify(value).slice(0, 40)}`).toEqual([null, ['BAD_USER_INPUT']])
        const details = errors[0]?.extensions?.['details'] as InputProblem[]
        expect(new Set(details.map(({ path }) => path))).toEqual(new Set([`input.${field}`]))
        for (const { rule, message } of details) expect(`${rule} ${message}`).not.toContain('undefined')
      }
      // Of the wrong type, or missing.
      for (const value of [42, true, {}, ['x', 'y'], ...(optional.has(`${mutation}.${field}`) ? [] : [null, undefined])]) {
        const { data, codes } = await school.change(mutation, { ...right(), [field]: value }, payload, viewer)
        expect([data, codes], `${field}: ${JSON.stringify(value)}`).toEqual([null, ['BAD_USER_INPUT']])
      }
    }
    expect(await everything()).toEqual(before)
  },
)

test('several things wrong at once are all named', async () => {
  const { errors } = await school.change('register', { email: 'x', password: 'x', name: '' }, 'expiresIn')
  const details = errors[0]?.extensions?.['details'] as InputProblem[]
  expect(details.map(({ path }) => path)).toEqual(['input.email', 'input.password', 'input.name'])
})

test('hostile text that is a fine name is kept as it is', async () => {
  const name = `Robert'); DROP TABLE account; -- <script>alert(1)</script> \${7*7} ‮`
  const { data } = await school.change('register', { email: 'bobby@example.org', password: 'correct horse', name }, 'user { id }')
  expect((await school.events(data.user.id))[0]?.data['name']).toBe(name)
})

async function everything() {
  return school.sql(
    `SELECT (SELECT string_agg(account::text, '|' ORDER BY id) FROM account) AS accounts,
       (SELECT string_agg(session::text, '|' ORDER BY id) FROM session) AS sessions,
       (SELECT count(*) FROM security_event) AS history, (SELECT count(*) FROM stellr.outbox) AS events`,
  )
}
