import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** What is wrong with the way between two programs. Nothing, when all is left out. */
export interface NetworkFault {
  /** How much longer every byte takes, in each direction. */
  latencyMs?: number
  /** How much passes at most, in each direction. */
  bytesPerSecond?: number
  /** Nothing passes, and nobody is told: what is sent meanwhile arrives when this is over. */
  blackhole?: boolean
  /** Connections are reset, and new ones too. */
  reset?: boolean
}

export interface ProxiedConnection {
  /** Of this connection alone, instead of the proxy's; undefined for the proxy's again. */
  fault: NetworkFault | undefined
  /** Cuts it, as a reset from the other side. */
  cut(): void
}

/** A way to a server over TCP that can be made bad while it is used. */
export interface FaultProxy {
  port: number
  /** The same address, by way of this proxy. */
  through(url: string): string
  /** Makes the way bad for every connection, or good again with {}. */
  set(fault: NetworkFault): void
  /** The connections that there are, the oldest first. */
  readonly connections: readonly ProxiedConnection[]
  close(): Promise<void>
}

/** Puts a proxy before a server; `port` chooses where it listens. */
export async function openFaultProxy(target: { host: string; port: number }, port = 0): Promise<FaultProxy> {
  let fault: NetworkFault = {}
  const connections = new Set<Connection>()
  const server = createServer({ allowHalfOpen: true }, (client) => {
    if (fault.reset) return void client.resetAndDestroy()
    const connection = pass(client, connect({ ...target, allowHalfOpen: true }), () => fault)
    connections.add(connection)
    void connection.over.then(() => connections.delete(connection))
  })
  server.listen(port, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  const chosen = typeof address === 'object' && address ? address.port : port
  return {
    port: chosen,
    through(url) {
      const changed = new URL(url)
      changed.hostname = '127.0.0.1'
      changed.port = `${chosen}`
      return changed.href
    },
    set(next) {
      fault = next
      for (const connection of connections) connection.changed()
    },
    get connections() {
      return [...connections]
    },
    async close() {
      for (const connection of connections) connection.cut()
      server.close()
      await once(server, 'close')
    },
  }
}

interface Connection extends ProxiedConnection {
  changed(): void
  over: Promise<void>
}

function pass(client: Socket, upstream: Socket, proxys: () => NetworkFault): Connection {
  let own: NetworkFault | undefined
  let gate = Promise.withResolvers<void>()
  const over = Promise.withResolvers<void>()
  const current = () => own ?? proxys()
  const cut = () => {
    client.resetAndDestroy()
    upstream.resetAndDestroy()
    over.resolve()
    gate.resolve()
  }
  const changed = () => {
    if (current().reset) cut()
    gate.resolve()
    gate = Promise.withResolvers()
  }
  const open = async () => {
    while (current().blackhole && !client.destroyed) await gate.promise
  }
  const ends = [flow(client, upstream, current, open), flow(upstream, client, current, open)]
  // Half of a connection may end long before the other: both have to.
  void Promise.all(ends).then(() => over.resolve(), cut)
  return {
    get fault() {
      return own
    },
    set fault(next) {
      own = next
      changed()
    },
    cut,
    changed,
    over: over.promise,
  }
}

/** Moves what arrives on one side to the other, as slowly as the fault wants it. Rejects when either side breaks. */
async function flow(from: Socket, to: Socket, fault: () => NetworkFault, open: () => Promise<void>): Promise<void> {
  const queue: { chunk: Buffer; arrivedAt: number }[] = []
  let queued = 0
  let ended = false
  let arrival = Promise.withResolvers<void>()
  const stir = () => {
    arrival.resolve()
    arrival = Promise.withResolvers()
  }
  const broken = new Promise<never>((_resolve, reject) => {
    from.on('error', reject)
    to.on('error', reject)
    from.once('close', () => {
      if (!ended) reject(new Error('closed'))
    })
  })
  broken.catch(() => {})
  from.on('data', (chunk: Buffer) => {
    queue.push({ chunk, arrivedAt: performance.now() })
    queued += chunk.length
    if (queued > MOST_QUEUED) from.pause()
    stir()
  })
  from.once('end', () => {
    ended = true
    stir()
  })
  const move = async () => {
    for (;;) {
      const next = queue.shift()
      if (!next) {
        if (ended) break
        await arrival.promise
        continue
      }
      const { latencyMs = 0, bytesPerSecond } = fault()
      const early = next.arrivedAt + latencyMs - performance.now()
      if (early > 0) await wait(early)
      if (bytesPerSecond) await wait((next.chunk.length / bytesPerSecond) * 1000)
      await open()
      queued -= next.chunk.length
      if (from.isPaused() && queued < MOST_QUEUED) from.resume()
      if (!to.write(next.chunk)) await once(to, 'drain')
    }
    await open()
    to.end()
  }
  await Promise.race([move(), broken])
}

const MOST_QUEUED = 1_048_576
