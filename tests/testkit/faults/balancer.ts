import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'

/** One address before several replicas of a service, as Kubernetes' own are: it spreads connections and reads none of them. */
export interface Balancer {
  url: string
  /** How many connections each replica was given. */
  readonly given: Readonly<Record<string, number>>
  close(): Promise<void>
}

/** Gives connections in turn to the replicas whose /readyz answers 200, which it asks again and again. */
export async function openBalancer(urls: readonly string[]): Promise<Balancer> {
  const replicas = urls.map((url) => ({ url, ready: true, unanswered: 0, given: 0 }))
  const sockets = new Set<Socket>()
  let turn = 0
  let open = true

  const next = () => {
    const ready = replicas.filter((replica) => replica.ready)
    return ready[turn++ % ready.length]
  }
  // A replica that refuses the connection has been sent nothing: the next one may have it.
  const give = (client: Socket, attempts: number) => {
    const replica = next()
    if (!replica || attempts > replicas.length) return void client.resetAndDestroy()
    const { hostname, port } = new URL(replica.url)
    const upstream = connect({ host: hostname, port: Number(port), allowHalfOpen: true })
    const refused = () => {
      replica.ready = false
      give(client, attempts + 1)
    }
    upstream.once('error', refused)
    upstream.once('connect', () => {
      upstream.off('error', refused)
      replica.given += 1
      for (const [socket, other] of [
        [client, upstream],
        [upstream, client],
      ] as const) {
        sockets.add(socket)
        socket.on('error', () => other.resetAndDestroy())
        socket.once('close', () => sockets.delete(socket))
        socket.pipe(other)
      }
    })
  }
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (client) => {
    client.on('error', () => {})
    give(client, 1)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  const watching = Promise.all(
    replicas.map(async (replica) => {
      while (open) {
        const response = await fetch(`${replica.url}/readyz`, { signal: AbortSignal.timeout(2_000) }).catch(() => null)
        await response?.body?.cancel()
        replica.unanswered = response ? 0 : replica.unanswered + 1
        // A machine that is busy for a moment answers late: only those who say no, or never answer, are passed over.
        replica.ready = response ? response.status === 200 : replica.ready && replica.unanswered < 3
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
      }
    }),
  )
  const address = server.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    get given() {
      return Object.fromEntries(replicas.map(({ url, given }) => [url, given]))
    },
    async close() {
      open = false
      for (const socket of sockets) socket.destroy()
      server.close()
      await Promise.all([once(server, 'close'), watching])
    },
  }
}

const ASK_EVERY_MS = 100
