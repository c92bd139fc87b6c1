import { connect as connectPlain, isIP, Socket } from 'node:net'
import { connect as connectTls, TLSSocket } from 'node:tls'
import { setTimeout as wait } from 'node:timers/promises'
import { Kafka, logLevel, type Admin, type logCreator, type SASLOptions } from 'kafkajs'
import type { Logger } from '../log.ts'
import type { KafkaSettings } from './kafka-log-config.ts'

/** A client with connections of its own. */
export interface Client {
  kafka: Kafka
  /**
   * Cuts every connection, and forbids new ones. Without it a client that is given up would go on trying, and deliver late
   * what was asked of it, or come back as a member that nobody serves. What is not yet sent is dropped.
   */
  kill(): void
}

/** Connects to one broker; `onConnect` is called when that is done. */
export type Connect = (host: string, port: number, onConnect: () => void) => Socket

/**
 * A client that gives up soon: whoever uses it tries again with a fresh one. kafkajs's own words go to the log two levels below
 * what it gives them, since everything that follows from them is told by ourselves.
 */
export function createClient(settings: KafkaSettings, log: Logger, connect: Connect = connectorFor(settings)): Client {
  const sockets = new Set<Socket>()
  let killed = false
  const kafka = new Kafka({
    clientId: 'stellr',
    brokers: settings.brokers,
    ssl: settings.ssl === '1',
    ...saslOf(settings),
    connectionTimeout: 2_000,
    authenticationTimeout: 5_000,
    requestTimeout: REQUEST_TIMEOUT_MS,
    retry: { initialRetryTime: 100, maxRetryTime: 1_000, retries: 2 },
    logLevel: log.isLevelEnabled('trace') ? logLevel.DEBUG : logLevel.INFO,
    logCreator: intoLog(log),
    socketFactory({ host, port, onConnect }) {
      if (killed) return refused()
      const socket = connect(host, port, onConnect)
      socket.setKeepAlive(true, 30_000).setNoDelay(true)
      sockets.add(socket)
      socket.once('close', () => sockets.delete(socket))
      return socket
    },
  })
  return {
    kafka,
    kill() {
      killed = true
      for (const socket of sockets) {
        // A reset: what lies in the system's buffers must not arrive later, behind what somebody else has sent by then.
        if (socket.writableEnded || socket instanceof TLSSocket) socket.destroy()
        else socket.resetAndDestroy()
        // kafkajs hears of nothing else, and would wait for answers.
        socket.emit('end')
      }
    },
  }
}

/** How long a broker may take to answer. */
export const REQUEST_TIMEOUT_MS = 5_000

/**
 * An admin connection, opened when it is first needed and again after anything went wrong with it. One uses it at a time: two who
 * ask kafkajs for different topics at once may get an answer that knows of one of them only.
 */
export interface AdminUse {
  <T>(work: (admin: Admin) => Promise<T>): Promise<T>
}

interface SharedAdmin {
  admin: Admin
  client: Client
  connected: Promise<void>
  line: Promise<unknown>
}

export function createAdmin(open: () => Client): { use: AdminUse; close(): Promise<void> } {
  let current: SharedAdmin | undefined

  function share(): SharedAdmin {
    const client = open()
    const admin = client.kafka.admin()
    return { admin, client, connected: admin.connect(), line: Promise.resolve() }
  }

  async function attempt<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const shared = (current ??= share())
    const turn = shared.line.then(async () => {
      await shared.connected
      // Whoever was before us may have found it broken.
      return current === shared ? { result: await work(shared.admin) } : null
    })
    shared.line = turn.catch(() => {
      if (current === shared) current = undefined
      shared.client.kill()
    })
    const done = await turn
    return done ? done.result : attempt(work)
  }

  return {
    async use(work) {
      for (let tries = 1; ; tries += 1) {
        try {
          return await attempt(work)
        } catch (error) {
          if (tries === MOST_TRIES || !isPassing(error)) throw error
          await wait(100 * tries)
        }
      }
    },
    async close() {
      const last = current
      current = undefined
      if (last)
        await last.connected
          .then(() => last.admin.disconnect())
          .catch(() => {})
          .finally(last.client.kill)
    },
  }
}

const MOST_TRIES = 4

/** Whether it passes by itself: of a topic that has only just been created, not every broker knows yet. */
export function isPassing(error: unknown): boolean {
  return error instanceof Error && error.name === 'KafkaJSProtocolError' && Reflect.get(error, 'retriable') === true
}

function connectorFor({ ssl }: KafkaSettings): Connect {
  if (ssl !== '1') return (host, port, onConnect) => connectPlain({ host, port }, onConnect)
  return (host, port, onConnect) => connectTls({ host, port, ...(isIP(host) === 0 && { servername: host }) }, onConnect)
}

function refused(): Socket {
  const socket = new Socket()
  process.nextTick(() => socket.destroy(new Error('This client has been given up')))
  return socket
}

function saslOf({ saslMechanism: mechanism, saslUsername: username = '', saslPassword: password = '' }: KafkaSettings): {
  sasl?: SASLOptions
} {
  switch (mechanism) {
    case undefined:
      return {}
    case 'plain':
      return { sasl: { mechanism, username, password } }
    case 'scram-sha-256':
      return { sasl: { mechanism, username, password } }
    case 'scram-sha-512':
      return { sasl: { mechanism, username, password } }
  }
}

function intoLog(log: Logger): logCreator {
  return () =>
    ({ namespace, level, log: { message, timestamp: _timestamp, logger: _logger, ...extra } }) => {
      const detail = { kafkajs: namespace, ...extra }
      if (level === logLevel.ERROR || level === logLevel.WARN) log.debug(detail, message)
      else log.trace(detail, message)
    }
}
