import { randomBytes } from 'node:crypto'

/** The header, and the attribute of an event, that carry a trace context (W3C Trace Context, section 3.2). */
export const TRACE_HEADER = 'traceparent'

/**
 * The trace context of work that somebody else has begun: the same trace, a span id of its own, and the word on whether it
 * is sampled. What is missing or malformed begins a new trace, which is sampled: our log lines record it. `tracestate` is
 * not carried on: it is a stranger's text, and events are kept for long.
 */
export function continueTrace(given: unknown): string {
  const parts = typeof given === 'string' ? WELL_FORMED.exec(given)?.groups : undefined
  const { version, trace = '', span = '', flags = '', more } = parts ?? {}
  const usable = parts && version !== 'ff' && !(version === '00' && more !== undefined) && !ZEROS.test(trace) && !ZEROS.test(span)
  if (!usable) return `00-${randomId(16)}-${randomId(8)}-01`
  return `00-${trace}-${randomId(8)}-0${Number.parseInt(flags, 16) & SAMPLED}`
}

/** The trace that a trace context belongs to: 32 hexadecimal digits. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(3, 35)
}

// A version that is not known yet may say more, after another hyphen.
const WELL_FORMED = /^(?<version>[\da-f]{2})-(?<trace>[\da-f]{32})-(?<span>[\da-f]{16})-(?<flags>[\da-f]{2})(?<more>-.*)?$/
const ZEROS = /^0+$/
const SAMPLED = 1

function randomId(bytes: number): string {
  return randomBytes(bytes).toString('hex')
}
