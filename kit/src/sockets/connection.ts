import {
  CloseCode,
  MessageType,
  parseMessage,
  type CompleteMessage,
  type ErrorMessage,
  type Message,
  type SubscribePayload,
} from 'graphql-ws'
import type { GraphQLFormattedError } from 'graphql'
import { acceptCorrelationId } from '../http/host.ts'
import { correlated } from '../log.ts'
import type { SubgraphResult } from '../graphql/start-subgraph.ts'
import type { SubgraphStream } from '../graphql/stream.ts'

/** One operation of a socket, as the client sent it. */
export interface SocketOperation {
  id: string
  payload: SubscribePayload
  /** Aborted when the client completes it or is gone. */
  signal: AbortSignal
}

/** Why and how a socket is closed: a code that clients know, and a reason of at most 123 bytes. */
export interface Farewell {
  code: number
  reason: string
}

/** Thrown by an operation that cannot go on unless the client connects anew: closes the whole socket. */
export class ClosesSocket extends Error {
  readonly farewell: Farewell

  constructor(farewell: Farewell) {
    super(farewell.reason)
    this.farewell = farewell
  }
}

export interface ConnectionOptions {
  /** Settles when the text has left this process, or cannot any more. Never rejects. */
  send(text: string): Promise<void>
  close(farewell: Farewell): void
  /** Judges the payload of connection_init; null lets the client in. */
  connect(payload: Readonly<Record<string, unknown>>): Promise<Farewell | null>
  /** A stream is sent event by event, an answer at once. What has no `data` is sent as an `error`, which ends the operation. */
  run(operation: SocketOperation): Promise<SubgraphStream | SubgraphResult>
  /** What the client gets when `run` or its stream rejects, which is a bug. */
  present(error: unknown): GraphQLFormattedError
  /** What a client that is let in is told with the acknowledgement. */
  acknowledgement?: Readonly<Record<string, unknown>> | undefined
  /** Hears what a client says with a ping, before it is answered. */
  onPing?(payload: Readonly<Record<string, unknown>>): void
}

/** The server's side of one socket that speaks graphql-transport-ws. */
export interface Connection {
  /** `waiting` for connection_init, `judging` it, or `ready`. */
  readonly state: 'waiting' | 'judging' | 'ready'
  /** How many operations are under way. */
  readonly operations: number
  receive(text: string): void
  /** Ends every operation; nothing is sent any more. */
  end(): void
}

// It comes back with every event.
const LONGEST_ID = 128
const INVALID: Farewell = { code: CloseCode.BadRequest, reason: 'Invalid message received' }

interface Running {
  id: string
  abort: AbortController
  stream: SubgraphStream | null
}

/**
 * The protocol that graphql-ws describes in its PROTOCOL.md, with the messages and codes of that library. Its own server knows
 * an operation by its id only, so that one that is still being begun when the client completes it can be taken for the
 * next one with the same id; here each operation is an object, and one that has ended sends nothing.
 */
export function openConnection({ send, close, connect, run, present, acknowledgement, onPing }: ConnectionOptions): Connection {
  const running = new Map<string, Running>()
  let state: Connection['state'] = 'waiting'
  let ended = false

  const initialise = async (payload: Readonly<Record<string, unknown>>) => {
    if (state !== 'waiting') return close({ code: CloseCode.TooManyInitialisationRequests, reason: 'Too many initialisation requests' })
    state = 'judging'
    const farewell = await connect(payload).catch((error: unknown) => {
      present(error)
      return { code: CloseCode.InternalServerError, reason: 'Internal server error' }
    })
    if (ended) return
    if (farewell) return close(farewell)
    state = 'ready'
    await sendMessage({ type: MessageType.ConnectionAck, ...(acknowledgement && { payload: acknowledgement }) })
  }
  const sendMessage = (message: Message) => send(JSON.stringify(message))
  /** The last word on an operation: whoever reads it may use the id again. */
  const conclude = async (operation: Running, message: CompleteMessage | ErrorMessage) => {
    if (operation.abort.signal.aborted) return
    running.delete(operation.id)
    await sendMessage(message)
  }

  const begin = async (id: string, payload: SubscribePayload) => {
    if (state !== 'ready') return close({ code: CloseCode.Unauthorized, reason: 'Unauthorized' })
    if (running.has(id)) return close({ code: CloseCode.SubscriberAlreadyExists, reason: 'Subscriber already exists' })
    const operation: Running = { id, abort: new AbortController(), stream: null }
    const { signal } = operation.abort
    running.set(id, operation)
    try {
      await follow(operation, await run({ id, payload, signal }))
    } catch (error) {
      if (signal.aborted) return
      if (error instanceof ClosesSocket) return close(error.farewell)
      await conclude(operation, { id, type: MessageType.Error, payload: [present(error)] })
    } finally {
      if (!signal.aborted) stop(operation)
    }
  }
  const follow = async (operation: Running, outcome: SubgraphStream | SubgraphResult) => {
    const { id, abort } = operation
    const complete: CompleteMessage = { id, type: MessageType.Complete }
    if (!isStream(outcome)) {
      if (await sendResult(operation, outcome)) await conclude(operation, complete)
      return
    }
    operation.stream = outcome
    if (abort.signal.aborted) return void outcome.return?.()
    for (;;) {
      const { done, value } = await outcome.next()
      if (done === true) return conclude(operation, complete)
      // Waits until it is on its way, so that a client that reads slowly is sent no faster.
      if (!(await sendResult(operation, value))) return
    }
  }
  /** Whether more may follow. */
  const sendResult = async (operation: Running, { data, errors = [], extensions }: SubgraphResult): Promise<boolean> => {
    const { id, abort } = operation
    if (abort.signal.aborted) return false
    if (data === undefined) {
      await conclude(operation, { id, type: MessageType.Error, payload: errors })
      return false
    }
    const payload = { data, ...(errors.length > 0 && { errors }), ...(extensions && { extensions }) }
    await send(JSON.stringify({ id, type: MessageType.Next, payload }))
    return !abort.signal.aborted
  }
  const stop = (operation: Running) => {
    // Once it was concluded, the id may be another's.
    if (running.get(operation.id) === operation) running.delete(operation.id)
    operation.abort.abort()
    void operation.stream?.return?.()
  }

  return {
    get state() {
      return state
    },
    get operations() {
      return running.size
    },
    receive(text) {
      const message = read(text)
      if (message?.type === MessageType.ConnectionInit) return void initialise(message.payload ?? {})
      if (message?.type === MessageType.Subscribe) {
        const { id, payload } = message
        const { correlationId, traceparent } = payload.extensions ?? {}
        return void correlated(acceptCorrelationId(correlationId), () => begin(id, payload), traceparent)
      }
      if (message?.type === MessageType.Ping) {
        if (message.payload) onPing?.(message.payload)
        const pong = write({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) })
        return pong === null ? close(INVALID) : void send(pong)
      }
      if (message?.type === MessageType.Pong) return
      if (message?.type !== MessageType.Complete) return close(INVALID)
      const operation = running.get(message.id)
      if (operation) stop(operation)
    },
    end() {
      ended = true
      for (const operation of running.values()) stop(operation)
    },
  }
}

function read(text: string): Message | null {
  try {
    const message = parseMessage(text)
    return 'id' in message && message.id.length > LONGEST_ID ? null : message
  } catch {
    return null
  }
}

// What can be read can be nested too deep to be written: nobody's message may throw where it is received.
function write(message: Message): string | null {
  try {
    return JSON.stringify(message)
  } catch {
    return null
  }
}

function isStream(outcome: SubgraphStream | SubgraphResult): outcome is SubgraphStream {
  return Symbol.asyncIterator in outcome
}
