import { ApolloServer, type ApolloServerPlugin } from '@apollo/server'
import {
  ApolloServerPluginInlineTraceDisabled,
  ApolloServerPluginLandingPageDisabled,
  ApolloServerPluginUsageReportingDisabled,
} from '@apollo/server/plugin/disabled'
import { unwrapResolverError } from '@apollo/server/errors'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { DomainError } from '../graphql/errors.ts'
import { presentError } from '../graphql/present.ts'
import type { RunningSubgraph } from '../graphql/start-subgraph.ts'
import { PASSPORT_HEADER, verifyPassport } from '../identity/passports.ts'
import type { Viewer } from '../identity/viewer.ts'
import type { SocketLimits } from '../sockets/socket-server.ts'
import type { Caller, Context } from '../subgraph.ts'
import { createHttpHost } from './host.ts'
import { serveSubscriptions } from './subgraph-sockets.ts'

export interface SubgraphHost {
  url: string
  /** From now on it is not ready, so that nobody sends it more. */
  leave(): void
  close(): Promise<void>
}

export interface SubgraphHostOptions {
  host: string
  /** 0 lets the system choose. */
  port: number
  passportKey: Uint8Array
  /** Over the defaults, for tests. */
  socketLimits?: Partial<SocketLimits>
}

/** Puts a running subgraph behind HTTP: /graphql for whoever holds a passport, its routes, and its health. */
export async function hostSubgraph(subgraph: RunningSubgraph, options: SubgraphHostOptions): Promise<SubgraphHost> {
  const { host, port, passportKey } = options
  const app = createHttpHost({ name: subgraph.name, log: subgraph.log, ready: () => subgraph.ready() })
  const identities = new WeakMap<FastifyRequest, { viewer: Viewer; caller: Caller }>()

  const apollo = new ApolloServer<Context>({
    schema: subgraph.schema,
    introspection: false,
    csrfPrevention: false,
    includeStacktraceInErrorResponses: false,
    stopOnTerminationSignals: false,
    logger: subgraph.log,
    formatError: (formatted, error) => {
      const inner = unwrapResolverError(error)
      return presentError(
        error instanceof GraphQLError ? error : new GraphQLError(formatted.message, { originalError: asError(inner) }),
        subgraph.log,
      )
    },
    plugins: [
      ApolloServerPluginInlineTraceDisabled(),
      ApolloServerPluginUsageReportingDisabled(),
      ApolloServerPluginLandingPageDisabled(),
      announceSignIn,
    ],
  })
  await apollo.start()

  await app.register(async (scope) => {
    // Who is asking is proved over the raw bytes, before anything parses them.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, async (request: FastifyRequest, body: Buffer) => {
      const passport = request.headers[PASSPORT_HEADER]
      const given = typeof passport === 'string' ? passport : undefined
      identities.set(request, verifyPassport(passportKey, given, subgraph.name, body, subgraph.clock.now()))
      return parseJson(body)
    })
    const context = async (request: FastifyRequest, reply: FastifyReply) => {
      const identity = identities.get(request)
      if (!identity) throw new DomainError('UNAUTHENTICATED')
      return subgraph.context({ ...identity, signal: abortedWith(reply.raw) })
    }
    scope.post('/graphql', {
      // Without a body no parser runs, and so nobody has proved anything.
      preHandler: async (request) => {
        if (!identities.has(request)) throw new DomainError('UNAUTHENTICATED')
      },
      handler: fastifyApolloHandler(apollo, { context }),
    })
  })
  serveSubscriptions(app, subgraph, options)
  subgraph.routes(app)

  const url = await app.listen({ host, port })
  return {
    url,
    leave: () => app.leave(),
    async close() {
      await app.close()
      await apollo.stop()
      await subgraph.stop()
    },
  }
}

const announceSignIn: ApolloServerPlugin<Context> = {
  requestDidStart: async () => ({
    async willSendResponse({ contextValue: { signedIn }, response: { body } }) {
      if (signedIn && body.kind === 'single') body.singleResult.extensions = { ...body.singleResult.extensions, signedIn }
    },
  }),
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'))
  } catch {
    throw new DomainError('BAD_REQUEST')
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown))
}

/** Aborts when the router hangs up before the answer is sent. */
function abortedWith(response: NodeJS.WritableStream & { writableFinished?: boolean }): AbortSignal {
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  return controller.signal
}
