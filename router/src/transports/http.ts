import {
  CORRELATION_HEADER,
  correlationId,
  createBoundedCache,
  issuePassport,
  PASSPORT_HEADER,
  systemClock,
  TRACE_HEADER,
  traceparent,
  type Clock,
  type Logger,
  type SubgraphResult,
} from '@stellr/kit'
import { Pool } from 'undici'
import { createBreaker } from './breaker.ts'
import { withDeadline } from './deadline.ts'
import { failedResult, HungUp, SubgraphFailure, SubgraphRefusal } from './failures.ts'
import { proxyRoutes } from './public-routes.ts'
import { openStreamClient } from './stream-client.ts'
import type { SubgraphFetch, SubgraphTransport } from './transport.ts'

export interface HttpTransportOptions {
  /** The subgraph's name, which is also the audience of its passports. */
  name: string
  /** Where its process listens; /graphql is added. */
  url: string
  passportKey: Uint8Array
  /** Milliseconds that a fetch may take, a retry included. */
  timeoutMs: number
  /** How many fetches in a row must fail before no more are sent. */
  breakerFailures: number
  /** Seconds after which one fetch is sent to see whether the subgraph is back. */
  breakerProbeSeconds: number
  log: Logger
  clock?: Clock
}

const MOST_CONNECTIONS = 64
const MOST_OPERATIONS = 2000
// Shorter than any server's own, so that an idle connection is closed from this side: a request never meets a closing one.
const KEEP_ALIVE_MS = 4000
const CONNECTION_FAILURES = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])

/** Reaches a subgraph in another process. Nothing that the client sent as a header goes along: only a passport. */
export function httpTransport(options: HttpTransportOptions): SubgraphTransport {
  const { name, url, passportKey, timeoutMs, log, clock = systemClock } = options
  const { origin } = new URL(url)
  const pool = new Pool(origin, {
    connections: MOST_CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    connect: { timeout: timeoutMs },
  })
  const breaker = createBreaker({ subgraph: name, failures: options.breakerFailures, probeAfterSeconds: options.breakerProbeSeconds, log })
  const streams = openStreamClient({ name, url, passportKey, timeoutMs, log, clock })
  const heads = createBoundedCache<string, string>(MOST_OPERATIONS)

  const bodyOf = ({ operation, operationName, variables }: SubgraphFetch) => {
    let head = heads.get(operation)
    if (head === undefined) {
      head = `{"query":${JSON.stringify(operation)}${operationName ? `,"operationName":${JSON.stringify(operationName)}` : ''},"variables":`
      heads.set(operation, head)
    }
    return `${head}${JSON.stringify(variables)}}`
  }

  const attempt = async ({ viewer, caller }: SubgraphFetch, body: string, signal: AbortSignal): Promise<SubgraphResult> => {
    const headers: Record<string, string> = {
      'content-type': 'application/json',
      accept: 'application/json',
      [PASSPORT_HEADER]: issuePassport(passportKey, { audience: name, viewer, caller, body }, clock.now()),
    }
    const correlation = correlationId()
    if (correlation !== undefined) headers[CORRELATION_HEADER] = correlation
    const trace = traceparent()
    if (trace !== undefined) headers[TRACE_HEADER] = trace
    const response = await pool.request({ method: 'POST', path: '/graphql', headers, body, signal })
    const { statusCode } = response
    // 400 is how a host says that the operation itself is wrong; any other refusal is about us and not about the client.
    if (statusCode !== 200 && statusCode !== 400) {
      await response.body.dump()
      throw new (statusCode < 500 ? SubgraphRefusal : SubgraphFailure)(`answered with status ${statusCode}`)
    }
    const answer: unknown = await response.body.json()
    if (!isResult(answer)) throw new SubgraphFailure('answered something that is not GraphQL')
    return answer
  }

  const send = async (fetch: SubgraphFetch, signal: AbortSignal) => {
    const body = bodyOf(fetch)
    try {
      return await attempt(fetch, body, signal)
    } catch (reason) {
      // Whether a mutation was done before the connection broke cannot be known, so only queries are sent again.
      if (fetch.kind === 'query' && isConnectionFailure(reason) && !signal.aborted) return attempt(fetch, body, signal)
      throw reason
    }
  }

  return {
    name,
    async execute(fetch) {
      try {
        return await breaker(() => withDeadline(timeoutMs, fetch.signal, (signal) => send(fetch, signal).catch(asFailure)))
      } catch (reason) {
        if (!(reason instanceof HungUp)) log.warn({ err: reason, subgraph: name }, 'a fetch failed')
        return failedResult(name, 'SERVICE_UNAVAILABLE', fetch)
      }
    },
    subscribe: (subscription) => streams.subscribe(subscription),
    mount: (app, paths) => proxyRoutes(app, paths, { origin, timeoutMs }),
    async close() {
      await streams.close()
      await pool.close()
    },
  }
}

function asFailure(reason: unknown): never {
  if (reason instanceof SubgraphFailure || reason instanceof SubgraphRefusal || reason instanceof HungUp) throw reason
  throw new SubgraphFailure(reason instanceof Error ? reason.message : String(reason), { cause: reason })
}

function isConnectionFailure(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && typeof reason.code === 'string' && CONNECTION_FAILURES.has(reason.code)
}

function isResult(answer: unknown): answer is SubgraphResult {
  if (typeof answer !== 'object' || answer === null) return false
  return 'data' in answer || ('errors' in answer && Array.isArray(answer.errors))
}
