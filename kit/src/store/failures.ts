/**
 * The name of the unique index (or constraint) that `error` says was violated, or null when it is something else.
 * Understands Prisma's P2002 (models) and P2010 (raw SQL), and node-postgres. Catch it outside of the transaction:
 * inside, Postgres refuses everything that follows.
 */
export function uniqueViolation(error: unknown): string | null {
  const cause = driverCause(error)
  if (cause.originalCode === '23505') return field(field(cause, 'constraint'), 'index', isString) ?? null
  return field(error, 'code', isString) === '23505' ? (field(error, 'constraint', isString) ?? null) : null
}

/**
 * Whether `error` is about the database or the way to it, not about what was asked: a lost connection, a restart, a
 * deadlock, a write conflict, exhausted resources, a transaction that could not begin or lasted too long. The same work
 * may succeed a moment later.
 */
export function isInfrastructureFailure(error: unknown): boolean {
  const state = sqlState(error)
  if (state !== undefined) return transientClasses.includes(state.slice(0, 2)) || transientStates.includes(state)
  const { kind } = driverCause(error)
  if (kind !== undefined && transientKinds.includes(kind)) return true
  const code = field(error, 'code', isString)
  if (code !== undefined && (transientPrismaCodes.includes(code) || transientSystemCodes.includes(code))) return true
  const message = error instanceof Error ? error.message : ''
  return lostConnection.test(message) || (error instanceof Error && error.cause !== undefined && isInfrastructureFailure(error.cause))
}

/**
 * Whether a transaction that had begun was ended by Prisma, which is so when it lasted too long. Whoever works alone on
 * something for ever must tell this from the rest: slow may be the database, or the work itself.
 */
export function isTransactionCutShort(error: unknown): boolean {
  return field(error, 'code', isString) === 'P2028' && !(error instanceof Error && neverBegan.test(error.message))
}

/** The SQLSTATE that Postgres answered, through Prisma or not. */
export function sqlState(error: unknown): string | undefined {
  const { originalCode } = driverCause(error)
  if (originalCode !== undefined) return originalCode
  const code = field(error, 'code', isString)
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^P[12]\d{3}$/.test(code) && field(error, 'severity') !== undefined
    ? code
    : undefined
}

/** What went wrong in one line, with the words of Postgres where Prisma leaves them out. */
export function describeFailure(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const { originalMessage } = driverCause(error)
  const words = `${error.name}: ${error.message}`.replaceAll(/\s+/g, ' ')
  return originalMessage === undefined || words.includes(originalMessage) ? words : `${words} (${originalMessage})`
}

// SQLSTATE, appendix A of the PostgreSQL manual: connection exceptions, insufficient resources, operator intervention.
const transientClasses = ['08', '53']
// Serialization failure, deadlock, lock not available, read-only (a standby after a failover), idle in transaction,
// shutdown, crash, starting up, dropped, idle session.
const transientStates = ['40001', '40P01', '55P03', '25006', '25P03', '57P01', '57P02', '57P03', '57P04', '57P05']
// What Prisma's driver adapter calls failures that have no SQLSTATE, as at COMMIT.
const transientKinds = ['ConnectionClosed', 'DatabaseNotReachable', 'SocketTimeout', 'TooManyConnections', 'TransactionWriteConflict']
// Unreachable, timed out, closed, no connection free, transaction not begun or cut short, write conflict, too many connections.
const transientPrismaCodes = ['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']
const transientSystemCodes = ['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']
const lostConnection =
  /Connection terminated|Connection ended|not queryable|after calling end on the pool|timeout exceeded when trying to connect|Query read timeout/
const neverBegan = /Unable to start a transaction/

// How Prisma passes on what the driver said: error.meta.driverAdapterError.cause.
function driverCause(error: unknown) {
  const cause =
    field(field(field(error, 'meta'), 'driverAdapterError'), 'cause') ??
    (field(error, 'name') === 'DriverAdapterError' ? field(error, 'cause') : undefined)
  return {
    kind: field(cause, 'kind', isString),
    originalCode: field(cause, 'originalCode', isString),
    originalMessage: field(cause, 'originalMessage', isString),
    constraint: field(cause, 'constraint'),
  }
}

function field(value: unknown, name: string): unknown
function field<T>(value: unknown, name: string, check: (found: unknown) => found is T): T | undefined
function field(value: unknown, name: string, check: (found: unknown) => boolean = () => true): unknown {
  if (typeof value !== 'object' || value === null || !(name in value)) return undefined
  const found: unknown = Reflect.get(value, name)
  return check(found) ? found : undefined
}

function isString(value: unknown): value is string {
  return typeof value === 'string'
}
