import { auth } from '@stellr/auth'
import { anonymous, derivePassportKey, hostSubgraph, issuePassport, PASSPORT_HEADER, type Viewer } from '@stellr/kit'
import { runSubgraph, viewerOf } from '@stellr/kit/testing'
import { UserRegistered } from '@stellr/schema/events/auth'
import { users } from '@stellr/users'
import { afterAll, beforeAll, expect, test } from 'vitest'

const secret = 'the secret of the platform under test'
const keyOf = (name: string) => derivePassportKey(secret, name)
const caller = { ipAddress: '192.0.2.7', userAgent: 'test' }
const subgraphs = { auth, users }
type Name = keyof typeof subgraphs
const names: readonly Name[] = ['auth', 'users']

const urls: Partial<Record<Name, string>> = {}
let accessToken = ''
/** A student whom both subgraphs know. */
let someone = viewerOf('STUDENT')
const closing: (() => Promise<void>)[] = []
let knocked = 0

beforeAll(async () => {
  for (const name of names) {
    const subgraph = await runSubgraph(subgraphs[name], { settings: name === 'auth' ? { secret } : {} })
    const host = await hostSubgraph(subgraph.running, { host: '127.0.0.1', port: 0, passportKey: keyOf(name) })
    urls[name] = host.url
    if (name === 'auth') {
      const register = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken user { id } } }'
      const { data } = await subgraph.ask(register, { input: { email: 'someone@example.org', password: 'correct horse', name: 'Someone' } })
      accessToken = data.register.accessToken
      someone = viewerOf('STUDENT', data.register.user.id)
    } else {
      const registered = { userId: someone.id, name: 'Someone', role: someone.role, firstLoginAt: null }
      await subgraph.publish(UserRegistered, { id: someone.id, version: 1 }, registered)
    }
    closing.push(async () => {
      await host.close()
      await subgraph.stop()
    })
  }
})

afterAll(async () => {
  console.log(`S05 knocked ${knocked} times at ${names.length} subgraphs`)
  await Promise.all(closing.map((close) => close()))
})

const student = viewerOf('STUDENT')
const body = JSON.stringify({ query: '{ __typename }' })
const passport = (name: string, options: { viewer?: Viewer; body?: string; secondsAgo?: number; key?: Uint8Array } = {}) =>
  issuePassport(
    options.key ?? keyOf(name),
    { audience: name, viewer: options.viewer ?? student, caller, body: options.body ?? body },
    new Date(Date.now() - (options.secondsAgo ?? 0) * 1000),
  )

/** Each changes one thing about a request that is served. */
const refused: Record<string, (name: Name) => Record<string, string>> = {
  'no passport': () => ({}),
  'an empty passport': () => ({ [PASSPORT_HEADER]: '' }),
  'an expired passport': (name) => ({ [PASSPORT_HEADER]: passport(name, { secondsAgo: 7 }) }),
  "a passport for another subgraph, signed with this one's key": (name) => ({
    [PASSPORT_HEADER]: passport(name === 'auth' ? 'users' : 'auth', { key: keyOf(name) }),
  }),
  "a passport for this subgraph, signed with another's key": (name) => ({
    [PASSPORT_HEADER]: passport(name, { key: keyOf(name === 'auth' ? 'users' : 'auth') }),
  }),
  'a passport for another body': (name) => ({
    [PASSPORT_HEADER]: passport(name, { body: JSON.stringify({ query: '{ me { id } }' }) }),
  }),
  'a passport that nobody signed': (name) => ({
    [PASSPORT_HEADER]: `${passport(name).split('.')[0]}.`,
  }),
  'a passport with a changed signature': (name) => ({ [PASSPORT_HEADER]: `${passport(name).slice(0, -4)}AAAA` }),
  'an access token in the place of a passport': () => ({ [PASSPORT_HEADER]: accessToken }),
  'an access token': () => ({ authorization: `Bearer ${accessToken}` }),
  'headers that name a user': () => ({
    'x-user-id': student.id,
    'x-forwarded-user': student.id,
    'x-stellr-viewer': JSON.stringify(student),
  }),
}

test.each(names)('S05 %s serves who holds a passport', async (name) => {
  const reply = await post(name, body, { [PASSPORT_HEADER]: passport(name) })
  expect(reply).toMatchObject({ status: 200, json: { data: { __typename: 'Query' } } })
})

for (const [what, headers] of Object.entries(refused)) {
  test.each(names)(`S05 %s refuses ${what}, whatever the body`, async (name) => {
    // Were the body looked at first, each of these would be answered differently.
    for (const text of [
      body,
      '{ no json',
      JSON.stringify({ query: '{ no graphql' }),
      JSON.stringify({ query: '{ __schema { types { name } } }' }),
      '',
    ]) {
      const reply = await post(name, text, headers(name))
      expect(reply).toMatchObject({ status: 401, json: { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] } })
      expect(reply.json).not.toHaveProperty('data')
    }
  })
}

test.each(names)('S05 %s reads the body of who holds a passport', async (name) => {
  const text = '{ no json'
  const reply = await post(name, text, { [PASSPORT_HEADER]: passport(name, { body: text }) })
  expect(reply.status).toBe(400)
})

test("S05 another person's object is null without an error, exactly as one that does not exist", async () => {
  const unknown = viewerOf('STUDENT').id
  const dashboard = '... on Dashboard { id user { id } }'
  expect(await entities('users', student, dashboard, ['Dashboard', someone.id, unknown])).toEqual({ data: { _entities: [null, null] } })
  const name = '... on User { name }'
  expect(await entities('users', anonymous, name, ['User', someone.id, unknown])).toEqual({ data: { _entities: [null, null] } })
})

test('S05 the same references are answered to whoever may see them', async () => {
  const dashboard = await entities('users', someone, '... on Dashboard { id }', ['Dashboard', someone.id])
  expect(dashboard).toEqual({ data: { _entities: [{ id: someone.id }] } })
  expect(await entities('users', student, '... on User { name }', ['User', someone.id])).toEqual({
    data: { _entities: [{ name: 'Someone' }] },
  })
})

test("S05 a stub of another person opens none of that person's own fields", async () => {
  for (const [name, fields] of [
    ['auth', ['email', 'role', 'status', 'username', 'phone', 'deletionScheduledAt']],
    ['users', ['preferences { language }', 'onboarding { firstLoginAt }']],
  ] as const) {
    for (const field of fields) {
      const key = field.split(' ')[0] ?? field
      const foreign = await entities(name, student, `... on User { ${field} }`, ['User', someone.id])
      expect({ data: foreign.data, codes: codesOf(foreign) }).toEqual({ data: { _entities: [{ [key]: null }] }, codes: ['FORBIDDEN'] })
      const own = await entities(name, someone, `... on User { ${field} }`, ['User', someone.id])
      expect(codesOf(own)).toEqual([])
    }
  }
})

test("S05 what is for the platform's own parts is closed to people, admins too", async () => {
  for (const query of ['{ signingKeys }', '{ revocations { cursor } }']) {
    for (const viewer of [anonymous, student, viewerOf('ADMIN')]) {
      const reply = await ask('auth', viewer, query)
      expect(codesOf(reply)).toEqual(['FORBIDDEN'])
    }
    expect((await ask('auth', { kind: 'service', name: 'router' }, query)).errors).toBeUndefined()
  }
})

/** Asks as the gateway does when it joins what several subgraphs know. */
async function entities(name: Name, viewer: Viewer, selection: string, [type, ...ids]: [type: string, ...ids: string[]]) {
  const references = ids.map((id) => ({ __typename: type, id }))
  return ask(name, viewer, `query ($references: [_Any!]!) { _entities(representations: $references) { ${selection} } }`, { references })
}

async function ask(name: Name, viewer: Viewer, query: string, variables: Record<string, unknown> = {}) {
  const text = JSON.stringify({ query, variables })
  return (await post(name, text, { [PASSPORT_HEADER]: passport(name, { viewer, body: text }) })).json
}

function codesOf(reply: { errors?: { extensions: { code: string } }[] }): string[] {
  return (reply.errors ?? []).map(({ extensions }) => extensions.code)
}

async function post(name: Name, text: string, headers: Record<string, string>) {
  knocked += 1
  const response = await fetch(`${urls[name]}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: text,
  })
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever came back
  const json: any = await response.json()
  return { status: response.status, json }
}
