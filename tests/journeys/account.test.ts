import { expect } from 'vitest'
import { journey } from '../testkit/journey.ts'

const SESSION = 'accessToken refreshToken expiresIn user { id name email role }'
const REGISTER = `mutation ($input: RegisterInput!) { register(input: $input) { ${SESSION} } }`
const LOGIN = `mutation ($input: LoginInput!) { login(input: $input) { ${SESSION} } }`
const REFRESH = `mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { ${SESSION} } }`
const ME = `{ me {
  id name email username phone role status createdAt updatedAt
  profile { name avatarUrl bio locale timeZone } preferences { language marketing quietHours { start end } }
  onboarding { firstLoginAt tutorialCompletedAt completedSteps remainingSteps }
} }`
const UPDATE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { name email profile { bio locale timeZone } } } }`
const SESSIONS = '{ sessions { edges { node { id current userAgent revokedAt } } pageInfo { hasNextPage } } }'
const BLOCK = 'mutation ($input: BlockUserInput!) { blockUser(input: $input) { user { id role status } } }'
const UNBLOCK = 'mutation ($input: UnblockUserInput!) { unblockUser(input: $input) { user { id role status } } }'

const ada = { email: 'Ada@Example.org', password: 'correct horse battery', name: 'Ada' }

journey('register, sign in, profile, refresh, sessions, block', async (school) => {
  const nobody = school.client()
  const registered = await nobody.query(REGISTER, { input: ada })
  expect(registered.data.register).toMatchObject({ expiresIn: 300, user: { name: 'Ada', email: 'ada@example.org', role: 'STUDENT' } })
  const { user } = registered.data.register
  expect((await nobody.query(REGISTER, { input: ada })).codes).toEqual(['EMAIL_TAKEN'])

  expect((await nobody.query(LOGIN, { input: { identifier: ada.email, password: 'wrong' } })).codes).toEqual(['UNAUTHENTICATED'])
  const signedIn = await nobody.query(LOGIN, { input: { identifier: ada.email, password: ada.password } })
  expect(signedIn.data.login.user).toEqual({ id: user.id, name: 'Ada', email: 'ada@example.org', role: 'STUDENT' })
  const client = school.client(signedIn.data.login.accessToken)

  expect((await client.query(ME)).data.me).toMatchObject({
    id: user.id,
    name: 'Ada',
    email: 'ada@example.org',
    role: 'STUDENT',
    status: 'ACTIVE',
  })
  const input = { name: 'Ada Lovelace', bio: 'Poetical science', timeZone: 'Europe/London' }
  const updated = await client.query(UPDATE, { input })
  expect(updated.data.updateProfile.user).toMatchObject({
    name: 'Ada Lovelace',
    email: 'ada@example.org',
    profile: { bio: 'Poetical science' },
  })
  expect((await client.query(UPDATE, { input: { timeZone: 'Mars' } })).errors[0]?.extensions).toMatchObject({
    code: 'BAD_USER_INPUT',
    details: [{ path: 'input.timeZone' }],
  })

  const refreshed = await nobody.query(REFRESH, { input: { refreshToken: signedIn.data.login.refreshToken } })
  const again = school.client(refreshed.data.refreshSession.accessToken)
  expect((await again.query(ME)).data.me.name).toBe('Ada Lovelace')

  const { sessions } = (await again.query(SESSIONS)).data
  expect(sessions.edges.map(({ node }: { node: { current: boolean } }) => node.current)).toEqual([true, false])

  const admin = await school.admin()
  expect((await client.query(BLOCK, { input: { userId: user.id } })).codes).toEqual(['FORBIDDEN'])
  expect((await admin.client.query(BLOCK, { input: { userId: user.id } })).data.blockUser.user).toEqual({
    id: user.id,
    role: 'STUDENT',
    status: 'BLOCKED',
  })
  await expect.poll(() => fetchStatus(school.url, refreshed.data.refreshSession.accessToken), { timeout: 5000 }).toBe(401)
  expect((await again.query(ME)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await nobody.query(REFRESH, { input: { refreshToken: refreshed.data.refreshSession.refreshToken } })).codes).toEqual([
    'UNAUTHENTICATED',
  ])
  expect((await nobody.query(LOGIN, { input: { identifier: ada.email, password: ada.password } })).codes).toEqual(['ACCOUNT_BLOCKED'])
  await admin.client.query(UNBLOCK, { input: { userId: user.id } })
  const back = await nobody.query(LOGIN, { input: { identifier: ada.email, password: ada.password } })
  expect((await school.client(back.data.login.accessToken).query(ME)).data.me.status).toBe('ACTIVE')
})

// Off the transcript: how often it must be asked is a matter of milliseconds.
async function fetchStatus(url: string, accessToken: string): Promise<number> {
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${accessToken}` }
  return (await fetch(`${url}/graphql`, { method: 'POST', headers, body: '{"query":"{ me { id } }"}' })).status
}
