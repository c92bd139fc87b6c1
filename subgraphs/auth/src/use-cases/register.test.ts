import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterAll(() => school.stop())

const ada = (fields: object = {}) => ({ email: 'ada@example.org', password: 'correct horse', name: 'Ada Lovelace', ...fields })
const payload = 'accessToken refreshToken expiresIn user { id email username role status }'

test('whoever registers is a learner, is signed in, and sees their own account', async () => {
  const { data, errors, signedIn } = await school.change('register', ada({ email: ' Grace@Example.ORG ', username: 'Grace' }), payload)
  expect(errors).toEqual([])
  expect(data).toMatchObject({ expiresIn: 300, user: { email: 'grace@example.org', username: 'grace', role: 'STUDENT', status: 'ACTIVE' } })
  const { viewer } = await school.verify(data.accessToken)
  expect(viewer).toMatchObject({ id: data.user.id, role: 'STUDENT', scopes: ['learn'] })
  expect(signedIn).toEqual(viewer)
  const at = school.clock.now().toISOString()
  expect(await school.events(data.user.id)).toMatchObject([
    {
      type: 'user.registered',
      aggregateversion: 1,
      data: { userId: data.user.id, name: 'Ada Lovelace', role: 'STUDENT', firstLoginAt: at },
    },
  ])
  expect(await school.history(data.user.id)).toEqual([{ type: 'REGISTERED', actorId: data.user.id }])
})

test('of twenty registrations of one address at once one wins, and the others hear EMAIL_TAKEN', async () => {
  const replies = await Promise.all(Array.from({ length: 20 }, () => school.change('register', ada(), payload)))
  expect(replies.filter(({ codes }) => codes.length === 0)).toHaveLength(1)
  expect(replies.filter(({ codes }) => codes[0] === 'EMAIL_TAKEN')).toHaveLength(19)
  expect(await school.sql('SELECT FROM account WHERE email = $1', ['ada@example.org'])).toHaveLength(1)
})

test('an address or a username in use is refused however it is written, and nothing is written', async () => {
  const first = ada({ email: 'mary@example.org', username: 'mary' })
  expect((await school.change('register', first, payload)).codes).toEqual([])
  const before = await counts()
  expect((await school.change('register', ada({ email: 'MARY@example.org' }), payload)).codes).toEqual(['EMAIL_TAKEN'])
  expect((await school.change('register', ada({ email: 'other@example.org', username: 'MARY' }), payload)).codes).toEqual([
    'USERNAME_TAKEN',
  ])
  expect(await counts()).toEqual(before)
})

test('nobody registers themselves a role, a status or an id', async () => {
  for (const field of ['role', 'status', 'id', 'userId', 'tokenVersion']) {
    const { codes, errors } = await school.change('register', ada({ email: `${field}@example.org`, [field]: 'ADMIN' }), payload)
    expect(codes).toEqual(['BAD_USER_INPUT'])
    expect(errors[0]?.message).toContain(`Field "${field}" is not defined`)
  }
})

async function counts() {
  const [row] = await school.sql(
    `SELECT (SELECT count(*) FROM account) AS accounts, (SELECT count(*) FROM session) AS sessions,
       (SELECT count(*) FROM security_event) AS history, (SELECT count(*) FROM stellr.outbox) AS events`,
  )
  return row
}
