import { PASSPORT_HEADER } from '@stellr/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { domains, type Domain } from '../../schema/index.ts'
import { keyOf, openBackDoors, passport, student, type BackDoors } from './s05-subgraphs.ts'

const body = JSON.stringify({ query: '{ __typename }' })
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken } }'

let doors: BackDoors
let accessToken = ''

beforeAll(async () => {
  doors = await openBackDoors()
  const input = { email: 'someone@example.org', password: 'correct horse', name: 'Someone' }
  const { data } = await doors.subgraphs.auth.ask(REGISTER, { input })
  accessToken = data.register.accessToken
})

afterAll(async () => {
  console.log(`S05 knocked ${doors.knocked()} times at ${domains.length} subgraphs`)
  await doors.close()
})

/** Each changes one thing about a request that is served. */
const refused: Record<string, (name: Domain) => Record<string, string>> = {
  'no passport': () => ({}),
  'an empty passport': () => ({ [PASSPORT_HEADER]: '' }),
  'an expired passport': (name) => ({ [PASSPORT_HEADER]: passport(name, { body, secondsAgo: 7 }) }),
  "a passport for another subgraph, signed with this one's key": (name) => ({
    [PASSPORT_HEADER]: passport(name === 'auth' ? 'users' : 'auth', { body, key: keyOf(name) }),
  }),
  "a passport for this subgraph, signed with another's key": (name) => ({
    [PASSPORT_HEADER]: passport(name, { body, key: keyOf(name === 'auth' ? 'users' : 'auth') }),
  }),
  'a passport for another body': (name) => ({
    [PASSPORT_HEADER]: passport(name, { body: JSON.stringify({ query: '{ me { id } }' }) }),
  }),
  'a passport that nobody signed': (name) => ({
    [PASSPORT_HEADER]: `${passport(name, { body }).split('.')[0]}.`,
  }),
  'a passport with a changed signature': (name) => ({ [PASSPORT_HEADER]: `${passport(name, { body }).slice(0, -4)}AAAA` }),
  'an access token in the place of a passport': () => ({ [PASSPORT_HEADER]: accessToken }),
  'an access token': () => ({ authorization: `Bearer ${accessToken}` }),
  'headers that name a user': () => ({
    'x-user-id': student.id,
    'x-forwarded-user': student.id,
    'x-stellr-viewer': JSON.stringify(student),
  }),
}

test.each(domains)('S05 %s serves who holds a passport', async (name) => {
  const reply = await doors.post(name, body, { [PASSPORT_HEADER]: passport(name, { body }) })
  expect(reply).toMatchObject({ status: 200, json: { data: { __typename: 'Query' } } })
})

for (const [what, headers] of Object.entries(refused)) {
  test.each(domains)(`S05 %s refuses ${what}, whatever the body`, async (name) => {
    // Were the body looked at first, each of these would be answered differently.
    for (const text of [
      body,
      '{ no json',
      JSON.stringify({ query: '{ no graphql' }),
      JSON.stringify({ query: '{ __schema { types { name } } }' }),
      '',
    ]) {
      const reply = await doors.post(name, text, headers(name))
      expect(reply).toMatchObject({ status: 401, json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
      expect(reply.json).not.toHaveProperty('data')
    }
  })
}

test.each(domains)('S05 %s reads the body of who holds a passport', async (name) => {
  const text = '{ no json'
  const reply = await doors.post(name, text, { [PASSPORT_HEADER]: passport(name, { body: text }) })
  expect(reply.status).toBe(400)
})
