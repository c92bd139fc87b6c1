import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSchool, topologies, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'

const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken } }'
const ME = '{ me { id } }'

describe.each(topologies)('%s', (topology) => {
  let school: School
  beforeAll(async () => {
    school = await openSchool(topology)
  })
  afterAll(() => school.close())

  const refresh = (refreshToken: string) => school.client().query(REFRESH, { input: { refreshToken } })
  const successor = async (refreshToken: string): Promise<string> => (await refresh(refreshToken)).data.refreshSession.refreshToken
  const inAuth = (text: string, ...values: unknown[]) => query<{ id: string }>(school.env['AUTH_DATABASE_URL'] ?? '', text, values)
  const stolen = (userId: string) => inAuth("SELECT id FROM security_event WHERE account_id = $1 AND type = 'TOKEN_REUSED'", userId)

  test('A01 a refresh token that was replaced twice ends the whole family', { timeout: 20_000 }, async () => {
    const ada = await school.register()
    const second = await successor(ada.refreshToken)
    const third = await successor(second)
    expect((await refresh(ada.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
    for (const token of [second, third]) expect((await refresh(token)).codes).toEqual(['UNAUTHENTICATED'])
    await expect.poll(async () => (await ada.client.query(ME)).status, { timeout: 5000 }).toBe(401)
    await refresh(ada.refreshToken)
    expect(await stolen(ada.id)).toHaveLength(1)
  })

  test('A01 the control: the one before, sent again at once, ends nothing', async () => {
    const ada = await school.register()
    const second = await successor(ada.refreshToken)
    expect(await successor(ada.refreshToken)).toBe(second)
    expect((await refresh(second)).codes).toEqual([])
    expect(await stolen(ada.id)).toEqual([])
  })

  test('A02 twenty refreshes at once all get the same successor', async () => {
    const grace = await school.register()
    let token = grace.refreshToken
    const families = rounds(100)
    for (let round = 0; round < families; round += 1) {
      const successors = await Promise.all(Array.from({ length: 20 }, () => successor(token)))
      expect(new Set(successors).size).toBe(1)
      token = successors[0] ?? ''
    }
    expect((await refresh(token)).codes).toEqual([])
    expect(await stolen(grace.id)).toEqual([])
    console.log(`A02 ${topology}: ${families * 20} refreshes, ${families} successors, still signed in`)
  })

  test('A02 the control: without the grace, a second of twenty is taken for a thief', async () => {
    const grace = await school.register()
    await successor(grace.refreshToken)
    await inAuth("UPDATE session SET rotated_at = rotated_at - interval '11 s' WHERE account_id = $1", grace.id)
    expect((await refresh(grace.refreshToken)).codes).toEqual(['UNAUTHENTICATED'])
    expect(await stolen(grace.id)).toHaveLength(1)
  })
})
