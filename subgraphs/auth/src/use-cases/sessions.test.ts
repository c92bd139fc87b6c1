import { systemRandom, type Viewer } from '@stellr/kit'
import { countStatements, manualClock, type ManualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testing/school.ts'

let clock: ManualClock
let school: School
beforeAll(async () => {
  clock = manualClock()
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const shown = 'session { id current revokedAt }'
const refreshes = async (refreshToken: string) => (await school.change('refreshSession', { refreshToken }, 'expiresIn')).codes.length === 0
const revocations = (sessionId: string) => school.sql('SELECT expires_at FROM revocation WHERE session_id = $1', [sessionId])

function list(viewer: Viewer, args = '') {
  return school.ask(
    `{ sessions${args} { edges { cursor node { id current userAgent ipAddress lastUsedAt expiresAt revokedAt createdAt updatedAt } }
    pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    {},
    viewer,
  )
}

async function devices(count: number): Promise<Person[]> {
  const ada = await school.register()
  const people = [ada]
  while (people.length < count) people.push(await school.login(ada))
  return people
}

test('the list shows the caller’s live sessions, newest first, page by page, and no secret of theirs', async () => {
  await school.register()
  const [first, second, third] = await devices(3)
  if (!first || !second || !third) throw new Error('three devices')
  const all = await list(second.viewer)
  expect(all.errors).toEqual([])
  const ids = all.data.sessions.edges.map((edge: { node: { id: string } }) => edge.node.id)
  expect(ids).toEqual([third, second, first].map(({ viewer }) => viewer.sessionId))
  expect(all.data.sessions.edges[1].node).toMatchObject({ current: true, userAgent: 'test', ipAddress: '192.0.2.1', revokedAt: null })
  expect(all.data.sessions.edges[0].node.current).toBe(false)

  const page = await list(second.viewer, '(first: 2)')
  expect(page.data.sessions.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false })
  const rest = await list(second.viewer, `(first: 2, after: "${page.data.sessions.pageInfo.endCursor}")`)
  expect(rest.data.sessions.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual([first.viewer.sessionId])
  expect(rest.data.sessions.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: true })
})

test('no page is larger than fifty, and no cursor but its own is taken', async () => {
  const ada = await school.register()
  for (const args of ['(first: 51)', '(first: -1)', '(after: "x")', '(after: "WyJ1c2VycyIsW11d")']) {
    expect((await list(ada.viewer, args)).codes).toEqual(['BAD_USER_INPUT'])
  }
  expect((await list({ kind: 'anonymous' })).codes).toEqual(['UNAUTHENTICATED'])
})

test('A03: logout ends the session of the access token, and its refresh token is worth nothing', async () => {
  const [ada, phone] = await devices(2)
  if (!ada || !phone) throw new Error('two devices')
  const at = school.clock.now()
  const { data, errors } = await school.change('logout', null, shown, ada.viewer)
  expect(errors).toEqual([])
  expect(data.session).toEqual({ id: ada.viewer.sessionId, current: true, revokedAt: at.toISOString() })
  expect(await refreshes(ada.refreshToken)).toBe(false)
  expect(await refreshes(phone.refreshToken)).toBe(true)
  // Longer than any access token of now can live.
  expect(await revocations(ada.viewer.sessionId)).toEqual([{ expires_at: new Date(at.getTime() + 360_000) }])
  expect(await school.events(ada.viewer.sessionId)).toMatchObject([{ type: 'session.revoked', data: { reason: 'LOGOUT' } }])
})

test('a refresh token alone is enough to log out, and twice is as good as once', async () => {
  const ada = await school.register()
  for (const _time of [1, 2]) {
    const { data, codes } = await school.change('logout', { refreshToken: ada.refreshToken }, shown)
    expect(codes).toEqual([])
    expect(data.session).toMatchObject({ id: ada.viewer.sessionId, revokedAt: school.clock.now().toISOString() })
  }
  expect(await school.events(ada.viewer.sessionId)).toHaveLength(1)
  expect(await revocations(ada.viewer.sessionId)).toHaveLength(1)
})

test('without a token, or with a forged one, nobody logs out', async () => {
  const ada = await school.register()
  for (const input of [null, {}, { refreshToken: `${ada.refreshToken.slice(0, -2)}AA` }, { refreshToken: 'x' }]) {
    expect((await school.change('logout', input, shown)).codes).toEqual(['UNAUTHENTICATED'])
  }
  expect(await refreshes(ada.refreshToken)).toBe(true)
})

test('A03: logout everywhere ends every session and every access token', async () => {
  const people = await devices(3)
  const [ada] = people
  if (!ada) throw new Error('a device')
  const { data } = await school.change('logoutEverywhere', null, 'revokedSessions', ada.viewer)
  expect(data.revokedSessions).toBe(3)
  for (const { refreshToken } of people) expect(await refreshes(refreshToken)).toBe(false)
  expect(await school.sql('SELECT min_ver FROM revocation WHERE account_id = $1', [ada.id])).toEqual([{ min_ver: 2 }])
  expect((await school.verify((await school.login(ada)).accessToken)).claims['ver']).toBe(2)
})

test('logout everywhere else keeps the session that asks, and its access token', async () => {
  const [ada, phone] = await devices(2)
  if (!ada || !phone) throw new Error('two devices')
  const { data } = await school.change('logoutEverywhere', { keepCurrent: true }, 'revokedSessions', ada.viewer)
  expect(data.revokedSessions).toBe(1)
  expect([await refreshes(ada.refreshToken), await refreshes(phone.refreshToken)]).toEqual([true, false])
  expect(await revocations(ada.viewer.sessionId)).toEqual([])
  expect(await revocations(phone.viewer.sessionId)).toHaveLength(1)
  expect(await school.sql('SELECT FROM revocation WHERE account_id = $1', [ada.id])).toEqual([])
})

test('logout everywhere else writes its revocations in one statement, however many sessions it ends', async () => {
  const [ada] = await devices(5)
  if (!ada) throw new Error('a device')
  const leave = () => school.change('logoutEverywhere', { keepCurrent: true }, 'revokedSessions', ada.viewer)
  for (const { ended, writes } of [
    { ended: 4, writes: 1 },
    { ended: 0, writes: 0 },
  ]) {
    const { result, statements } = await countStatements(leave)
    expect(result.data).toEqual({ revokedSessions: ended })
    expect(statements.filter(({ text }) => /^INSERT INTO \S*"revocation"/.test(text))).toHaveLength(writes)
  }
})

test('a session is ended from another device, once', async () => {
  const [ada, phone] = await devices(2)
  if (!ada || !phone) throw new Error('two devices')
  const input = { sessionId: phone.viewer.sessionId }
  const replies = await Promise.all(Array.from({ length: 5 }, () => school.change('revokeSession', input, shown, ada.viewer)))
  expect(replies.flatMap(({ codes }) => codes)).toEqual([])
  expect(await school.events(phone.viewer.sessionId)).toHaveLength(1)
  expect(await refreshes(phone.refreshToken)).toBe(false)
})

test('somebody else’s session and one that never was answer alike, and nothing ends', async () => {
  const ada = await school.register()
  const eve = await school.register()
  const answers = await Promise.all(
    [ada.viewer.sessionId, systemRandom.id()].map((sessionId) => school.change('revokeSession', { sessionId }, shown, eve.viewer)),
  )
  expect(answers[0]?.codes).toEqual(['NOT_FOUND'])
  expect(answers[0]?.errors).toEqual(answers[1]?.errors)
  expect(await refreshes(ada.refreshToken)).toBe(true)
})
