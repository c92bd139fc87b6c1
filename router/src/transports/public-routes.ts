import { CORRELATION_HEADER, DomainError, TRACE_HEADER, traceparent } from '@stellr/kit'
import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance } from 'fastify'

export interface ProxyOptions {
  /** Where the domain's process listens. */
  origin: string
  /** Milliseconds that the domain may take. */
  timeoutMs: number
}

/** Passes exactly these paths on to a domain's process, without whatever identifies a client to the router. */
export async function proxyRoutes(app: FastifyInstance, paths: readonly string[], { origin, timeoutMs }: ProxyOptions): Promise<void> {
  for (const path of paths) {
    await app.register(httpProxy, {
      upstream: origin,
      prefix: path,
      rewritePrefix: path,
      routes: ['/'],
      disableRequestLogging: true,
      maxRetriesOn503: 0,
      undici: { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, connect: { timeout: timeoutMs } },
      replyOptions: {
        rewriteRequestHeaders: (request, headers) => ({
          ...Object.fromEntries(Object.entries(headers).filter(([name]) => !identifies(name))),
          'x-forwarded-for': request.ip,
          [CORRELATION_HEADER]: request.id,
          ...traceHeader(),
        }),
        // The stock answer names the address that did not answer.
        onError: (reply) => {
          void reply.send(new DomainError('SERVICE_UNAVAILABLE'))
        },
      },
    })
  }
}

function traceHeader(): Record<string, string> {
  const trace = traceparent()
  return trace === undefined ? {} : { [TRACE_HEADER]: trace }
}

function identifies(header: string): boolean {
  return ['authorization', 'cookie', 'forwarded', 'tracestate'].includes(header) || /^x-(?:stellr|forwarded)-/.test(header)
}
