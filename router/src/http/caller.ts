import type { Caller } from '@stellr/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { RouterSettings } from '../settings.ts'

// Between processes it travels in the passport, a header, which Node takes 16 KiB of at most with all the others.
const LONGEST_USER_AGENT = 200

/**
 * Tells where a request, or the handshake of a socket, came from. The public address is the operator's word or where the app
 * listens: what a client writes into Host may lead anywhere.
 */
export function createCallerOf(app: FastifyInstance, settings: Pick<RouterSettings, 'publicUrl'>): (request: FastifyRequest) => Caller {
  let publicUrl = settings.publicUrl?.replace(/\/+$/, '')
  app.addHook('onListen', async () => {
    publicUrl ??= app.listeningOrigin
  })
  return ({ ip, headers }) => ({
    ipAddress: ip,
    userAgent: headers['user-agent']?.slice(0, LONGEST_USER_AGENT) ?? null,
    publicUrl,
  })
}
