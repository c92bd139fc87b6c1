import type { ApolloServer } from '@apollo/server'
import { fastifyApolloHandler } from '@as-integrations/fastify'
import { DomainError, type Caller } from '@stellr/kit'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Identity } from '../identity/identity.ts'
import type { RequestContext } from '../request-context.ts'

export interface EndpointOptions {
  apollo: ApolloServer<RequestContext>
  identity: Identity
  callerOf(request: FastifyRequest): Caller
  /** Throws when an operation's text is larger than allowed. */
  checkLimits(text: string): void
  /** Takes over a request that is the handshake of a socket. */
  openSocket(request: FastifyRequest, reply: FastifyReply): void
}

/** Puts the one endpoint on the app: /graphql, whatever the method, so that Apollo Server refuses the wrong ones itself. */
export function mountEndpoint(app: FastifyInstance, { apollo, identity, callerOf, checkLimits, openSocket }: EndpointOptions): void {
  const context = async (request: FastifyRequest, reply: FastifyReply): Promise<RequestContext> => {
    const viewer = await identity.viewerOf(request.headers.authorization)
    const text = operationText(request)
    if (text !== null) checkLimits(text)
    return {
      viewer,
      caller: callerOf(request),
      signal: hangUpOf(reply),
    }
  }
  app.route({
    method: ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'],
    url: '/graphql',
    onRequest: async (request, reply) => {
      openSocket(request, reply)
      if (reply.sent) return
      // Every answer may be about the person who asks.
      void reply.header('cache-control', 'no-store')
      // Bodies are not unpacked, so that a small one cannot become a large one.
      const encoding = request.headers['content-encoding'] ?? 'identity'
      if (encoding !== 'identity') throw new DomainError('UNSUPPORTED_MEDIA_TYPE')
    },
    handler: fastifyApolloHandler(apollo, { context }),
  })
}

/** The text that Apollo Server will run, read from where it reads it; null when it will refuse the request anyway. */
function operationText({ method, body, url }: FastifyRequest): string | null {
  if (method === 'POST') {
    return typeof body === 'object' && body !== null && 'query' in body && typeof body.query === 'string' ? body.query : null
  }
  const start = url.indexOf('?')
  return start === -1 ? null : new URLSearchParams(url.slice(start)).get('query')
}

function hangUpOf({ raw }: FastifyReply): AbortSignal {
  const controller = new AbortController()
  raw.once('close', () => {
    if (!raw.writableFinished) controller.abort()
  })
  return controller.signal
}
