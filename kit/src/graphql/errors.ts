import { GraphQLError } from 'graphql'

/**
 * Every error code that a client can meet, with the HTTP status that the REST face and whole-request refusals use,
 * and the message unless a better one is known. Add here, then run `pnpm generate` for docs/errors.md.
 */
export const errorCodes = {
  UNAUTHENTICATED: { status: 401, message: 'Sign in to do this.' },
  FORBIDDEN: { status: 403, message: 'You are not allowed to do this.' },
  ACCOUNT_BLOCKED: { status: 403, message: 'This account is blocked.' },
  NOT_FOUND: { status: 404, message: 'There is no such thing, or you may not see it.' },
  BAD_USER_INPUT: { status: 400, message: 'Some of the input is not acceptable; see details.' },
  EMAIL_TAKEN: { status: 409, message: 'This e-mail address already has an account.' },
  USERNAME_TAKEN: { status: 409, message: 'This username is taken.' },
  COURSE_NOT_OPEN: { status: 409, message: 'This course is not open to new learners.' },
  NOT_ENROLLED: { status: 403, message: 'This is for those who are enrolled in the course.' },
  LESSON_LOCKED: { status: 409, message: 'Other lessons must be completed first; see details.' },
  ALREADY_PAID: { status: 409, message: 'This is paid for already.' },
  IDEMPOTENCY_CONFLICT: { status: 409, message: 'This idempotency key came with another input before.' },
  PAYMENT_REFUSED: { status: 402, message: 'The payment provider does not take this; see details.' },
  REFUND_TOO_LARGE: { status: 409, message: 'That is more than is left of this payment; see details.' },
  PROVIDER_UNAVAILABLE: { status: 503, message: 'The payment provider does not answer right now. Send the same again.' },
  CONFLICT: { status: 409, message: 'The present state does not allow this.' },
  RESYNC_REQUIRED: { status: 410, message: 'What happened since then is no longer kept: ask for the present state and go on from there.' },
  LINK_EXPIRED: { status: 410, message: 'This address is good no longer: ask for a new one.' },
  RATE_LIMITED: { status: 429, message: 'Too many attempts; wait a little.' },
  SERVICE_UNAVAILABLE: { status: 503, message: 'A part of the platform does not answer right now.' },
  INTERNAL: { status: 500, message: 'Something went wrong on our side.' },
  GRAPHQL_PARSE_FAILED: { status: 400, message: 'The document is not GraphQL.' },
  GRAPHQL_VALIDATION_FAILED: { status: 400, message: 'The operation does not fit the schema.' },
  OPERATION_RESOLUTION_FAILURE: { status: 400, message: 'The document does not say which operation to run.' },
  OPERATION_TOO_LARGE: { status: 400, message: 'The operation is larger than the limits allow; see details.' },
  SUBSCRIPTION_NEEDS_SOCKET: { status: 400, message: 'Subscriptions are served over WebSocket, by graphql-transport-ws.' },
  TOO_MANY_OPERATIONS: { status: 429, message: 'This socket has as many operations under way as it may have.' },
  BAD_REQUEST: { status: 400, message: 'The request is malformed.' },
  PAYLOAD_TOO_LARGE: { status: 413, message: 'The request is too large.' },
  METHOD_NOT_ALLOWED: { status: 405, message: 'This method is not allowed here.' },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, message: 'Send application/json.' },
  PERSISTED_QUERY_NOT_FOUND: { status: 404, message: 'This operation is not known.' },
  PERSISTED_QUERY_NOT_SUPPORTED: { status: 400, message: 'Persisted queries are not in use.' },
} as const satisfies Record<string, { status: number; message: string }>

export type ErrorCode = keyof typeof errorCodes

/** What is wrong with one part of an input. */
export interface InputProblem {
  /** Where, from the argument down: `input.email`. */
  path: string
  /** Which rule it breaks, such as `too_big` or `invalid_format`. */
  rule: string
  /** What is allowed, in words. */
  message: string
}

export type ErrorDetails = Record<string, unknown> | InputProblem[]

/** Something that a user can cause and act upon. Anything else that is thrown is a bug of ours and is masked. */
export class DomainError extends GraphQLError {
  readonly code: ErrorCode
  readonly details: ErrorDetails | undefined

  constructor(code: ErrorCode, details?: ErrorDetails, message: string = errorCodes[code].message) {
    super(message, { extensions: { code, message, ...(details && { details }) } })
    this.name = 'DomainError'
    this.code = code
    this.details = details
  }
}

export function isErrorCode(code: unknown): code is ErrorCode {
  return typeof code === 'string' && Object.hasOwn(errorCodes, code)
}
