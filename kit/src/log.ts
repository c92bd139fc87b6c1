import { AsyncLocalStorage } from 'node:async_hooks'
import { pino, type DestinationStream, type Logger } from 'pino'

export type { Logger } from 'pino'

const correlations = new AsyncLocalStorage<string>()

/** Runs `work` so that everything it logs, asks of other services and publishes carries this correlation id. */
export function correlated<T>(id: string, work: () => T): T {
  return correlations.run(id, work)
}

/** The correlation id of the request or event being worked on, if any. */
export function correlationId(): string | undefined {
  return correlations.getStore()
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

/** A JSON logger (pino) that adds the correlation id to every line and never writes secret fields. */
export function createLogger({ name, level, destination }: LogOptions): Logger {
  return pino(
    {
      name,
      level,
      base: { name },
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: { paths: redact, censor: '[secret]' },
      mixin: () => {
        const id = correlationId()
        return id === undefined ? {} : { correlationId: id }
      },
    },
    destination ?? pino.destination({ fd: 1, sync: false }),
  )
}
