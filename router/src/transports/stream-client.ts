import {
  correlationId,
  issuePassport,
  passportBody,
  traceparent,
  type Clock,
  type Logger,
  type SubgraphResult,
  type SubgraphStream,
} from '@stellr/kit'
import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import { createEventQueue } from './event-queue.ts'
import { failedResult, StreamLost } from './failures.ts'
import type { SubgraphSubscription } from './transport.ts'

export interface StreamClientOptions {
  /** The subgraph's name, which is also the audience of its passports. */
  name: string
  /** Where its process listens; /graphql is added. */
  url: string
  passportKey: Uint8Array
  /** Milliseconds that connecting may take. */
  timeoutMs: number
  log: Logger
  clock: Clock
  /** Milliseconds of silence until the subgraph is asked for a sign of life, and that it may take to give one. */
  pingMs?: number
}

export interface StreamClient {
  subscribe(subscription: SubgraphSubscription): Promise<SubgraphStream | SubgraphResult>
  close(): Promise<void>
}

const STAYS_OPEN_MS = 5000
const LARGEST_EVENT_BYTES = 16_777_216
/** The one socket carries everybody's events, so it cannot wait for somebody who is slow. */
const MOST_WAITING = 1000

/**
 * All subscriptions to one subgraph over one socket, which is opened when the first begins. Each carries its own passport.
 * When the socket breaks, all its streams are lost, and the next subscription opens another.
 */
export function openStreamClient({ name, url, passportKey, timeoutMs, log, clock, pingMs = 5000 }: StreamClientOptions): StreamClient {
  let pong: NodeJS.Timeout | undefined
  const client = createClient({
    url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
    webSocketImpl: socketWithin(timeoutMs),
    retryAttempts: 0,
    connectionAckWaitTimeout: timeoutMs,
    lazyCloseTimeout: STAYS_OPEN_MS,
    keepAlive: pingMs,
    on: {
      // A host that vanished closes nothing.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), pingMs).unref()
      },
      pong: () => clearTimeout(pong),
      closed: () => clearTimeout(pong),
    },
  })

  return {
    subscribe(subscription) {
      const { operation: query, operationName, variables, viewer, caller, signal } = subscription
      const { promise, resolve } = Promise.withResolvers<SubgraphStream | SubgraphResult>()
      let sent = false
      const unavailable = () => {
        if (!sent) resolve(failedResult(name, 'SERVICE_UNAVAILABLE', subscription))
      }
      const payload = { query, operationName, variables }
      const origin = { correlationId: correlationId(), traceparent: traceparent() }
      const extensions = {
        // Called when it is sent: a passport lives for seconds, and connecting may take as long.
        toJSON() {
          sent = true
          resolve(events.stream)
          const passport = issuePassport(passportKey, { audience: name, viewer, caller, body: passportBody(payload) }, clock.now())
          return { passport, ...origin }
        },
      }
      const stop = () => void events.stream.return?.()
      const events = createEventQueue(MOST_WAITING, () => {
        signal.removeEventListener('abort', stop)
        unavailable()
        dispose()
      })
      const end = (error?: Error) => {
        signal.removeEventListener('abort', stop)
        unavailable()
        events.end(error)
      }
      const dispose = client.subscribe<unknown>(
        { ...payload, extensions },
        {
          next({ data, errors }) {
            if (events.push({ data, ...(errors && { errors }) })) return
            log.warn({ subgraph: name }, 'a listener is too slow and loses its stream')
            end(new StreamLost('too many events are waiting'))
            dispose()
          },
          error(reason) {
            if (Array.isArray(reason)) {
              events.push({ errors: reason })
              return end()
            }
            log.debug({ err: reason, subgraph: name }, 'a stream broke off')
            end(new StreamLost(`the connection to ${name} is lost`))
          },
          complete: () => end(),
        },
      )
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      return promise
    },
    async close() {
      // It rejects when a connection that is being made fails, which is as good as closed.
      await Promise.resolve(client.dispose()).catch(() => undefined)
    },
  }
}

function socketWithin(handshakeTimeout: number) {
  return class SubgraphSocket extends WebSocket {
    constructor(url: string, protocols: string) {
      super(url, protocols, { handshakeTimeout, perMessageDeflate: false, maxPayload: LARGEST_EVENT_BYTES })
    }
  }
}
