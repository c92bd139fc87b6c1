import type { FastifyInstance } from 'fastify'
import { getOperationAST, GraphQLError, OperationTypeNode, parse, validate, type DocumentNode, type GraphQLSchema } from 'graphql'
import { MessageType, type SubscribePayload } from 'graphql-ws'
import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { createBoundedCache } from '../bounded-cache.ts'
import { DomainError } from '../graphql/errors.ts'
import { presentError } from '../graphql/present.ts'
import type { RunningSubgraph } from '../graphql/start-subgraph.ts'
import type { SubgraphStream } from '../graphql/stream.ts'
import { PassportError, verifyPassport } from '../identity/passports.ts'
import { paceStream, type PacedStream } from '../sockets/paced-stream.ts'
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

export interface PassportedSubscription extends Pick<SubscribePayload, 'query' | 'operationName' | 'variables'> {
  /**
   * What the subgraph said to this socket when it let it in, so that a passport which is captured opens nothing over another
   * one; undefined for a router that speaks to a subgraph of the release before, which says nothing.
   */
  challenge: string | undefined
  /** The cursor after which the same subscription began before. */
  since: string | undefined
}

/** What the passport of a subscription is made for, in place of a request's body. */
export function passportBody({ query, operationName, variables, challenge, since }: PassportedSubscription): string {
  const operation = [query, operationName ?? null, variables ?? {}]
  return JSON.stringify(challenge === undefined ? operation : [...operation, challenge, since ?? null])
}

/** How a router gives room for more events: a ping that says so for each operation. Whoever does not know it, answers it. */
export function roomPing(room: Readonly<Record<string, number>>): { type: MessageType.Ping; payload: Record<string, unknown> } {
  return { type: MessageType.Ping, payload: { room } }
}

const MOST_ROOM = 10_000
const room = z.int().min(1).max(MOST_ROOM)
const pinged = z.object({ room: z.record(z.string(), room) })
const asked = z.object({
  passport: z.string().optional().catch(undefined),
  /** How many events may be sent before there must be room again; as many as there are, for whoever does not say. */
  room: room.optional().catch(undefined),
  since: z.string().optional().catch(undefined),
})

interface Session {
  challenge: string
  /** The operations that were begun with little room, by their ids. */
  paced: Map<string, PacedStream>
}

/**
 * Serves the subgraph's subscriptions at /graphql over graphql-transport-ws. Anybody may connect; each subscription carries
 * in its `extensions` a passport of its own, made for this very socket, or is refused before it is parsed: a stream has no end
 * but the one that its router sees to, so a passport that somebody captured must not begin one. Nothing but subscriptions is
 * served here.
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
  const sockets = createSocketServer<Session>({
    limits: { ...LIMITS, ...socketLimits },
    connect: async () => null,
    acknowledgement: ({ challenge }) => ({ challenge }),
    onPing(session, payload) {
      const { success, data } = pinged.safeParse(payload)
      for (const [id, count] of success ? Object.entries(data.room) : []) session.paced.get(id)?.grant(count)
    },
    async run({ challenge, paced }, { id, payload, signal }) {
      const { query, operationName, variables, extensions } = payload
      const { passport, since, room: granted } = asked.parse(extensions ?? {})
      const madeFor = passportBody({ query, operationName, variables, challenge, since })
      const identity = verifyPassport(passportKey, passport, name, madeFor, clock.now())
      const document = documentOf(query)
      if (getOperationAST(document, operationName)?.operation !== OperationTypeNode.SUBSCRIPTION) throw new DomainError('BAD_REQUEST')
      const outcome = await subgraph.subscribe({
        document,
        operationName: operationName ?? undefined,
        variables: variables ?? undefined,
        ...identity,
        signal,
        since,
      })
      if (!(Symbol.asyncIterator in outcome) || granted === undefined || signal.aborted) return outcome
      const stream = paceStream(outcome, granted)
      paced.set(id, stream)
      signal.addEventListener('abort', () => paced.get(id) === stream && paced.delete(id), { once: true })
      return announced(stream.stream)
    },
    present: (error) => presentError(asGraphQLError(error), log),
  })
  app.get('/graphql', (request, reply) => {
    const upgrade = upgradeOf(request)
    if (!upgrade) throw new DomainError('NOT_FOUND')
    if (sockets.size >= MOST_SOCKETS) throw new DomainError('RATE_LIMITED', { retryAfterSeconds: 1 })
    reply.hijack()
    sockets.accept(upgrade, { challenge: randomUUID(), paced: new Map() })
  })
  app.addHook('preClose', () => sockets.close({ code: 1001, reason: 'Going away' }))
}

/** Says first where a stream began: its router begins it there once more when it breaks off before the first event. */
function announced(source: SubgraphStream): SubgraphStream {
  const { since } = source
  if (since === undefined) return source
  let said = false
  const stream: SubgraphStream = {
    async next() {
      if (said) return source.next()
      said = true
      return { done: false, value: { data: null, extensions: { since } } }
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
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
