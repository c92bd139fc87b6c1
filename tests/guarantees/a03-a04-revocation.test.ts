import { derivePassportKey, issuePassport, PASSPORT_HEADER } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { decodeJwt } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'

const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken } }'
const ME = '{ me { id } }'
const PROMISED_MS = 5000

/** What ends a session, and what its person or an administrator asks for. */
const endings: Record<string, (person: Person, admin: Person) => Promise<unknown>> = {
  'A03 signing out': ({ client }) => client.query('mutation { logout { session { id } } }'),
  'A03 signing out everywhere': ({ client }) => client.query('mutation { logoutEverywhere { revokedSessions } }'),
  'A03 a new password': ({ client, password }) =>
    client.query(
      'mutation ($old: String!) { changePassword(input: { currentPassword: $old, newPassword: "another good one" }) { expiresIn } }',
      { old: password },
    ),
  'A04 a block': ({ id }, admin) => admin.client.query('mutation ($id: ID!) { blockUser(input: { userId: $id }) { user { id } } }', { id }),
}

describe.each(topologies)('%s', (topology) => {
  let school: School
  beforeAll(async () => {
    school = await openSchool(topology)
  })
  afterAll(() => school.close())

  const refresh = ({ refreshToken }: Person) => school.client().query(REFRESH, { input: { refreshToken } })
  const changeRole = async (id: string, role: string) =>
    (await school.admin()).client.query(
      'mutation ($id: ID!, $role: Role!) { setRole(input: { userId: $id, role: $role }) { user { id } } }',
      { id, role },
    )

  test.each(Object.entries(endings))('%s: refreshing fails at once, requests within five seconds', async (_what, end) => {
    const [ada, bystander, admin] = [await school.register(), await school.register(), await school.admin()]
    expect((await ada.client.query(ME)).status).toBe(200)
    expect(await end(ada, admin)).toMatchObject({ codes: [] })
    expect((await refresh(ada)).codes).toEqual(['UNAUTHENTICATED'])
    const ms = await millisecondsUntilRefused(ada)
    expect(ms).toBeLessThan(PROMISED_MS)
    // The control: whoever was not meant goes on.
    expect((await bystander.client.query(ME)).status).toBe(200)
    console.log(`${_what} (${topology}): refused after ${ms} ms`)
  })

  test('A04 another role: tokens of the old one are refused within five seconds, and a refresh brings the new one', async () => {
    const ada = await school.register({ role: 'ADMIN' })
    expect((await changeRole(ada.id, 'STUDENT')).codes).toEqual([])
    expect(await millisecondsUntilRefused(ada)).toBeLessThan(PROMISED_MS)
    const { accessToken } = (await refresh(ada)).data.refreshSession
    expect(decodeJwt(accessToken)).toMatchObject({ role: 'STUDENT', scope: 'learn' })
    expect((await school.client(accessToken).query('{ users { edges { cursor } } }')).codes).toEqual(['FORBIDDEN'])
  })

  test.runIf(topology === 'one-process')(
    'A03 the control: with nothing in the list of revocations, the access token is served on',
    { timeout: 20_000 },
    async () => {
      const ada = await school.register()
      const auth = (text: string) => query(school.env['AUTH_DATABASE_URL'] ?? '', text)
      await auth('CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$')
      await auth('CREATE TRIGGER forget BEFORE INSERT ON revocation FOR EACH ROW EXECUTE FUNCTION forget()')
      try {
        await ada.client.query('mutation { logout { session { id } } }')
        expect(await millisecondsUntilRefused(ada)).toBe(Number.POSITIVE_INFINITY)
      } finally {
        await auth('DROP TRIGGER forget ON revocation')
      }
    },
  )

  test.runIf(topology === 'distributed')(
    'A04 a passport made before the block opens no subgraph five seconds later',
    { timeout: 20_000 },
    async () => {
      const [ada, admin] = [await school.register(), await school.admin()]
      await school.settle()
      const claims = decodeJwt(ada.accessToken)
      const body = JSON.stringify({ query: '{ me { id preferences { language } } }' })
      const passport = () =>
        issuePassport(
          derivePassportKey(school.env['PASSPORT_SECRET'] ?? '', 'users'),
          {
            audience: 'users',
            viewer: { kind: 'user', id: ada.id, role: 'STUDENT', scopes: ['learn'], sessionId: String(claims['sid']) },
            caller: { ipAddress: null, userAgent: null },
            body,
          },
          new Date(),
        )
      const ask = async (made: string) =>
        (
          await fetch(`${school.subgraphUrls.users}/graphql`, {
            method: 'POST',
            headers: { 'content-type': 'application/json', [PASSPORT_HEADER]: made },
            body,
          })
        ).status
      const before = passport()
      expect(await ask(before)).toBe(200)
      const blockedAt = Date.now()
      await endings['A04 a block']?.(ada, admin)
      await expect.poll(() => ask(before), { timeout: PROMISED_MS + 1000, interval: 100 }).toBe(401)
      expect(Date.now() - blockedAt).toBeLessThanOrEqual(PROMISED_MS + 200)
      // The control: only its age closed it. The router makes no new one, since it refuses the token.
      expect(await ask(passport())).toBe(200)
      expect((await ada.client.query(ME)).codes).toEqual(['UNAUTHENTICATED'])
    },
  )
})

/** How long the access token was still served; infinite when it is after a second more than promised. */
async function millisecondsUntilRefused({ client }: Person): Promise<number> {
  const since = Date.now()
  while (Date.now() - since < PROMISED_MS + 1000) {
    if ((await client.query(ME)).status === 401) return Date.now() - since
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return Number.POSITIVE_INFINITY
}
