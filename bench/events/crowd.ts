import { once } from 'node:events'
import { WebSocket } from 'ws'

/** Something that one socket heard. */
export interface Arrival {
  cursor: string
  /** Between the change, by the clock of the platform, and its arrival here: both are on one machine. */
  latencyMs: number
}

/** Many sockets that listen to the same. */
export interface Crowd {
  /** What each has heard so far. */
  readonly heard: readonly (readonly Arrival[])[]
  /** Forgets what was heard. */
  clear(): void
  close(): Promise<void>
}

/** Opens `count` sockets that each subscribe to `query`, whose one field has a cursor and a time. Hardly costs them anything. */
export async function gather(url: string, count: number, accessToken: string, query: string, variables: object): Promise<Crowd> {
  const heard: Arrival[][] = Array.from({ length: count }, () => [])
  const sockets: WebSocket[] = []
  // Some at a time: whoever has not introduced themselves counts as waiting.
  for (let from = 0; from < count; from += 100) {
    const some = Array.from({ length: Math.min(100, count - from) }, (_, index) =>
      open(url, accessToken, { query, variables }, (arrival) => heard[from + index]?.push(arrival)),
    )
    sockets.push(...(await Promise.all(some)))
  }
  return {
    heard,
    clear() {
      for (const arrivals of heard) arrivals.length = 0
    },
    async close() {
      await Promise.all(
        sockets.map(async (socket) => {
          socket.close(1000)
          await once(socket, 'close')
        }),
      )
    },
  }
}

async function open(url: string, accessToken: string, payload: object, hear: (arrival: Arrival) => void): Promise<WebSocket> {
  const socket = new WebSocket(`${url.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws', { perMessageDeflate: false })
  const { promise: welcome, resolve, reject } = Promise.withResolvers<void>()
  socket.on('error', reject)
  socket.on('close', (code) => reject(new Error(`a socket was closed with ${code}`)))
  socket.on('message', (bytes: Buffer) => {
    const message = JSON.parse(bytes.toString('utf8'))
    if (message.type === 'connection_ack') {
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload }))
      resolve()
    } else if (message.type === 'ping') {
      socket.send('{"type":"pong"}')
    } else if (message.type === 'next') {
      const [event] = Object.values<{ cursor: string; at: string }>(message.payload.data)
      if (event) hear({ cursor: event.cursor, latencyMs: Date.now() - Date.parse(event.at) })
    } else if (message.type === 'error') {
      throw new Error(`a subscription was refused: ${bytes.toString('utf8')}`)
    }
  })
  await once(socket, 'open')
  socket.send(JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${accessToken}` } }))
  await welcome
  return socket
}
