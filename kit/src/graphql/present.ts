import { GraphQLError, type GraphQLFormattedError } from 'graphql'
import type { Logger } from '../log.ts'
import { isInfrastructureFailure } from '../store/failures.ts'
import { DomainError, errorCodes, isErrorCode, type ErrorCode } from './errors.ts'

/**
 * An error as clients see it: `extensions { code, message, details }`. What is neither a DomainError nor GraphQL's own
 * complaint about the request is a bug of ours: logged whole, shown masked. A failure of the database's is SERVICE_UNAVAILABLE.
 */
export function presentError(error: GraphQLError, log: Logger): GraphQLFormattedError {
  const where = { ...(error.locations && { locations: error.locations }), ...(error.path && { path: error.path }) }
  const cause = domainErrorIn(error)
  if (cause) return { ...where, message: cause.message, extensions: extensionsOf(cause.code, cause.message, cause.details) }
  if (!error.originalError) {
    const code = isErrorCode(error.extensions['code']) ? error.extensions['code'] : 'GRAPHQL_VALIDATION_FAILED'
    return { ...where, message: error.message, extensions: extensionsOf(code, error.message, undefined) }
  }
  // A variable of the wrong type: no resolver has run, so there is no path, and the cause is GraphQL's own.
  if (!error.path && error.originalError instanceof GraphQLError) {
    return { ...where, message: error.message, extensions: extensionsOf('BAD_USER_INPUT', error.message, undefined) }
  }
  log.error({ err: error.originalError, path: error.path }, 'a resolver failed')
  // A database that is away is not a bug: whoever asks may try again.
  const code = isInfrastructureFailure(error.originalError) ? 'SERVICE_UNAVAILABLE' : 'INTERNAL'
  const { message } = errorCodes[code]
  return { ...where, message, extensions: extensionsOf(code, message, undefined) }
}

function domainErrorIn(error: GraphQLError): DomainError | null {
  if (error instanceof DomainError) return error
  return error.originalError instanceof DomainError ? error.originalError : null
}

function extensionsOf(code: ErrorCode, message: string, details: unknown) {
  return { code, message, ...(details !== undefined && { details }) }
}
