import { ApolloGateway, RemoteGraphQLDataSource, type GraphQLDataSourceProcessOptions } from '@apollo/gateway'
import { ApolloServer } from '@apollo/server'
import { startStandaloneServer } from '@apollo/server/standalone'
import { readFileSync } from 'node:fs'
import { LocalGraphQLDataSource } from '@apollo/gateway'
import { fromRoot } from '@stellr/kit'
import { domains, type Domain } from '@stellr/schema'
import { subgraphs } from '../../scripts/platform/subgraphs.ts'
import { startBare, viewerFrom } from './bare.ts'

interface Context {
  viewer: string | undefined
}

// The same supergraph on ApolloServer and ApolloGateway with their own data sources: `remote` over HTTP to the addresses that
// follow (in the order of `domains`), `local` in this process. It verifies no token and enforces no rule.
const [kind = 'remote', port = '0', ...addresses] = process.argv.slice(2)

class Remote extends RemoteGraphQLDataSource<Context> {
  override willSendRequest({ request, context }: GraphQLDataSourceProcessOptions<Context>): void {
    if (context.viewer) request.http?.headers.set('x-viewer', context.viewer)
  }
}

async function local(name: Domain) {
  const running = await startBare(subgraphs[name], process.env)
  const source = new LocalGraphQLDataSource<Context>(running.schema)
  const plain = source.process.bind(source)
  const caller = { ipAddress: null, userAgent: null }
  source.process = (options) =>
    plain({
      ...options,
      context: running.context({ viewer: viewerFrom(options.context.viewer), caller, signal: new AbortController().signal }) as never,
    })
  return source
}

const locals = new Map(kind === 'local' ? await Promise.all(domains.map(async (name) => [name as string, await local(name)] as const)) : [])
const gateway = new ApolloGateway({
  supergraphSdl: readFileSync(fromRoot('schema/generated/supergraph.gateway.graphql'), 'utf8'),
  buildService: ({ name }) =>
    locals.get(name) ?? new Remote({ url: `${addresses[domains.findIndex((domain) => domain === name)]}/graphql` }),
})
const server = new ApolloServer<Context>({ gateway, csrfPrevention: true })
await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(port) },
  context: async ({ req }) => ({ viewer: typeof req.headers['x-viewer'] === 'string' ? req.headers['x-viewer'] : undefined }),
})
