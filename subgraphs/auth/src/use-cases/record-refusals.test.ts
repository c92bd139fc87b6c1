import { anonymous, systemRandom, type Viewer } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

const router: Viewer = { kind: 'service', name: 'router' }
let school: School
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterAll(() => school.stop())

const refusal = (changes: object = {}) => ({
  id: systemRandom.id(),
  userId: systemRandom.id(),
  role: 'STUDENT',
  action: 'setRole',
  count: 3,
  ...changes,
})
type Refusal = ReturnType<typeof refusal>

const tell = (refusals: readonly object[], viewer: Viewer = router) => school.change('recordRefusals', { refusals }, 'recorded', viewer)
const kept = ({ userId }: Refusal) =>
  school.sql('SELECT id, type, actor_id AS "actorId", data FROM security_event WHERE account_id = $1', [userId])

test('S19: a refusal is in the person’s history and told to the audit log, both or neither', async () => {
  const one = refusal()
  const other = refusal({ role: 'INSTRUCTOR', action: 'blockUser', count: 1 })
  expect((await tell([one, other])).data).toEqual({ recorded: true })
  expect(await kept(one)).toEqual([{ id: one.id, type: 'REFUSED', actorId: one.userId, data: { action: 'setRole', count: 3 } }])
  expect(await school.events(one.id)).toMatchObject([
    {
      type: 'audit.recorded',
      data: {
        action: 'setRole',
        actorId: one.userId,
        actorRole: 'STUDENT',
        outcome: 'REFUSED',
        subjectType: null,
        subjectId: null,
        before: null,
        after: null,
        count: 3,
      },
    },
  ])
  expect(await school.events(other.id)).toMatchObject([{ data: { actorRole: 'INSTRUCTOR', action: 'blockUser', count: 1 } }])
})

test('S19: the same refusals sent again, also at the same moment, are kept once', async () => {
  const refusals = Array.from({ length: 100 }, () => refusal())
  const replies = await Promise.all(Array.from({ length: 5 }, () => tell(refusals)))
  expect(replies.map(({ data }) => data.recorded).toSorted()).toEqual([false, false, false, false, true])
  for (const one of refusals) {
    expect(await kept(one)).toHaveLength(1)
    expect(await school.events(one.id)).toHaveLength(1)
  }
})

test('S19: what the router could not have meant is refused, and nothing of it is kept', async () => {
  const good = refusal()
  const wrong = [{ id: '1' }, { userId: 'me' }, { action: '' }, { action: 'x y' }, { action: `a${'b'.repeat(100)}` }, { count: 0 }]
  for (const changes of wrong) expect((await tell([good, refusal(changes)])).codes).toEqual(['BAD_USER_INPUT'])
  expect((await tell([])).codes).toEqual(['BAD_USER_INPUT'])
  expect((await tell(Array.from({ length: 101 }, () => refusal()))).codes).toEqual(['BAD_USER_INPUT'])
  expect(await kept(good)).toEqual([])
})

test('S19: only the router may say so: not an administrator, and no other part of the platform', async () => {
  const admin = await school.registerAdmin()
  const one = refusal({ userId: admin.id })
  for (const viewer of [anonymous, admin.viewer, { kind: 'service', name: 'users' } as const]) {
    expect((await tell([one], viewer)).codes).toEqual(['FORBIDDEN'])
  }
  expect(await school.events(one.id)).toEqual([])
})
