import { CloseCode, GRAPHQL_TRANSPORT_WS_PROTOCOL } from 'graphql-ws'
import { WebSocketServer, type RawData, type WebSocket } from 'ws'
import type { Upgrade } from '../http/upgrades.ts'
import { openConnection, type Connection, type ConnectionOptions, type Farewell, type SocketOperation } from './connection.ts'

export interface SocketLimits {
  /** Largest message in bytes; a larger one closes the socket with 1009. */
  maxMessageBytes: number
  /** Messages, pings and pongs that a client may send in one second; one more closes the socket with 1008. */
  maxMessagesPerSecond: number
  /** Milliseconds within which connection_init must come (4408). */
  initWithinMs: number
  /** Milliseconds after the last sign of life until a ping is sent. */
  pingAfterMs: number
  /** Milliseconds that a pong may take, or the socket is dropped. */
  pongWithinMs: number
  /** Milliseconds that a client may leave what was sent unread, or the socket is dropped. */
  unreadForMs: number
  /** Bytes that may wait to be read when a client sends something more; the socket is dropped when there are more. */
  maxUnreadBytes: number
}

export interface SocketServerOptions<Session> {
  limits: SocketLimits
  connect(session: Session, payload: Readonly<Record<string, unknown>>): Promise<Farewell | null>
  run(session: Session, operation: SocketOperation, connection: Connection): ReturnType<ConnectionOptions['run']>
  present: ConnectionOptions['present']
  /** What somebody who is let in is told with the acknowledgement. */
  acknowledgement?(session: Session): Readonly<Record<string, unknown>>
  onPing?(session: Session, payload: Readonly<Record<string, unknown>>): void
  /** Asked of every socket twice a second; whoever may not stay is told so. */
  judge?(session: Session): Farewell | null
  onOpen?(session: Session): void
  /** A socket is gone, with the code that it was closed with (1006: without one). */
  onClose?(session: Session, code: number): void
}

/** Sockets that speak graphql-transport-ws. */
export interface SocketServer<Session> {
  /** How many are open or being opened. */
  readonly size: number
  /** How many of them have not been let in yet. */
  readonly waiting: number
  /** Completes a handshake. */
  accept(upgrade: Upgrade, session: Session): void
  /** Tells everybody goodbye, waits until they are gone (at most `withinMs`), and drops who is not. */
  close(farewell: Farewell, withinMs?: number): Promise<void>
}

interface Socket<Session> {
  socket: WebSocket
  session: Session
  connection: Connection
  openedAt: number
  /** When the client last sent anything. */
  heardAt: number
  /** When it was asked for a sign of life; 0 when it was not. */
  pingedAt: number
  /** Frames that have not left this process. */
  unsent: number
  /** When the first of them was handed over, or the one before it left. */
  movedAt: number
  messages: number
  secondBegan: number
}

const LOOK_EVERY_MS = 500
const GOODBYE_TAKES_MS = 2000
// Whoever does not answer a close frame would be kept for half a minute.
const notTypedYet = { closeTimeout: GOODBYE_TAKES_MS }
const SECOND_MS = 1000

/**
 * Makes a server for sockets whose handshakes come from an HTTP host. One timer looks after all sockets: signs of life, what
 * is not read, who may not stay; a socket that only listens costs no timer of its own.
 */
export function createSocketServer<Session>(options: SocketServerOptions<Session>): SocketServer<Session> {
  const { limits, judge, onOpen, onClose } = options
  const sockets = new Set<Socket<Session>>()
  const handshakes = new WebSocketServer({
    ...notTypedYet,
    noServer: true,
    clientTracking: false,
    maxPayload: limits.maxMessageBytes,
    // A socket with compression costs three times the memory, and small messages gain nothing.
    perMessageDeflate: false,
    // Who speaks another protocol is let in to be told so by a close code, which a refused handshake cannot carry.
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : ([...offered][0] ?? false)),
  })
  let closing: Farewell | null = null

  const opened = (socket: WebSocket, session: Session) => {
    const now = Date.now()
    const send = (text: string) =>
      new Promise<void>((resolve) => {
        if (socket.readyState !== socket.OPEN) {
          // Or a long replay would run on to its end, at once and for nobody.
          connection.end()
          return resolve()
        }
        if (entry.unsent++ === 0) entry.movedAt = Date.now()
        socket.send(text, () => {
          entry.unsent -= 1
          entry.movedAt = Date.now()
          resolve()
        })
      })
    const close = ({ code, reason }: Farewell) => {
      connection.end()
      socket.close(code, reason)
    }
    const connection = openConnection({
      send,
      close,
      present: options.present,
      connect: (payload) => options.connect(session, payload),
      run: (operation) => options.run(session, operation, connection),
      acknowledgement: options.acknowledgement?.(session),
      onPing: (payload) => options.onPing?.(session, payload),
    })
    const entry: Socket<Session> = {
      socket,
      session,
      connection,
      openedAt: now,
      heardAt: now,
      pingedAt: 0,
      unsent: 0,
      movedAt: now,
      messages: 0,
      secondBegan: now,
    }
    sockets.add(entry)
    onOpen?.(session)
    const mayGoOn = () => {
      entry.heardAt = Date.now()
      entry.pingedAt = 0
      // Whoever reads a little now and then while sending much would have the answers pile up here.
      if (socket.bufferedAmount > limits.maxUnreadBytes) {
        drop(entry)
        return false
      }
      if (entry.heardAt - entry.secondBegan >= SECOND_MS) {
        entry.secondBegan = entry.heardAt
        entry.messages = 0
      }
      entry.messages += 1
      if (entry.messages <= limits.maxMessagesPerSecond) return true
      close({ code: 1008, reason: 'Too many messages' })
      return false
    }
    socket.on('message', (data, isBinary) => {
      if (socket.readyState !== socket.OPEN || !mayGoOn()) return
      if (isBinary) close({ code: CloseCode.BadRequest, reason: 'Invalid message received' })
      else connection.receive(textOf(data))
    })
    socket.on('ping', mayGoOn)
    socket.on('pong', mayGoOn)
    // A broken frame: ws has closed the socket with the code for it.
    socket.on('error', () => undefined)
    socket.once('close', (code) => {
      sockets.delete(entry)
      connection.end()
      onClose?.(session, code)
    })
    if (closing) return close(closing)
    if (socket.protocol !== GRAPHQL_TRANSPORT_WS_PROTOCOL) {
      close({ code: CloseCode.SubprotocolNotAcceptable, reason: 'Subprotocol not acceptable' })
    }
  }

  // Without a close frame, which would wait behind what is not read.
  const drop = ({ socket, connection }: Socket<Session>) => {
    connection.end()
    socket.terminate()
  }
  const lookAfter = (entry: Socket<Session>, now: number) => {
    const { socket, session, connection } = entry
    if (socket.readyState !== socket.OPEN) return
    const unread = entry.unsent > 0 && now - entry.movedAt > limits.unreadForMs
    const silent = entry.pingedAt > 0 && now - entry.pingedAt > limits.pongWithinMs
    if (unread || silent) return drop(entry)
    if (connection.state === 'waiting' && now - entry.openedAt >= limits.initWithinMs) {
      return socket.close(CloseCode.ConnectionInitialisationTimeout, 'Connection initialisation timeout')
    }
    const farewell = judge?.(session)
    if (farewell) {
      connection.end()
      return socket.close(farewell.code, farewell.reason)
    }
    if (entry.pingedAt === 0 && now - entry.heardAt > limits.pingAfterMs) {
      entry.pingedAt = now
      socket.ping()
    }
  }
  const timer = setInterval(() => {
    const now = Date.now()
    for (const entry of sockets) lookAfter(entry, now)
  }, LOOK_EVERY_MS)
  timer.unref()

  return {
    get size() {
      return sockets.size
    },
    get waiting() {
      let count = 0
      for (const { connection } of sockets) if (connection.state !== 'ready') count += 1
      return count
    },
    accept: (upgrade, session) => upgrade.complete(handshakes, (socket) => opened(socket, session)),
    async close(farewell, withinMs = GOODBYE_TAKES_MS) {
      closing = farewell
      clearInterval(timer)
      const gone = [...sockets].map(({ socket, connection }) => {
        const { promise, resolve } = Promise.withResolvers<void>()
        socket.once('close', () => resolve())
        connection.end()
        socket.close(farewell.code, farewell.reason)
        return promise
      })
      const late = setTimeout(() => {
        for (const { socket } of sockets) socket.terminate()
      }, withinMs)
      await Promise.all(gone)
      clearTimeout(late)
    },
  }
}

function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8')
  return (data instanceof ArrayBuffer ? Buffer.from(data) : data).toString('utf8')
}
