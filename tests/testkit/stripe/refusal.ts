/** An answer of Stripe's that says no. */
export class Refusal extends Error {
  override name = 'Refusal'
  readonly status: number
  readonly error: { type: string; code?: string; message: string; param?: string; decline_code?: string; [more: string]: unknown }

  constructor(status: number, error: Refusal['error']) {
    super(error.message)
    this.status = status
    this.error = error
  }
}

export function invalid(message: string, code?: string, param?: string): Refusal {
  return new Refusal(400, { type: 'invalid_request_error', message, ...(code && { code }), ...(param && { param }) })
}

export function missing(kind: string, id: string): Refusal {
  return new Refusal(404, { type: 'invalid_request_error', code: 'resource_missing', message: `No such ${kind}: '${id}'`, param: 'id' })
}
