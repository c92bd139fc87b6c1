import type { FastifyInstance } from 'fastify'
import { getOperationAST, GraphQLError, OperationTypeNode, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { SubscribePayload } from 'graphql-ws'
import { createBoundedCache } from '../bounded-cache.ts'
import { DomainError } from '../graphql/errors.ts'
import { presentError } from '../graphql/present.ts'
import type { RunningSubgraph } from '../graphql/start-subgraph.ts'
import { PassportError, verifyPassport } from '../identity/passports.ts'
import { createSocketServer, type SocketLimits } from '../sockets/socket-server.ts'
import { upgradeOf } from './upgrades.ts'

/** A router opens one socket, over which all that it has subscribed to arrives. */
const LIMITS: SocketLimits = {
  maxMessageBytes: 262_144,
  maxMessagesPerSecond: 20_000,
  initWithinMs: 3000,
  pingAfterMs: 10_000,
  pongWithinMs: 5000,
  unreadForMs: 30_000,
  maxUnreadBytes: 268_435_456,
}
const MOST_SOCKETS = 500
const MOST_DOCUMENTS = 1000

/** What the passport of a subscription is made for, in place of a request's body. */
export function passportBody({ query, operationName, variables }: Pick<SubscribePayload, 'query' | 'operationName' | 'variables'>): string {
  return JSON.stringify([query, operationName ?? null, variables ?? {}])
}

/**
 * Serves the subgraph's subscriptions at /graphql over graphql-transport-ws. Anybody may connect; each subscription carries
 * in its `extensions` a passport of its own, or is refused before it is parsed. Nothing but subscriptions is served here.
 */
export function serveSubscriptions(
  app: FastifyInstance,
  subgraph: RunningSubgraph,
  { passportKey, socketLimits }: { passportKey: Uint8Array; socketLimits?: Partial<SocketLimits> },
): void {
  const { name, log, clock, schema } = subgraph
  const documents = createBoundedCache<string, DocumentNode>(MOST_DOCUMENTS)
  const documentOf = (query: string) => {
    const known = documents.get(query)
    if (known) return known
    const document = checked(schema, query)
    documents.set(query, document)
    return document
  }
  const sockets = createSocketServer<null>({
    limits: { ...LIMITS, ...socketLimits },
    connect: async () => null,
    async run(_session, { payload, signal }) {
      const { query, operationName, variables, extensions } = payload
      const passport = extensions?.['passport']
      const given = typeof passport === 'string' ? passport : undefined
      const identity = verifyPassport(passportKey, given, name, passportBody(payload), clock.now())
      const document = documentOf(query)
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) throw new DomainError('BAD_REQUEST')
      return subgraph.subscribe({
        document,
        operationName: operationName ?? undefined,
        variables: variables ?? undefined,
        ...identity,
        signal,
      })
    },
    present: (error) => presentError(asGraphQLError(error), log),
  })
  app.get('/graphql', (request, reply) => {
    const upgrade = upgradeOf(request)
    if (!upgrade) throw new DomainError('NOT_FOUND')
    if (sockets.size >= MOST_SOCKETS) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 })
    reply.hijack()
    sockets.accept(upgrade, null)
  })
  app.addHook('preClose', () => sockets.close({ code: 1001, reason: 'Going away' }))
}

function checked(schema: GraphQLSchema, query: string): DocumentNode {
  const document = parse(query, { noLocation: true })
  const [error] = validate(schema, document)
  if (error) throw error
  return document
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error
  const originalError = error instanceof PassportError ? new DomainError('UNAUTHENTICATED') : error
  return new GraphQLError('', { originalError: originalError instanceof Error ? originalError : new Error(String(error)) })
}
