import type { Logger } from '@stellr/kit'
import { Stripe } from 'stripe'
import { z } from 'zod'
import { ProviderRefused, ProviderUnavailable, WebhookRefused } from '../provider.ts'

// Less than the router gives a subgraph, so that who waits is told by us.
const DEADLINE_MS = 4000
// Nobody waits for lists, and a page of them holds a hundred payments.
const PAGE_DEADLINE_MS = 8000
export const forPages = { timeout: 7000 }

/**
 * What becomes of asking Stripe: its answer in time, ProviderRefused when it has decided, or else ProviderUnavailable. Neither error
 * carries what was sent or answered: that may hold secrets.
 */
export async function answerOf<T>(log: Logger, work: () => Promise<T>, deadlineMs = DEADLINE_MS): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new ProviderUnavailable(`Stripe gave no answer in ${deadlineMs} ms`)), deadlineMs)
  })
  try {
    return await Promise.race([work(), late])
  } catch (error) {
    throw translated(error, log)
  } finally {
    clearTimeout(timer)
  }
}

/** The same for each step through a list, whose pages are to be asked for with `forPages`. */
export async function* answersOf<T>(log: Logger, list: AsyncIterable<T>): AsyncIterable<T> {
  const steps = list[Symbol.asyncIterator]()
  for (;;) {
    const step = await answerOf(log, () => steps.next(), PAGE_DEADLINE_MS)
    if (step.done) return
    yield step.value
  }
}

/** Whether Stripe has decided, and does not know what was asked for. */
export function isMissing(error: unknown): boolean {
  return error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'resource_missing'
}

/** Whether Stripe has decided against it, whatever the reason. */
export function isRefusal(error: unknown): error is Stripe.errors.StripeError {
  const isDecided = error instanceof Stripe.errors.StripeInvalidRequestError || error instanceof Stripe.errors.StripeCardError
  return isDecided && decides.includes(error.rawType ?? '') && !passing.includes(error.code ?? '')
}

const decides = ['invalid_request_error', 'card_error']
// It says no, and may say yes later: there is too little money to give back, or another request is at work.
const passing = ['balance_insufficient', 'insufficient_funds', 'lock_timeout', 'rate_limit', 'idempotency_key_in_use']

function translated(error: unknown, log: Logger): Error {
  if (error instanceof ProviderRefused || error instanceof ProviderUnavailable || error instanceof WebhookRefused) return error
  if (isRefusal(error)) return refused(error, log)
  if (error instanceof Stripe.errors.StripeError) return unavailable(error, log)
  if (error instanceof z.ZodError) {
    const where = error.issues.map(({ path, code }) => `${path.join('.')} (${code})`).join(', ')
    log.error({ where }, 'an answer of Stripe cannot be read')
    return new ProviderUnavailable(`an answer of Stripe cannot be read: ${where}`)
  }
  const { name, message } = error instanceof Error ? error : new Error(String(error))
  log.error({ failure: `${name}: ${message}` }, 'an answer of Stripe cannot be taken in')
  return new ProviderUnavailable(`an answer of Stripe cannot be taken in: ${name}`)
}

// What Stripe says of a card is meant for who pays; anything else for developers, who find it in its dashboard by the request's id.
function refused({ code, message, param, rawType, requestId }: Stripe.errors.StripeError, log: Logger): ProviderRefused {
  log.warn({ code, param, requestId }, 'Stripe refuses a request')
  return new ProviderRefused(code ?? rawType ?? 'refused', rawType === 'card_error' ? message : 'The provider does not take this payment.')
}

function unavailable({ type, code, message, statusCode, requestId }: Stripe.errors.StripeError, log: Logger): ProviderUnavailable {
  const isOurs = statusCode === 401 || statusCode === 403
  // It is not this payment that is wrong, and an operator can set it right.
  const right = /\brak_\w+/.exec(message)?.[0]
  if (isOurs) log.error({ statusCode, code, requestId, right }, 'Stripe does not accept the key, or it lacks a right')
  const said = [type, code, statusCode, requestId].filter((part) => part !== undefined && part !== null)
  return new ProviderUnavailable(`Stripe has not answered the question: ${said.join(', ')}`)
}
