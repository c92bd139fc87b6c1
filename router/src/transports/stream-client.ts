import {
  correlationId,
  issuePassport,
  passportBody,
  roomPing,
  traceparent,
  type Clock,
  type Logger,
  type SubgraphResult,
  type SubgraphStream,
} from '@stellr/kit'
import { createClient } from 'graphql-ws'
import { randomUUID } from 'node:crypto'
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
/** The one socket carries everybody's events and cannot wait for somebody who is slow: of each stream so many may be on their way. */
const ROOM = 100
/** Told together: half of the room is left meanwhile, so a quick listener never waits for the word that there is more. */
const TOLD_AT_ONCE = ROOM / 2

/**
 * All subscriptions to one subgraph over one socket, which is opened when the first begins. Each carries its own passport,
 * and is sent as many events as its listener has made room for.
 * When the socket breaks, all its streams are lost, and the next subscription opens another.
 */
export function openStreamClient({ name, url, passportKey, timeoutMs, log, clock, pingMs = 5000 }: StreamClientOptions): StreamClient {
  let pong: NodeJS.Timeout | undefined
  let upstream: WebSocket | undefined
  let challenge: string | undefined
  const client = createClient({
    url: new URL('/graphql', url.replace(/^http/, 'ws')).href,
    webSocketImpl: socketWithin(timeoutMs),
    retryAttempts: 0,
    connectionAckWaitTimeout: timeoutMs,
    lazyCloseTimeout: STAYS_OPEN_MS,
    keepAlive: pingMs,
    generateID: ({ extensions }) => String(extensions?.['operationId']),
    on: {
      connected: (socket, payload) => {
        upstream = socket instanceof WebSocket ? socket : undefined
        challenge = typeof payload?.['challenge'] === 'string' ? payload['challenge'] : undefined
      },
      // A host that vanished closes nothing.
      ping: (received) => {
        if (!received) pong = setTimeout(() => client.terminate(), pingMs).unref()
      },
      pong: () => clearTimeout(pong),
      closed: () => clearTimeout(pong),
    },
  })

  const makeRoom = (operationId: string, count: number) => {
    if (upstream?.readyState === WebSocket.OPEN) upstream.send(JSON.stringify(roomPing({ [operationId]: count })))
  }

  return {
    subscribe(subscription) {
      const { operation: query, operationName, variables, viewer, caller, signal, since } = subscription
      const { promise, resolve } = Promise.withResolvers<SubgraphStream | SubgraphResult>()
      let sent = false
      const unavailable = () => {
        if (!sent) resolve(failedResult(name, 'SERVICE_UNAVAILABLE', subscription))
      }
      const payload = { query, operationName, variables }
      const origin = { correlationId: correlationId(), traceparent: traceparent() }
      const operationId = randomUUID()
      const extensions = {
        operationId,
        // Called when it is sent: a passport lives for seconds, and connecting may take as long.
        toJSON() {
          sent = true
          resolve(events.stream)
          const body = passportBody({ ...payload, challenge, since })
          const passport = issuePassport(passportKey, { audience: name, viewer, caller, body }, clock.now())
          return { passport, room: ROOM, since, ...origin }
        },
      }
      const stop = () => void events.stream.return?.()
      let taken = 0
      const events = createEventQueue({
        limit: ROOM,
        onTaken() {
          taken += 1
          if (taken % TOLD_AT_ONCE === 0) makeRoom(operationId, TOLD_AT_ONCE)
        },
        onReturn() {
          signal.removeEventListener('abort', stop)
          unavailable()
          dispose()
        },
      })
      const end = (error?: Error) => {
        signal.removeEventListener('abort', stop)
        unavailable()
        events.end(error)
      }
      const dispose = client.subscribe<unknown, { since?: unknown }>(
        { ...payload, extensions },
        {
          next({ data, errors, extensions: said }) {
            if (typeof said?.['since'] === 'string') return events.begin(said['since'])
            if (events.push({ data, ...(errors && { errors }) })) return
            log.warn({ subgraph: name }, 'more events were sent than there is room for')
            end(new StreamLost('too many events are waiting'))
            dispose()
          },
          error(reason) {
            if (Array.isArray(reason))
              return end(events.push({ errors: reason }) ? undefined : new StreamLost('too many events are waiting'))
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
