import type { GraphQLFormattedError } from 'graphql'
import { fakeAuth, type FakeAuth } from './fake-auth.ts'
import { crash, fail, fakeSubgraph, type FakeResolvers, type FakeSubgraph } from './fake-subgraph.ts'
import { platform, type Platform, type PlatformOptions, type Topology } from './platform.ts'

/** Who is there, by id. */
export const people = [1, 2, 3].map((n) => `01900000-0000-7000-8000-00000000000${n}`)
export const [ada = ''] = people
const pageInfo = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }

export const usersResolvers: FakeResolvers = {
  Query: {
    me: (_source, _args, { viewer }) => (viewer.kind === 'user' ? { id: viewer.id } : null),
    user: (_source, { id }) => (people.includes(id) ? { id } : fail('NOT_FOUND')),
    users: () => ({ edges: people.map((id) => ({ cursor: id, node: { id } })), pageInfo }),
    dashboard: () => crash(),
  },
  Mutation: { updateProfile: (_source, _args, { viewer }) => ({ user: { id: viewer.kind === 'user' ? viewer.id : ada } }) },
  User: {
    __resolveReference: async (user: { id: string }) => user,
    name: ({ id }) => `person ${people.indexOf(id) + 1}`,
    preferences: () => fail('FORBIDDEN'),
  },
  Dashboard: { __resolveReference: async (dashboard: { id: string }) => dashboard },
}
export const authResolvers: FakeResolvers = {
  Mutation: {
    login: (_source, _args, context) => {
      context.signIn({ kind: 'user', id: ada, role: 'STUDENT', scopes: ['learn'], sessionId: ada })
      return { accessToken: 'a', refreshToken: 'r', expiresIn: 300, user: { id: ada } }
    },
    register: () => crash(),
  },
  User: {
    __resolveReference: async (user: { id: string }) => user,
    email: ({ id }, _args, { viewer }) =>
      viewer.kind === 'user' && (viewer.id === id || viewer.role === 'ADMIN') ? `${people.indexOf(id)}@example.org` : fail('FORBIDDEN'),
  },
}

export interface School extends Platform {
  auth: FakeAuth
  users: FakeSubgraph
}

/** A platform of auth and users over made-up people, closed when the test ends. */
export async function school(topology: Topology, options: PlatformOptions = {}): Promise<School> {
  const auth = await fakeAuth(authResolvers, (app) => {
    app.get('/.well-known/jwks.json', async () => JSON.parse(await auth.keySet()))
  })
  const users = fakeSubgraph('users', usersResolvers)
  return { auth, users, ...(await platform(topology, [auth.subgraph, users], options)) }
}

/** What matters of each error of an answer. */
export function shape({ errors }: { errors?: GraphQLFormattedError[] }) {
  return errors?.map(({ path, extensions }) => ({ path, code: extensions?.['code'], service: extensions?.['service'] }))
}
