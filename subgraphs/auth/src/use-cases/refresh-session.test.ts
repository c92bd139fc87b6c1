import { manualClock, type ManualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

let clock: ManualClock
let school: School
beforeAll(async () => {
  clock = manualClock()
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const refresh = (refreshToken: string) =>
  school.change('refreshSession', { refreshToken }, 'accessToken refreshToken expiresIn user { id role }')

async function successorOf(refreshToken: string): Promise<string> {
  const { data, errors } = await refresh(refreshToken)
  expect(errors).toEqual([])
  return data.refreshToken
}

test('A01: a token that comes back after its successor was used ends the session, and everybody hears of it', async () => {
  const ada = await school.register()
  const other = await school.login(ada)
  const second = await successorOf(ada.refreshToken)
  const third = await successorOf(second)
  expect((await refresh(ada.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])

  for (const token of [ada.refreshToken, second, third]) expect((await refresh(token)).codes).toEqual(['UNAUTHENTICATED'])
  const sessionId = ada.viewer.sessionId
  expect(await school.sql('SELECT revoked_for FROM session WHERE id = $1', [sessionId])).toEqual([{ revoked_for: 'TOKEN_REUSED' }])
  expect(await school.sql('SELECT min_ver FROM revocation WHERE session_id = $1', [sessionId])).toHaveLength(1)
  expect(await school.events(sessionId)).toMatchObject([
    { type: 'session.revoked', aggregateversion: 2, data: { sessionId, userId: ada.id, reason: 'TOKEN_REUSED' } },
  ])
  expect((await school.history(ada.id)).filter(({ type }) => type === 'TOKEN_REUSED')).toEqual([{ type: 'TOKEN_REUSED', actorId: null }])
  await successorOf(other.refreshToken)
})

test('A02: twenty refreshes at once get one successor, and the session lives on', async () => {
  const ada = await school.register()
  let token = ada.refreshToken
  for (let round = 0; round < 10; round += 1) {
    const sent = token
    const replies = await Promise.all(Array.from({ length: 20 }, () => refresh(sent)))
    expect(replies.flatMap(({ codes }) => codes)).toEqual([])
    const successors = [...new Set(replies.map(({ data }) => data.refreshToken))]
    expect(successors).toHaveLength(1)
    token = successors[0]
    expect(token).not.toBe(sent)
  }
  await successorOf(token)
})

test('a lost reply can be asked for again for ten seconds, not longer', async () => {
  const ada = await school.register()
  const second = await successorOf(ada.refreshToken)
  clock.advance(10)
  expect(await successorOf(ada.refreshToken)).toBe(second)
  clock.advance(1)
  expect((await refresh(ada.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await refresh(second)).codes).toEqual(['UNAUTHENTICATED'])
})

test('a forged token neither refreshes nor ends anything', async () => {
  const ada = await school.register()
  const bytes = Buffer.from(ada.refreshToken, 'base64url')
  for (let at = 0; at < bytes.length; at += 7) {
    const forged = Buffer.from(bytes).fill(bytes.readUInt8(at) ^ 1, at, at + 1)
    expect((await refresh(forged.toString('base64url'))).codes).toEqual(['UNAUTHENTICATED'])
  }
  await successorOf(ada.refreshToken)
})

test('no token is stored, only hashes', async () => {
  const ada = await school.register()
  const second = await successorOf(ada.refreshToken)
  const [row] = await school.sql<{ whole: string }>('SELECT session::text AS whole FROM session WHERE id = $1', [ada.viewer.sessionId])
  for (const token of [ada.refreshToken, second]) {
    const secret = Buffer.from(token, 'base64url').subarray(16, 48)
    for (const encoding of ['hex', 'base64', 'base64url'] as const) expect(row?.whole).not.toContain(secret.toString(encoding))
  }
})

test('a session unused for thirty days is over; use prolongs it, up to 180 days', async () => {
  const ada = await school.register()
  let token = ada.refreshToken
  for (let months = 0; months < 6; months += 1) {
    clock.advance(29 * 86_400)
    token = await successorOf(token)
  }
  clock.advance(6 * 86_400)
  expect((await refresh(token)).codes).toEqual(['UNAUTHENTICATED'])

  const grace = await school.register()
  clock.advance(30 * 86_400)
  expect((await refresh(grace.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
})

test('the new access token carries the role of now', async () => {
  const ada = await school.register()
  await school.sql(`UPDATE account SET role = 'INSTRUCTOR', token_version = 7 WHERE id = $1`, [ada.id])
  const { data } = await refresh(ada.refreshToken)
  const { claims } = await school.verify(data.accessToken)
  expect(claims).toMatchObject({ sub: ada.id, sid: ada.viewer.sessionId, role: 'INSTRUCTOR', scope: 'learn author', ver: 7 })
})

test('a blocked account refreshes nothing', async () => {
  const ada = await school.register()
  await school.sql(`UPDATE account SET status = 'BLOCKED' WHERE id = $1`, [ada.id])
  expect((await refresh(ada.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
})
