import type { Caller } from '@stellr/kit'
import type { FastifyRequest } from 'fastify'

// Between processes it travels in the passport, a header, which Node takes 16 KiB of at most with all the others.
const LONGEST_USER_AGENT = 200

/** Where a request, or the handshake of a socket, came from. */
export function callerOf({ ip, headers }: FastifyRequest): Caller {
  return { ipAddress: ip, userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null }
}
