import {
  fastify,
  LogController,
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify'
import { DomainError, errorCodes, type ErrorCode } from '../graphql/errors.ts'
import { PassportError } from '../identity/passports.ts'
import { systemRandom } from '../ids.ts'
import { correlated, type Logger } from '../log.ts'
import { httpDuration } from '../metrics.ts'
import { continueTrace, TRACE_HEADER, traceIdOf } from '../trace.ts'
import type { Readiness } from '../graphql/start-subgraph.ts'
import { isHandshake, routeUpgrades } from './upgrades.ts'

declare module 'fastify' {
  interface FastifyInstance {
    /** From now on it is not ready and every answer ends its connection, while all that comes is served as before. */
    leave(): void
  }
}

/** The header that carries the correlation id of a request, in both directions. */
export const CORRELATION_HEADER = 'x-correlation-id'

const WELL_FORMED = /^[A-Za-z0-9._-]{1,64}$/

export interface HostOptions {
  /** Named in metrics. */
  name: string
  log: Logger
  ready(): Promise<Readiness>
  /** Largest body in bytes. */
  bodyLimit?: number
  /** Addresses of proxies whose X-Forwarded-For is believed; none by default. */
  trustProxy?: boolean | string
  /** Milliseconds that a client may take to send its whole request. */
  requestTimeoutMs?: number
}

/**
 * The HTTP server under every process: correlation ids and traces, our error format, /livez (the process answers), /readyz
 * (it can work), and a close() that finishes what is in flight.
 */
export function createHttpHost(options: HostOptions): FastifyInstance {
  const { name, log, ready, bodyLimit = 1_048_576, trustProxy = false, requestTimeoutMs = 30_000 } = options
  const loggerInstance: FastifyBaseLogger = log
  const app = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit,
    trustProxy,
    requestTimeout: requestTimeoutMs,
    forceCloseConnections: 'idle',
    genReqId: (request) => acceptCorrelationId(request.headers[CORRELATION_HEADER]),
    routerOptions: { maxParamLength: 500 },
    http: { shouldUpgradeCallback: isHandshake },
  })
  routeUpgrades(app)

  const traces = new WeakMap<FastifyRequest, string>()
  // For lines that are written where the async context is not the request's.
  const origin = (request: FastifyRequest) => ({ correlationId: request.id, traceId: traceIdOf(traces.get(request) ?? '') })
  app.addHook('onRequest', (request, reply, done) => {
    void reply.header(CORRELATION_HEADER, request.id)
    traces.set(request, continueTrace(request.headers[TRACE_HEADER]))
    done()
  })
  // The body parser's events run outside of any async context, so the correlation begins after it.
  app.addHook('preValidation', (request, _reply, done) => correlated(request.id, done, traces.get(request)))
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? 'unknown'
    httpDuration.observe({ service: name, route, status: reply.statusCode }, reply.elapsedTime / 1000)
    log.debug({ ...origin(request), method: request.method, route, status: reply.statusCode, ms: reply.elapsedTime }, 'request')
    done()
  })
  // A connection that is busy now would be kept alive after its answer, and would hold up the close for a minute.
  let leaving = false
  app.decorate('leave', () => {
    leaving = true
  })
  app.addHook('preClose', (done) => {
    leaving = true
    done()
  })
  app.addHook('onSend', (_request, reply, _payload, done) => {
    if (leaving) void reply.header('connection', 'close')
    done()
  })
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if (classify(error).code === 'INTERNAL') log.error({ err: error, ...origin(request) }, 'a request failed')
    sendError(error, request, reply)
  })
  app.setNotFoundHandler((request, reply) => sendError(new DomainError('NOT_FOUND'), request, reply))

  app.get('/livez', () => ({ status: 'ok' }))
  app.get('/readyz', async (_request, reply) => {
    const { ok, checks } = leaving ? { ok: false, checks: { process: 'is about to close' } } : await ready()
    return reply.code(ok ? 200 : 503).send({ status: ok ? 'ok' : 'not ready', checks })
  })
  return app
}

/** The client's correlation id when it is well-formed (64 of letters, digits, dot, hyphen, underscore), else a new one. */
export function acceptCorrelationId(given: unknown): string {
  return typeof given === 'string' && WELL_FORMED.test(given) ? given : systemRandom.id()
}

function sendError(error: Error, request: FastifyRequest, reply: FastifyReply): void {
  const { code, message, details } = classify(error)
  const { status } = errorCodes[code]
  const shown = { message, ...(details !== undefined && { details }), correlationId: request.id }
  if (details !== undefined && 'retryAfterSeconds' in details) void reply.header('retry-after', String(details.retryAfterSeconds))
  const isGraphQL = request.url === '/graphql' || request.url.startsWith('/graphql?')
  void reply
    .code(status)
    .header('cache-control', 'no-store')
    .send(isGraphQL ? { errors: [{ message, extensions: { code, ...shown } }] } : { errorCode: code, ...shown })
}

function classify(error: Error): { code: ErrorCode; message: string; details?: DomainError['details'] } {
  if (error instanceof DomainError) return { code: error.code, message: error.message, details: error.details }
  const code = codeOf(error)
  return { code, message: errorCodes[code].message }
}

function codeOf(error: Error): ErrorCode {
  if (error instanceof PassportError) return 'UNAUTHENTICATED'
  const status = 'statusCode' in error ? error.statusCode : undefined
  if (status === 413) return 'PAYLOAD_TOO_LARGE'
  if (status === 415) return 'UNSUPPORTED_MEDIA_TYPE'
  if (typeof status === 'number' && status >= 400 && status < 500) return 'BAD_REQUEST'
  return 'INTERNAL'
}
