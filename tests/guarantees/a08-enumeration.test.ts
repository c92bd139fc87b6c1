import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'

describe.each(topologies)('%s', (topology) => {
  let school: School
  let ada: Person
  beforeAll(async () => {
    school = await openSchool(topology)
    ada = await school.register({ username: 'ada' })
  })
  afterAll(() => school.close())

  const login = (identifier: string, password = 'not the password') => school.client().query(LOGIN, { input: { identifier, password } })

  test('A08 signing in says the same of a known and an unknown account, byte for byte', async () => {
    const known = await login(ada.email)
    expect(known.codes).toEqual(['UNAUTHENTICATED'])
    for (const identifier of ['nobody@example.org', 'nobody', 'ada', '+4915112345678', ada.email.toUpperCase()]) {
      const other = await login(identifier)
      expect([other.status, other.text]).toEqual([known.status, known.text])
    }
  })

  test('A08 the control: with the password the answers differ', async () => {
    expect((await login(ada.email, ada.password)).codes).toEqual([])
    expect((await login('nobody@example.org', ada.password)).codes).toEqual(['UNAUTHENTICATED'])
  })

  test('A08 a blocked account says so only to whoever knows the password', async () => {
    const bob = await school.register()
    const { client } = await school.admin()
    await client.query('mutation ($id: ID!) { blockUser(input: { userId: $id }) { user { id } } }', { id: bob.id })
    expect((await login(bob.email, bob.password)).codes).toEqual(['ACCOUNT_BLOCKED'])
    expect((await login(bob.email)).text).toBe((await login('nobody@example.org')).text)
  })

  // Seconds on a busy machine prove little: that the same work is done is asserted by CPU time in auth's own test.
  test('A08 both take the time of one password hash', async () => {
    const times = { known: [] as number[], unknown: [] as number[] }
    for (let round = 0; round < rounds(100); round += 1) {
      for (const [kind, identifier] of [
        ['known', ada.email],
        ['unknown', `nobody${round}@example.org`],
      ] as const) {
        const since = performance.now()
        await login(identifier)
        times[kind].push(performance.now() - since)
      }
    }
    const fastest = (values: number[]) => Math.min(...values)
    console.log(
      `A08 (${topology}) fastest of ${times.known.length}: known ${fastest(times.known).toFixed(1)} ms, unknown ${fastest(times.unknown).toFixed(1)} ms`,
    )
    expect(fastest(times.unknown)).toBeGreaterThan(fastest(times.known) / 3)
  })
})
