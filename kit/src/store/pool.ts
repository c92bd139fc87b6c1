import { channel } from 'node:diagnostics_channel'
import pg from 'pg'
import { correlationId, type Logger } from '../log.ts'

/** What is announced on the diagnostics channel `stellr:sql` for every statement that is sent. */
export interface SqlMessage {
  database: string
  text: string
  /** Of the request or event that it is sent for; what the platform does by itself has none. */
  correlationId: string | undefined
}

export interface PoolOptions {
  /** How the database is called in logs and announcements. */
  name: string
  url: string
  size: number
  /** How long to wait for a connection before giving up. */
  waitMs?: number
  /** After how long Postgres ends a statement. */
  statementTimeoutMs?: number
  /** After how long Postgres ends a session that holds a transaction open and says nothing. */
  idleInTransactionTimeoutMs?: number
  log: Logger
}

/** A bounded pool whose every wait is bounded too, and which outlives restarts of its server. */
export function openPool(options: PoolOptions): pg.Pool {
  const { name, url, size, waitMs = 5_000, statementTimeoutMs = 10_000, idleInTransactionTimeoutMs = 20_000, log } = options
  const pool = new pg.Pool({
    connectionString: url,
    max: size,
    application_name: `stellr ${name}`,
    connectionTimeoutMillis: waitMs,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: statementTimeoutMs,
    idle_in_transaction_session_timeout: idleInTransactionTimeoutMs,
    // Postgres answers before this unless it cannot be heard at all.
    query_timeout: statementTimeoutMs + 5_000,
  })
  pool.on('error', (error) => {
    // Ending a pool does not wait for its connections: the server may be stopped before it has read their good-bye.
    if (!pool.ending) log.warn({ err: error, database: name }, 'an idle database connection broke')
  })
  pool.on('connect', (client) => {
    // The pool listens only to idle connections: without this one, a connection that breaks while lent would end the process.
    client.on('error', (error) => log.debug({ err: error, database: name }, 'a database connection broke'))
    client.query = new Proxy(client.query, {
      apply(query, self, args) {
        announce(name, args[0])
        return Reflect.apply(query, self, args)
      },
    })
  })
  return pool
}

/** A connection like those of `pool`, but outside of it, for LISTEN. */
export function connectionLike(pool: pg.Pool): pg.Client {
  const { connectionString, connectionTimeoutMillis, application_name } = pool.options
  return new pg.Client({ connectionString, connectionTimeoutMillis, application_name, keepAlive: true })
}

const statements = channel('stellr:sql')

function announce(database: string, statement: unknown): void {
  if (!statements.hasSubscribers) return
  const text: unknown = typeof statement === 'object' && statement !== null ? Reflect.get(statement, 'text') : statement
  if (typeof text === 'string') statements.publish({ database, text, correlationId: correlationId() } satisfies SqlMessage)
}
