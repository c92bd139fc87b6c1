import { WebSocket } from 'ws'

export interface RawSocket {
  /** Everything that has come so far, parsed. */
  received: Message[]
  /** An object is sent as JSON, anything else as it is. */
  send(frame: object | string | Buffer): void
  /** The next message that nobody has been given yet. Rejects when the socket closes first. */
  next(): Promise<Message>
  /** How it was closed. */
  closed: Promise<{ code: number; reason: string }>
  close(code?: number): void
  /** Ends it without a word. */
  drop(): void
  socket: WebSocket
}

export interface Message {
  type: string
  id?: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever came
  payload?: any
}

export interface RawSocketOptions {
  protocols?: string | string[]
  headers?: Record<string, string>
  autoPong?: boolean
}

/** A client that does what it is told and nothing else, however wrong. Rejects with the status of a refused handshake. */
export async function openRawSocket(url: string, options: RawSocketOptions = {}): Promise<RawSocket> {
  const { protocols = 'graphql-transport-ws', headers = {}, autoPong = true } = options
  const socket = new WebSocket(url.replace(/^http/, 'ws'), protocols, { headers, autoPong })
  const received: Message[] = []
  let given = 0
  let waiting: PromiseWithResolvers<Message>[] = []
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
      for (const { reject } of waiting) reject(new Error(`closed with ${code} ${reason.toString()}`))
      waiting = []
    })
  })
  socket.on('message', (data) => {
    const message: Message = JSON.parse(String(data))
    received.push(message)
    const first = waiting.shift()
    if (!first) return
    given += 1
    first.resolve(message)
  })
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
    socket.once('unexpected-response', (_request, response) => {
      reject(new Error(`handshake refused with ${response.statusCode}`))
      socket.terminate()
    })
  })
  socket.on('error', () => undefined)
  return {
    received,
    send: (frame) => socket.send(typeof frame === 'string' || Buffer.isBuffer(frame) ? frame : JSON.stringify(frame)),
    async next() {
      const message = received[given]
      if (message) {
        given += 1
        return message
      }
      if (socket.readyState !== socket.OPEN) throw new Error('the socket is closed')
      const wait = Promise.withResolvers<Message>()
      waiting.push(wait)
      return wait.promise
    },
    closed,
    close: (code) => socket.close(code),
    drop: () => socket.terminate(),
    socket,
  }
}
