import { buildSubgraphSchema } from '@apollo/subgraph'
import { graphql, parse, subscribe } from 'graphql'
import { expect, test } from 'vitest'
import { anonymous, type Viewer } from '../identity/viewer.ts'
import { enforceRules } from './rules.ts'

const typeDefs = parse(`
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.14", import: ["@key", "@inaccessible", "@authenticated", "@requiresScopes"])
  type Query {
    open: String
    signedIn: String @authenticated
    admin: String @requiresScopes(scopes: [["admin"], ["learn", "author"]])
    internal: String @inaccessible
    diary: Diary
  }
  type Diary @authenticated { page: String }
  type Subscription { pages: String @authenticated }
`)
const resolvers = {
  Query: { open: () => 'yes', signedIn: () => 'yes', admin: () => 'yes', internal: () => 'yes', diary: () => ({ page: 'yes' }) },
}
const guarded = enforceRules(buildSubgraphSchema([{ typeDefs, resolvers }]))
const user = (...scopes: string[]): Viewer => ({ kind: 'user', id: 'u', role: 'STUDENT', scopes, sessionId: 's' })
const service: Viewer = { kind: 'service', name: 'router' }

test.each([
  ['open', anonymous, 'yes'],
  ['signedIn', anonymous, 'UNAUTHENTICATED'],
  ['signedIn', service, 'UNAUTHENTICATED'],
  ['signedIn', user(), 'yes'],
  ['admin', anonymous, 'UNAUTHENTICATED'],
  ['admin', user('learn'), 'FORBIDDEN'],
  ['admin', user('author'), 'FORBIDDEN'],
  ['admin', user('learn', 'author'), 'yes'],
  ['admin', user('admin'), 'yes'],
  ['internal', user('admin'), 'FORBIDDEN'],
  ['internal', service, 'yes'],
  ['diary { page }', anonymous, 'UNAUTHENTICATED'],
  ['diary { page }', user(), 'yes'],
])('%s answers as its directives say', async (field, viewer, expected) => {
  const { data, errors } = await graphql({ schema: guarded, source: `{ ${field} }`, contextValue: { viewer } })
  const code = errors?.[0]?.extensions['code']
  expect(code ?? JSON.stringify(data).match(/yes/)?.[0]).toBe(expected)
})

test('without the guard the same fields answer everybody', async () => {
  const schema = buildSubgraphSchema([{ typeDefs, resolvers }])
  const { data } = await graphql({ schema, source: '{ signedIn admin internal }', contextValue: { viewer: anonymous } })
  expect(data).toEqual({ signedIn: 'yes', admin: 'yes', internal: 'yes' })
})

test('a subscription is refused before its source begins', async () => {
  const begun: unknown[] = []
  async function* source() {
    yield { pages: 'yes' }
  }
  const Subscription = {
    pages: {
      subscribe(_: unknown, _args: unknown, { viewer }: { viewer: Viewer }) {
        begun.push(viewer)
        return source()
      },
    },
  }
  const schema = enforceRules(buildSubgraphSchema([{ typeDefs, resolvers: { ...resolvers, Subscription } }]))
  const listen = (viewer: Viewer) => subscribe({ schema, document: parse('subscription { pages }'), contextValue: { viewer } })
  expect(await listen(anonymous)).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] })
  expect(begun).toEqual([])
  expect(await listen(user())).toHaveProperty('next')
  expect(begun).toHaveLength(1)
})
