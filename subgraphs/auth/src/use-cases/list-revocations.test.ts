import { anonymous, type Viewer } from '@stellr/kit'
import { manualClock, type ManualClock } from '@stellr/kit/testing'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

const router: Viewer = { kind: 'service', name: 'router' }
let clock: ManualClock
let school: School
beforeEach(async () => {
  await school?.stop()
  clock = manualClock()
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const ask = (since: string | null = null, viewer: Viewer = router) =>
  school.ask('query ($since: String) { revocations(since: $since) { cursor revocations { sid sub minVer expiresAt } } }', { since }, viewer)
const sids = async (since?: string) => (await ask(since)).data.revocations.revocations.map(({ sid }: { sid: string | null }) => sid)

async function logout() {
  const ada = await school.register()
  await school.change('logout', null, 'session { id }', ada.viewer)
  return ada.viewer.sessionId
}

test('A03: an ended session is listed until its last access token has expired', async () => {
  const sessionId = await logout()
  const expiresAt = new Date(clock.now().getTime() + 360_000).toISOString()
  const { data } = await ask()
  expect(data.revocations).toEqual({
    cursor: clock.now().toISOString(),
    revocations: [{ sid: sessionId, sub: null, minVer: null, expiresAt }],
  })
  clock.advance(359)
  expect(await sids()).toEqual([sessionId])
  clock.advance(1)
  expect(await sids()).toEqual([])
})

test('A04: a blocked user is listed with the version from which tokens count', async () => {
  const admin = await school.registerAdmin()
  const ada = await school.register()
  await school.change('blockUser', { userId: ada.id }, 'user { id }', admin.viewer)
  expect((await ask()).data.revocations.revocations).toMatchObject([{ sid: null, sub: ada.id, minVer: 2 }])
})

test('since a cursor come those that are newer, and those that may have been committed late', async () => {
  const first = await logout()
  clock.advance(20)
  const { data } = await ask()
  clock.advance(11)
  const second = await logout()
  // The cursor is 20 s younger than the first: within what a slow transaction may take.
  expect(await sids(data.revocations.cursor)).toEqual([first, second])
  const late = (await ask()).data.revocations.cursor
  expect(await sids(late)).toEqual([second])
})

test('a cursor that is none is refused', async () => {
  for (const since of ['', 'yesterday', "'; DROP TABLE revocation"]) expect((await ask(since)).codes).toEqual(['BAD_USER_INPUT'])
})

test('only the platform itself may ask', async () => {
  const admin = await school.registerAdmin()
  for (const viewer of [anonymous, admin.viewer]) {
    expect((await ask(null, viewer)).codes).toEqual(['FORBIDDEN'])
    expect((await school.ask('{ signingKeys }', {}, viewer)).codes).toEqual(['FORBIDDEN'])
  }
})
