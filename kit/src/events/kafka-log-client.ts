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
      }
    },
  }
}

/** How long a broker may take to answer. */
export const REQUEST_TIMEOUT_MS = 5_000

/** An admin connection, opened when it is first needed and again after anything went wrong with it. */
export interface AdminUse {
  <T>(work: (admin: Admin) => Promise<T>): Promise<T>
}

export function createAdmin(open: () => Client): { use: AdminUse; close(): Promise<void> } {
  let current: Promise<{ admin: Admin; client: Client }> | undefined

  async function connect(): Promise<{ admin: Admin; client: Client }> {
    const client = open()
    const admin = client.kafka.admin()
    try {
      await admin.connect()
    } catch (error) {
      client.kill()
      throw error
    }
    return { admin, client }
  }

  async function attempt<T>(work: (admin: Admin) => Promise<T>): Promise<T> {
    const using = (current ??= connect())
    try {
      return await work((await using).admin)
    } catch (error) {
      if (current === using) current = undefined
      void using.then(({ client }) => client.kill()).catch(() => {})
      throw error
    }
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
      const last = await current?.catch(() => undefined)
      current = undefined
      if (last) await last.admin.disconnect().finally(last.client.kill)
    },
  }
}

const MOST_TRIES = 4

// Of a topic that has only just been created, not every part of a broker knows yet.
function isPassing(error: unknown): boolean {
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
