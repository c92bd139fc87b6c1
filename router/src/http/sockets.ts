import type { ApolloServer } from '@apollo/server'
import {
  anonymous,
  ClosesSocket,
  createSocketServer,
  DomainError,
  upgradeOf,
  type Caller,
  type Farewell,
  type SocketOperation,
  type SubgraphResult,
  type SubgraphStream,
} from '@stellr/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { GraphQLError } from 'graphql'
import { refusal, type ErrorFormat } from '../errors.ts'
import type { Proof } from '../identity/access-tokens.ts'
import type { Identity } from '../identity/identity.ts'
import { openSockets, operations, socketsClosed, socketsRefused } from '../metrics.ts'
import type { RequestContext } from '../request-context.ts'
import type { RouterSettings } from '../settings.ts'
import { createTally } from './tally.ts'

export interface SocketOptions {
  apollo: ApolloServer<RequestContext>
  identity: Identity
  callerOf(request: FastifyRequest): Caller
  /** Throws when an operation's text is larger than allowed. */
  checkLimits(text: string): void
  format: ErrorFormat
  settings: RouterSettings
}

/** What is known of the client at the other end of a socket. */
interface Session {
  caller: Caller
  /** Of the handshake; connection_init may say better. */
  authorization: string | undefined
  /** Null for somebody who is not signed in. */
  proof: Proof | null
  gone: boolean
}

/** Told to come back with a new token; a stock client asks for one and does. */
const FORBIDDEN: Farewell = { code: 4403, reason: 'Forbidden' }
const TRY_AGAIN_LATER: Farewell = { code: 1013, reason: 'Try again later' }
const GOING_AWAY: Farewell = { code: 1001, reason: 'Going away' }

/**
 * Serves GraphQL over sockets (graphql-transport-ws) with the same rules, limits and errors as over HTTP: returns what to do
 * with a handshake. Who asks is said by connection_init, or the handshake's own header, and checked again all the time.
 */
export function createSockets(app: FastifyInstance, options: SocketOptions): (request: FastifyRequest, reply: FastifyReply) => void {
  const { apollo, identity, callerOf, checkLimits, format, settings } = options
  const addresses = createTally()
  const people = createTally()
  const stillHolds = ({ proof }: Session) => proof === null || identity.stillHolds(proof)

  const connect = async (session: Session, payload: Readonly<Record<string, unknown>>): Promise<Farewell | null> => {
    const given = payload['authorization'] ?? payload['Authorization'] ?? session.authorization
    session.authorization = undefined
    if (given === undefined || given === null) return null
    if (typeof given !== 'string') return FORBIDDEN
    try {
      const proof = await identity.prove(given)
      if (!proof || session.gone) return null
      if (people.count(proof.viewer.id) >= settings.maxSocketsPerUser) return TRY_AGAIN_LATER
      people.add(proof.viewer.id)
      session.proof = proof
      return null
    } catch (error) {
      if (!(error instanceof DomainError)) throw error
      return error.code === 'SERVICE_UNAVAILABLE' ? TRY_AGAIN_LATER : FORBIDDEN
    }
  }

  const run = async (session: Session, { payload, signal }: SocketOperation): Promise<SubgraphStream | SubgraphResult> => {
    if (!stillHolds(session)) throw new ClosesSocket(FORBIDDEN)
    const { query, operationName, variables, extensions } = payload
    checkLimits(query)
    const live: NonNullable<RequestContext['live']> = { stream: null }
    const { body } = await apollo.executeOperation(
      {
        query,
        ...(operationName && { operationName }),
        ...(variables && { variables }),
        ...(extensions && { extensions }),
      },
      { contextValue: { viewer: session.proof?.viewer ?? anonymous, caller: session.caller, signal, live } },
    )
    if (live.stream) return live.stream
    if (body.kind !== 'single') throw new Error('incremental delivery is not served')
    const { data, errors } = body.singleResult
    return { data, ...(errors && { errors }) }
  }

  const sockets = createSocketServer<Session>({
    limits: {
      maxMessageBytes: settings.maxSocketMessageBytes,
      maxMessagesPerSecond: settings.maxSocketMessagesPerSecond,
      initWithinMs: settings.socketInitMs,
      pingAfterMs: settings.socketPingMs,
      pongWithinMs: settings.socketPongMs,
      unreadForMs: settings.socketUnreadMs,
      maxUnreadBytes: settings.maxSocketUnreadBytes,
    },
    connect,
    async run(session, operation, connection) {
      if (connection.operations > settings.maxSocketOperations)
        throw refusal('TOO_MANY_OPERATIONS', { allowed: settings.maxSocketOperations })
      return run(session, operation)
    },
    present(error) {
      operations.inc({ type: 'unknown', outcome: 'refused' })
      const shown = error instanceof GraphQLError ? error : new GraphQLError('', { originalError: error instanceof Error ? error : null })
      return format(shown.toJSON(), error)
    },
    judge: (session) => (stillHolds(session) ? null : FORBIDDEN),
    onOpen(session) {
      addresses.add(addressOf(session))
      openSockets.set(sockets.size)
    },
    onClose(session, code) {
      session.gone = true
      addresses.remove(addressOf(session))
      if (session.proof) people.remove(session.proof.viewer.id)
      openSockets.set(sockets.size)
      socketsClosed.inc({ code: KNOWN_CODES.has(code) ? code : 'other' })
    },
  })
  app.addHook('preClose', () => sockets.close(GOING_AWAY))

  const admit = ({ ip, headers, host }: FastifyRequest) => {
    if (!isOurs(headers.origin, host, settings.corsOrigins)) throw refused('origin', new DomainError('FORBIDDEN'))
    if (sockets.size >= settings.maxSockets) throw refused('full', new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 5 }))
    const tooMany = new DomainError('RATE_LIMITED', { retryAfterSeconds: 5 })
    if (addresses.count(ip) >= settings.maxSocketsPerAddress) throw refused('address', tooMany)
    if (sockets.waiting >= settings.maxSocketsWaiting) throw refused('waiting', tooMany)
  }
  return (request, reply) => {
    const upgrade = upgradeOf(request)
    if (!upgrade) return
    admit(request)
    reply.hijack()
    sockets.accept(upgrade, { caller: callerOf(request), authorization: request.headers.authorization, proof: null, gone: false })
  }
}

const KNOWN_CODES = new Set([1000, 1001, 1002, 1005, 1006, 1007, 1008, 1009, 1012, 1013, 4400, 4401, 4403, 4406, 4408, 4409, 4429, 4499])

const addressOf = ({ caller }: Session) => caller.ipAddress ?? ''

/** Browsers let any page open a socket anywhere, and say only whose page it is. Programs say nothing. */
function isOurs(origin: string | undefined, host: string, allowed: readonly string[]): boolean {
  if (origin === undefined || allowed.includes(origin)) return true
  return URL.canParse(origin) && new URL(origin).host === host
}

function refused(reason: string, error: DomainError): DomainError {
  socketsRefused.inc({ reason })
  return error
}
