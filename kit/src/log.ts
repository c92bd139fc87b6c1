import { AsyncLocalStorage } from 'node:async_hooks'
import { pino, type DestinationStream, type Logger } from 'pino'
import { continueTrace, traceIdOf } from './trace.ts'

export type { Logger } from 'pino'

const origins = new AsyncLocalStorage<{ correlationId: string; traceparent: string }>()

/**
 * Runs `work` so that everything it logs, asks of other services and publishes carries this correlation id, and continues
 * the trace of `parent`: by default, of what is being worked on already.
 */
export function correlated<T>(id: string, work: () => T, parent: unknown = traceparent()): T {
  return origins.run({ correlationId: id, traceparent: continueTrace(parent) }, work)
}

/** The correlation id of the request or event being worked on, if any. */
export function correlationId(): string | undefined {
  return origins.getStore()?.correlationId
}

/** The trace context of the request or event being worked on, if any, as it is handed on (W3C Trace Context). */
export function traceparent(): string | undefined {
  return origins.getStore()?.traceparent
}

const secretFields = ['password', 'currentPassword', 'newPassword', 'accessToken', 'refreshToken', 'authorization', 'cookie', 'passport']
const redact = secretFields.flatMap((field) => [field, `*.${field}`, `*.*.${field}`, `*.*.*.${field}`])

export interface LogOptions {
  /** Which service speaks. */
  name: string
  /** trace, debug, info, warn, error, fatal or silent. */
  level: string
  /** Where lines go; standard output unless a test listens. */
  destination?: DestinationStream
}

/** A JSON logger (pino) that adds the correlation id and the trace id to every line and never writes secret fields. */
export function createLogger({ name, level, destination }: LogOptions): Logger {
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redact, censor: '[secret]' },
      mixin: () => {
        const origin = origins.getStore()
        return origin ? { correlationId: origin.correlationId, traceId: traceIdOf(origin.traceparent) } : {}
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  )
}
