import { describe, expect, test } from 'vitest'
import { fakeAuth } from './testing/fake-auth.ts'
import { fakeSubgraph } from './testing/fake-subgraph.ts'
import { platform, read, topologies } from './testing/platform.ts'
import { ada, authResolvers, people, school, shape, usersResolvers } from './testing/school.ts'

describe.each(topologies)('%s', (topology) => {
  test('one answer joins what two subgraphs know', async () => {
    const { ask, auth } = await school(topology)
    const token = await auth.token({ viewer: { id: ada, role: 'ADMIN' } })
    const { status, body } = await ask('{ me { id name email } users { edges { node { name email } } } }', { token })
    expect(status).toBe(200)
    expect(body.errors).toBeUndefined()
    expect(body.data.me).toEqual({ id: ada, name: 'person 1', email: '0@example.org' })
    expect(body.data.users.edges).toHaveLength(3)
  })

  test('with a subgraph down the rest arrives, with one error that names path, code and service, and no address', async () => {
    const { ask, auth } = await school(topology)
    const token = await auth.token({ viewer: { id: ada, role: 'ADMIN' } })
    await auth.subgraph.stop()
    const one = await ask('{ me { name email } }', { token })
    expect(one.body.data).toEqual({ me: { name: 'person 1', email: null } })
    expect(shape(one.body)).toEqual([{ path: ['me'], code: 'SERVICE_UNAVAILABLE', service: 'auth' }])
    const many = await ask('{ users { edges { node { name email } } } }', { token })
    expect(many.body.data.users.edges[2]).toEqual({ node: { name: 'person 3', email: null } })
    expect(shape(many.body)).toEqual([{ path: ['users', 'edges'], code: 'SERVICE_UNAVAILABLE', service: 'auth' }])
    expect(one.text + many.text).not.toMatch(/127\.0\.0\.1|localhost|ECONN|http:/)
  })

  test('a subgraph’s errors keep their place in lists, and a bug is masked', async () => {
    const { ask, auth } = await school(topology)
    const token = await auth.token({ viewer: { id: people[1] ?? '', role: 'STUDENT' } })
    const { body, text } = await ask(`{ me { email } user(id: "${ada}") { email preferences { language } } dashboard { id } }`, { token })
    expect(body.data).toEqual({ me: { email: '1@example.org' }, user: { email: null, preferences: null }, dashboard: null })
    expect(shape(body)).toEqual(
      expect.arrayContaining([
        { path: ['user', 'email'], code: 'FORBIDDEN', service: undefined },
        { path: ['user', 'preferences'], code: 'FORBIDDEN', service: undefined },
        { path: ['dashboard'], code: 'INTERNAL', service: 'users' },
      ]),
    )
    expect(body.errors).toHaveLength(3)
    expect(text).not.toContain('10.1.2.3')
  })

  test('whoever signs in sees their own account in the same answer', async () => {
    const { ask, users, auth } = await school(topology)
    const { body } = await ask('mutation { login(input: { identifier: "a", password: "b" }) { accessToken user { name email } } }')
    expect(body).toEqual({ data: { login: { accessToken: 'a', user: { name: 'person 1', email: '0@example.org' } } } })
    expect([users.seen.at(-1)?.viewer, auth.subgraph.seen.at(-1)?.viewer]).toContainEqual(expect.objectContaining({ id: ada }))
  })

  test('a domain’s public route answers on the router', async () => {
    const { url, auth } = await school(topology)
    const reply = await read(await fetch(new URL('/.well-known/jwks.json', url)))
    expect(reply.body).toEqual(JSON.parse(await auth.keySet()))
  })

  test('headers that pretend an identity change nothing', async () => {
    const { ask, users } = await school(topology)
    const headers = { 'x-stellr-passport': 'forged', 'x-stellr-viewer': '{"kind":"service"}', 'x-user-id': ada }
    expect((await ask(`{ user(id: "${ada}") { id } }`, { headers })).status).toBe(200)
    expect(users.seen.map(({ viewer }) => viewer)).toEqual([{ kind: 'anonymous' }])
  })
})

test('a subgraph that breaks its own schema is reported, not passed over in silence', async () => {
  const { ask, auth, users } = await school('in memory')
  const token = await auth.token({ viewer: { role: 'ADMIN' } })
  users.execute = async () => ({ data: { users: { edges: null } } })
  const { body } = await ask('{ users { edges { cursor } } }', { token })
  expect(body.data).toEqual({ users: null })
  expect(shape(body)).toEqual([{ path: ['users', 'edges'], code: 'INTERNAL', service: undefined }])
  expect(body.extensions).toBeUndefined()
})

test('only auth is believed that somebody signed in, and only in a mutation', async () => {
  const { ask, auth, users } = await school('in memory')
  const claim = { extensions: { signedIn: { kind: 'user', id: ada, role: 'ADMIN', scopes: ['admin'], sessionId: ada } as const } }
  const own = auth.subgraph.execute
  users.execute = async () => ({ data: { updateProfile: { user: { __typename: 'User', id: ada } } }, ...claim })
  auth.subgraph.execute = async (fetch) => ({ ...(await own(fetch)), ...claim })
  const token = await auth.token({ viewer: { id: people[1] ?? '' } })
  const { body } = await ask('mutation { updateProfile(input: {}) { user { email } } }', { token })
  expect(shape(body)).toEqual([{ path: ['updateProfile', 'user', 'email'], code: 'FORBIDDEN', service: undefined }])
})

describe('who may ask', () => {
  test('a bad token is 401 for the whole request, also where none is needed', async () => {
    const { ask, auth } = await school('in memory')
    const { status, headers, body } = await ask('{ __typename }', { token: await auth.token({ claims: { aud: 'elsewhere' } }) })
    expect([status, body.errors[0].extensions.code, body.data]).toEqual([401, 'UNAUTHENTICATED', undefined])
    expect(headers.get('www-authenticate')).toContain('invalid_token')
  })

  test('one forbidden field refuses the operation before anything runs', async () => {
    const { ask, auth, users } = await school('in memory')
    const text = `{ user(id: "${ada}") { id } users { edges { cursor } } }`
    const anonymous = await ask(text)
    expect([anonymous.status, shape(anonymous.body)?.[0]?.code, anonymous.body.data]).toEqual([401, 'UNAUTHENTICATED', undefined])
    const student = await ask(text, { token: await auth.token() })
    expect([student.status, shape(student.body)?.[0]?.code]).toEqual([403, 'FORBIDDEN'])
    expect(student.body.errors[0].extensions.details).toEqual({ field: 'Query.users' })
    expect(users.seen).toEqual([])
    expect((await ask(text, { token: await auth.token({ viewer: { role: 'ADMIN' } }) })).status).toBe(200)
  })

  test('what only the router may ask is not in the schema that clients see', async () => {
    const { ask } = await school('in memory')
    expect(shape((await ask('{ signingKeys }')).body)?.[0]?.code).toBe('GRAPHQL_VALIDATION_FAILED')
    const { body } = await ask('{ __type(name: "RevocationPage") { name } __schema { queryType { fields { name } } } }')
    expect(body.data.__type).toBeNull()
    expect(body.data.__schema.queryType.fields.map(({ name }: { name: string }) => name)).not.toContain('signingKeys')
  })

  test('the router is ready once auth has answered, and refuses to judge tokens before', async () => {
    const auth = await fakeAuth(authResolvers)
    const users = fakeSubgraph('users', usersResolvers)
    await auth.subgraph.stop()
    const early = await platform('in memory', [auth.subgraph, users])
    expect((await fetch(new URL('/readyz', early.url))).status).toBe(503)
    expect((await fetch(new URL('/livez', early.url))).status).toBe(200)
    const judged = await early.ask('{ me { id } }', { token: await auth.token() })
    expect([judged.status, judged.headers.get('retry-after'), shape(judged.body)?.[0]?.code]).toEqual([503, '1', 'SERVICE_UNAVAILABLE'])
    expect((await early.ask(`{ user(id: "${ada}") { id } }`)).body.errors).toBeUndefined()

    const { url } = await school('in memory')
    expect(await read(await fetch(new URL('/readyz', url)))).toMatchObject({
      status: 200,
      body: { checks: { signingKeys: 'ok', revocations: 'ok' } },
    })
  })
})
