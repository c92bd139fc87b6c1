import { anonymous, systemRandom, type Viewer } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testing/school.ts'

let school: School
let admin: Person
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
})
beforeEach(async () => {
  await school.sql(`UPDATE account SET role = 'STUDENT' WHERE role = 'ADMIN'`)
  admin = await school.registerAdmin()
})
afterAll(() => school.stop())

const shown = 'user { id role status email }'
const refresh = (refreshToken: string) => school.change('refreshSession', { refreshToken }, 'accessToken user { role }')
const setRole = (userId: string, role: string, viewer: Viewer = admin.viewer) => school.change('setRole', { userId, role }, shown, viewer)
const block = (userId: string, viewer: Viewer = admin.viewer) => school.change('blockUser', { userId, reason: 'spam' }, shown, viewer)
const unblock = (userId: string, viewer: Viewer = admin.viewer) => school.change('unblockUser', { userId }, shown, viewer)
const typesOf = async (id: string) => (await school.events(id)).map(({ type }) => type)
const active = () => school.sql(`SELECT FROM account WHERE role = 'ADMIN' AND status = 'ACTIVE'`)

test('A04: a new role ends every access token of before, and the next refresh brings the new rights', async () => {
  const ada = await school.register()
  const { data, errors } = await setRole(ada.id, 'INSTRUCTOR')
  expect(errors).toEqual([])
  expect(data.user).toEqual({ id: ada.id, role: 'INSTRUCTOR', status: 'ACTIVE', email: ada.email })
  expect(await school.sql('SELECT min_ver FROM revocation WHERE account_id = $1', [ada.id])).toEqual([{ min_ver: 2 }])
  const { data: refreshed } = await refresh(ada.refreshToken)
  expect((await school.verify(refreshed.accessToken)).claims).toMatchObject({ role: 'INSTRUCTOR', scope: 'learn author', ver: 2 })
  expect(await school.events(ada.id)).toMatchObject([
    { type: 'user.registered' },
    { type: 'user.role_changed', aggregateversion: 2, data: { userId: ada.id, from: 'STUDENT', to: 'INSTRUCTOR', actorId: admin.id } },
  ])
  expect(await school.history(ada.id)).toContainEqual({ type: 'ROLE_CHANGED', actorId: admin.id })
})

test('the role that somebody has already changes nothing', async () => {
  const ada = await school.register()
  expect((await setRole(ada.id, 'STUDENT')).codes).toEqual([])
  expect(await typesOf(ada.id)).toEqual(['user.registered'])
  expect(await refresh(ada.refreshToken)).toMatchObject({ codes: [] })
})

test('A04: a blocked user is out at once, everywhere, and let in again', async () => {
  const ada = await school.register()
  const phone = await school.login(ada)
  for (const _time of [1, 2]) expect((await block(ada.id)).data.user.status).toBe('BLOCKED')
  for (const { refreshToken } of [ada, phone]) expect((await refresh(refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
  expect(await school.sql('SELECT min_ver FROM revocation WHERE account_id = $1', [ada.id])).toEqual([{ min_ver: 2 }])
  await expect(school.login(ada)).rejects.toThrow('ACCOUNT_BLOCKED')

  for (const _time of [1, 2]) expect((await unblock(ada.id)).data.user.status).toBe('ACTIVE')
  expect(await typesOf(ada.id)).toEqual(['user.registered', 'user.blocked', 'user.unblocked'])
  expect((await school.login(ada)).viewer.scopes).toEqual(['learn'])
})

test('a deletion that was asked for before a block still stands after it', async () => {
  const ada = await school.register()
  await school.change('deleteAccount', { password: ada.password }, 'deletionScheduledAt', ada.viewer)
  expect((await block(ada.id)).data.user.status).toBe('BLOCKED')
  expect((await unblock(ada.id)).data.user.status).toBe('DELETION_PENDING')
})

test('changes at once all count: the versions have no gap and no double', async () => {
  const ada = await school.register()
  await Promise.all(
    ['INSTRUCTOR', 'STUDENT', 'INSTRUCTOR', 'STUDENT'].flatMap((role) => [setRole(ada.id, role), block(ada.id), unblock(ada.id)]),
  )
  const versions = (await school.events(ada.id)).map(({ aggregateversion }) => aggregateversion)
  expect(versions).toEqual(versions.map((_, at) => at + 1))
  const [account] = await school.sql<{ version: number }>('SELECT version FROM account WHERE id = $1', [ada.id])
  expect(account?.version).toBe(versions.length)
})

test('somebody who never was and somebody who is gone answer alike', async () => {
  const gone = await school.register()
  await school.sql(`UPDATE account SET status = 'DELETED' WHERE id = $1`, [gone.id])
  for (const id of [gone.id, systemRandom.id()]) {
    for (const { codes, data } of await Promise.all([setRole(id, 'ADMIN'), block(id), unblock(id)])) {
      expect([codes, data]).toEqual([['NOT_FOUND'], null])
    }
  }
})

test('the last administrator stays one', async () => {
  for (const attempt of [() => setRole(admin.id, 'STUDENT'), () => block(admin.id)]) expect((await attempt()).codes).toEqual(['CONFLICT'])
  const other = await school.registerAdmin()
  expect((await setRole(admin.id, 'STUDENT')).codes).toEqual([])
  expect((await block(other.id, other.viewer)).codes).toEqual(['CONFLICT'])
})

test('administrators who step down, or demote each other, at the same moment leave one', async () => {
  for (let round = 0; round < 5; round += 1) {
    await school.sql(`UPDATE account SET role = 'STUDENT' WHERE role = 'ADMIN'`)
    const [one, two] = [await school.registerAdmin(), await school.registerAdmin()]
    const stepDown = round % 2 === 0
    const replies = await Promise.all([
      setRole(stepDown ? one.id : two.id, 'STUDENT', one.viewer),
      stepDown ? block(two.id, two.viewer) : setRole(one.id, 'STUDENT', two.viewer),
      school.change('deleteAccount', { password: two.password }, 'deletionScheduledAt', two.viewer),
    ])
    expect(replies.filter(({ codes }) => codes.length === 0).length).toBeGreaterThanOrEqual(1)
    expect(await active()).toHaveLength(1)
  }
})

test('S19: no other than an administrator changes anybody, and of one who was one before it is kept that they tried', async () => {
  const ada = await school.register()
  const student = await school.register()
  const instructor = await school.register()
  await setRole(instructor.id, 'INSTRUCTOR')
  const demoted = await school.registerAdmin()
  await setRole(demoted.id, 'STUDENT')
  const before = await everything()
  const others: [Viewer, string][] = [
    [anonymous, 'UNAUTHENTICATED'],
    [{ kind: 'service', name: 'router' }, 'UNAUTHENTICATED'],
    [student.viewer, 'FORBIDDEN'],
    [(await school.login(instructor)).viewer, 'FORBIDDEN'],
    [ada.viewer, 'FORBIDDEN'],
    // The role without its scopes, as of an administrator who is about to leave.
    [{ ...admin.viewer, scopes: [] }, 'FORBIDDEN'],
    // A token of before the demotion: within the seconds until the router refuses it.
    [demoted.viewer, 'FORBIDDEN'],
  ]
  for (const [viewer, code] of others) {
    const replies = await Promise.all([setRole(ada.id, 'ADMIN', viewer), block(ada.id, viewer), unblock(ada.id, viewer)])
    for (const reply of replies) expect([reply.codes, reply.data]).toEqual([[code], null])
  }
  // One has signed in since, and three attempts of the former administrator are kept.
  expect(await everything()).toEqual({ ...before, sessions: before.sessions + 1, history: before.history + 4, events: before.events + 3 })
  for (const action of ['setRole', 'blockUser', 'unblockUser']) {
    expect(await audited({ action, actorId: demoted.id })).toMatchObject([
      { actorRole: 'ADMIN', outcome: 'REFUSED', subjectId: null, before: null, after: null, count: 1 },
    ])
  }
})

test('S19: what an administrator does is told to the audit log, with what was and what is, and nothing about the person', async () => {
  const ada = await school.register()
  await setRole(ada.id, 'INSTRUCTOR')
  for (const _time of [1, 2]) await block(ada.id)
  await unblock(ada.id)
  const student = { role: 'STUDENT', status: 'ACTIVE' }
  const instructor = { role: 'INSTRUCTOR', status: 'ACTIVE' }
  const blocked = { role: 'INSTRUCTOR', status: 'BLOCKED' }
  const deed = { actorId: admin.id, actorRole: 'ADMIN', subjectType: 'User', subjectId: ada.id, outcome: 'DONE', count: 1 }
  expect(await audited({ subjectId: ada.id })).toEqual([
    { ...deed, action: 'setRole', before: student, after: instructor },
    { ...deed, action: 'blockUser', before: instructor, after: blocked },
    { ...deed, action: 'blockUser', before: blocked, after: blocked },
    { ...deed, action: 'unblockUser', before: blocked, after: instructor },
  ])
})

test('S19: what fails leaves nothing in the audit log', async () => {
  const unknown = systemRandom.id()
  expect((await block(unknown)).codes).toEqual(['NOT_FOUND'])
  expect((await block(admin.id)).codes).toEqual(['CONFLICT'])
  expect([...(await audited({ subjectId: unknown })), ...(await audited({ subjectId: admin.id }))]).toEqual([])
})

async function audited(where: Record<string, string>) {
  const rows = await school.sql<{ data: object }>(
    `SELECT event -> 'data' AS data FROM stellr.outbox WHERE topic = 'audit' AND event -> 'data' @> $1 ORDER BY seq`,
    [JSON.stringify(where)],
  )
  return rows.map(({ data }) => data)
}

async function everything() {
  const [row] = await school.sql<{ accounts: string; sessions: number; history: number; events: number; revocations: number }>(
    `SELECT (SELECT string_agg(account::text, '|' ORDER BY id) FROM account) AS accounts, (SELECT count(*)::int FROM session) AS sessions,
       (SELECT count(*)::int FROM security_event) AS history, (SELECT count(*)::int FROM stellr.outbox) AS events,
       (SELECT count(*)::int FROM revocation) AS revocations`,
  )
  if (!row) throw new Error('no row')
  return row
}
