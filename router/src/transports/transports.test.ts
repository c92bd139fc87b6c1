import { anonymous } from '@stellr/kit'
import { fastify } from 'fastify'
import { describe, expect, onTestFinished, test } from 'vitest'
import { crash, fail, fakeSubgraph, type FakeResolvers } from '../testing/fake-subgraph.ts'
import { topologies, transportTo, type PlatformOptions, type Topology } from '../testing/platform.ts'
import type { SubgraphFetch } from './transport.ts'

const never = new AbortController().signal
const ada = '01900000-0000-7000-8000-000000000001'
const session = '01900000-0000-7000-8000-000000000002'
const viewer = { kind: 'user', id: ada, role: 'STUDENT', scopes: ['learn'], sessionId: session } as const

function query(operation: string, more: Partial<SubgraphFetch> = {}): SubgraphFetch {
  return {
    operation,
    variables: {},
    kind: 'query',
    viewer,
    caller: { ipAddress: '192.0.2.7', userAgent: 'a browser' },
    signal: never,
    ...more,
  }
}

async function usersOver(topology: Topology, resolvers: FakeResolvers, options: PlatformOptions = {}) {
  const users = fakeSubgraph('users', resolvers, (app) => {
    app.get('/.well-known/listed', () => ({ hello: 'listed' }))
  })
  const transport = await transportTo(topology, users, options)
  onTestFinished(() => transport.close())
  return { users, transport }
}

describe.each(topologies)('%s', (topology) => {
  test('a fetch brings back plain data, and the subgraph learns who asks and from where', async () => {
    const { users, transport } = await usersOver(topology, { Query: { user: (_source, { id }) => ({ id, name: 'Ada' }) } })
    const result = await transport.execute(
      query('query Named($id: ID!) { user(id: $id) { id name } }', { operationName: 'Named', variables: { id: ada } }),
    )
    expect(result).toEqual({ data: { user: { id: ada, name: 'Ada' } } })
    expect(users.seen).toEqual([{ viewer, caller: { ipAddress: '192.0.2.7', userAgent: 'a browser' } }])
  })

  test('an error of the domain keeps its code, path and the data around it', async () => {
    const { transport } = await usersOver(topology, { Query: { user: () => fail('NOT_FOUND'), me: () => ({ id: ada }) } })
    const { data, errors } = await transport.execute(query(`{ user(id: "${ada}") { id } me { id } }`))
    expect(data).toEqual({ user: null, me: { id: ada } })
    expect(errors).toMatchObject([{ path: ['user'], extensions: { code: 'NOT_FOUND' } }])
  })

  test('a stopped subgraph is SERVICE_UNAVAILABLE for each root field, and nobody learns its address', async () => {
    const { users, transport } = await usersOver(topology, {})
    await users.stop()
    const result = await transport.execute(query('{ first: me { id } dashboard { id } }'))
    expect(result.errors?.map(({ path, extensions }) => ({ path, code: extensions?.['code'], service: extensions?.['service'] }))).toEqual([
      { path: ['first'], code: 'SERVICE_UNAVAILABLE', service: 'users' },
      { path: ['dashboard'], code: 'SERVICE_UNAVAILABLE', service: 'users' },
    ])
    expect(JSON.stringify(result)).not.toMatch(/127\.0\.0\.1|ECONN|http:/)
  })

  test('a failed fetch of entities is one error where the entities stand', async () => {
    const { users, transport } = await usersOver(topology, {})
    await users.stop()
    const { errors } = await transport.execute(
      query('query($representations: [_Any!]!) { _entities(representations: $representations) { ... on User { name } } }', {
        variables: { representations: [{ __typename: 'User', id: ada }] },
      }),
    )
    expect(errors).toMatchObject([{ path: [], extensions: { code: 'SERVICE_UNAVAILABLE' } }])
  })

  test('a slow subgraph is given up after the timeout, and told that nobody waits', async () => {
    let told = false
    const { transport } = await usersOver(
      topology,
      {
        Query: {
          me: (_source, _args, { signal }) =>
            new Promise((resolve) => {
              signal.addEventListener('abort', () => {
                told = true
                resolve(null)
              })
            }),
        },
      },
      { settings: { subgraphTimeoutMs: 100 } },
    )
    const startedAt = performance.now()
    const { errors } = await transport.execute(query('{ me { id } }'))
    expect(performance.now() - startedAt).toBeLessThan(300)
    expect(errors).toMatchObject([{ path: ['me'], extensions: { code: 'SERVICE_UNAVAILABLE', service: 'users' } }])
    await expect.poll(() => told).toBe(true)
  })

  test('when the client hangs up, the subgraph is told', async () => {
    const hangUp = new AbortController()
    let told = false
    const { transport } = await usersOver(topology, {
      Query: {
        me: (_source, _args, { signal }) =>
          new Promise((resolve) => {
            signal.addEventListener('abort', () => {
              told = true
              resolve(null)
            })
            hangUp.abort()
          }),
      },
    })
    await transport.execute(query('{ me { id } }', { signal: hangUp.signal }))
    await expect.poll(() => told).toBe(true)
  })

  test('a subgraph that breaks in the middle of its work does not take the router along', async () => {
    const { transport } = await usersOver(topology, { Query: { me: () => crash() } })
    const { data, errors } = await transport.execute(query('{ me { id } }', { viewer: anonymous }))
    expect(data).toEqual({ me: null })
    expect(errors).toHaveLength(1)
  })

  test('the routes that are listed answer on the router’s own app', async () => {
    const { transport } = await usersOver(topology, {})
    const app = fastify()
    onTestFinished(() => app.close())
    await transport.mount(app, ['/.well-known/listed'])
    const reply = await app.inject({ url: '/.well-known/listed?x=1' })
    expect([reply.statusCode, reply.json()]).toEqual([200, { hello: 'listed' }])
    expect((await app.inject({ url: '/.well-known/listed/more' })).statusCode).toBe(404)
  })
})

test('in memory, a route that is not listed fails the start, because over HTTP it would not be reachable', async () => {
  const { transport } = await usersOver('in memory', {})
  const app = fastify()
  onTestFinished(() => app.close())
  await expect(transport.mount(app, [])).rejects.toThrow('users serves /.well-known/listed')
})
