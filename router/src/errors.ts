import { correlationId, DomainError, errorCodes, isErrorCode, type ErrorCode, type ErrorDetails, type Logger } from '@stellr/kit'
import { HeaderMap } from '@apollo/server'
import { unwrapResolverError } from '@apollo/server/errors'
import { GraphQLError, type GraphQLFormattedError } from 'graphql'

/** An error for the whole request: nothing of it is run, and the HTTP status says so too. */
export function refusal(code: ErrorCode, details?: ErrorDetails, headers: Record<string, string> = {}, message?: string): DomainError {
  const error = new DomainError(code, details, message)
  const all = { ...headers, ...(details && 'retryAfterSeconds' in details && { 'retry-after': String(details.retryAfterSeconds) }) }
  // Apollo Server takes status and headers from this extension and removes it.
  error.extensions['http'] = { status: errorCodes[code].status, headers: new HeaderMap(Object.entries(all)) }
  return error
}

export type ErrorFormat = (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError

/**
 * The one place where errors get the shape that clients see: `extensions { code, message, details, correlationId,
 * service }`. What has no code of ours is a bug: it is logged whole and shown masked.
 */
export function createErrorFormat(log: Logger): ErrorFormat {
  return (formatted, error) => {
    const { code: given, details, service: named, serviceName = named } = formatted.extensions ?? {}
    const code = codeOf(given, error, details, serviceName !== undefined)
    if (code === 'INTERNAL' && given !== 'INTERNAL') {
      log.error({ err: unwrapResolverError(error), path: formatted.path, service: serviceName }, 'an error was masked')
    }
    // Apollo's wording stays where the code does, except that of our own mistakes.
    const message = code === 'INTERNAL' || isTranslated(code, given) ? errorCodes[code].message : withoutValues(formatted.message)
    const id = correlationId()
    return {
      message,
      ...(formatted.locations && { locations: formatted.locations }),
      ...(formatted.path && { path: withoutWildcards(formatted.path) }),
      extensions: {
        code,
        message,
        ...(details !== undefined && code !== 'INTERNAL' && { details }),
        ...(id !== undefined && { correlationId: id }),
        // Which part failed is worth knowing; which part refused is our own affair.
        ...((code === 'SERVICE_UNAVAILABLE' || code === 'INTERNAL') && serviceName !== undefined && { service: serviceName }),
      },
    }
  }
}

function codeOf(given: unknown, error: unknown, details: unknown, fromSubgraph: boolean): ErrorCode {
  if (!isErrorCode(given)) return 'INTERNAL'
  // graphql-js gives up on an operation whose fields it would have to compare too often.
  if (error instanceof GraphQLError && error.message === 'Validation aborted.') return 'OPERATION_TOO_LARGE'
  // The client's operation was validated here: when a subgraph does not understand its part of it, the fault is ours.
  if (fromSubgraph && (given.startsWith('GRAPHQL_') || given === 'BAD_REQUEST')) return 'INTERNAL'
  // A literal of the wrong type is input as much as a variable is; literals.ts has described it.
  if (given === 'GRAPHQL_VALIDATION_FAILED' && details !== undefined) return 'BAD_USER_INPUT'
  if (given === 'BAD_REQUEST') return byStatus[statusOf(error)] ?? given
  return given
}

function isTranslated(code: ErrorCode, given: unknown): boolean {
  return code !== given && (code === 'BAD_USER_INPUT' || code === 'OPERATION_TOO_LARGE')
}

const byStatus: Record<number, ErrorCode> = { 405: 'METHOD_NOT_ALLOWED', 415: 'UNSUPPORTED_MEDIA_TYPE' }

function statusOf(error: unknown): number {
  const http: unknown = error instanceof GraphQLError ? error.extensions['http'] : undefined
  return typeof http === 'object' && http !== null && 'status' in http && typeof http.status === 'number' ? http.status : 0
}

/** A syntax error quotes the token it stumbled over, which may be a password. */
function withoutValues(message: string): string {
  return message.replace(/^(Syntax Error: .*\b(?:String|BlockString)) ".*"/s, '$1')
}

/** The gateway marks "each item of this list" with an @ when a whole fetch failed: the path ends at the list then. */
function withoutWildcards(path: readonly (string | number)[]): readonly (string | number)[] {
  const wildcard = path.indexOf('@')
  return wildcard === -1 ? path : path.slice(0, wildcard)
}
