import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ServerResponse, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { WebSocket, WebSocketServer } from 'ws'

/** A WebSocket handshake that a route may complete. */
export interface Upgrade {
  /** Answers it; what is no proper handshake is refused with 400. The route must have called `reply.hijack()`. */
  complete(server: WebSocketServer, opened: (socket: WebSocket) => void): void
}

const upgrades = new WeakMap<IncomingMessage, Upgrade>()

/** The handshake that a request is; null when it is an ordinary one. */
export function upgradeOf({ raw }: FastifyRequest): Upgrade | null {
  return upgrades.get(raw) ?? null
}

/** Only this leaves HTTP. Some clients offer with each request to go on in HTTP/2, and must be answered as if they had not. */
export function isHandshake({ method, headers }: IncomingMessage): boolean {
  return method === 'GET' && headers.upgrade?.toLowerCase() === 'websocket'
}

/**
 * Has handshakes pass the same hooks and routes as every request, so that a client's address, its correlation id and a
 * refusal are the same for both. A route that knows nothing of sockets answers as ever, and the connection ends.
 */
export function routeUpgrades(app: FastifyInstance): void {
  app.server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    // HTTP has let go of the connection, so an error is nobody else's.
    socket.on('error', () => socket.destroy())
    if (!isHandshake(request)) return socket.destroy()
    const response = new ServerResponse(request)
    response.shouldKeepAlive = false
    response.assignSocket(socket)
    response.once('finish', () => socket.destroySoon())
    upgrades.set(request, {
      complete(server, opened) {
        response.detachSocket(socket)
        server.handleUpgrade(request, socket, head, opened)
      },
    })
    app.routing(request, response)
  })
}
