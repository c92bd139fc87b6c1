import { CloseCode, MessageType, parseMessage, type Message, type SubscribePayload } from 'graphql-ws'
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

interface Running {
  abort: AbortController
  stream: SubgraphStream | null
}

/**
 * The protocol that graphql-ws describes in its PROTOCOL.md, with the messages and codes of that library. Its own server knows
 * an operation by its id only, so that one that is still being begun when the client completes it can be taken for the
 * next one with the same id; here each operation is an object, and one that has ended sends nothing.
 */
export function openConnection({ send, close, connect, run, present }: ConnectionOptions): Connection {
  const running = new Map<string, Running>()
  let state: Connection['state'] = 'waiting'
  let ended = false

  const initialise = async (payload: Readonly<Record<string, unknown>>) => {
    if (state !== 'waiting') return close({ code: CloseCode.TooManyInitialisationRequests, reason: 'Too many initialisation requests' })
    state = 'judging'
    const farewell = await connect(payload)
    if (ended) return
    if (farewell) return close(farewell)
    state = 'ready'
    await sendMessage({ type: MessageType.ConnectionAck })
  }
  const sendMessage = (message: Message) => send(JSON.stringify(message))

  const begin = async (id: string, payload: SubscribePayload) => {
    if (state !== 'ready') return close({ code: CloseCode.Unauthorized, reason: 'Unauthorized' })
    if (running.has(id)) return close({ code: CloseCode.SubscriberAlreadyExists, reason: 'Subscriber already exists' })
    const operation: Running = { abort: new AbortController(), stream: null }
    running.set(id, operation)
    try {
      await follow(id, operation, await run({ id, payload, signal: operation.abort.signal }))
    } catch (error) {
      if (operation.abort.signal.aborted) return
      if (error instanceof ClosesSocket) return close(error.farewell)
      await sendMessage({ id, type: MessageType.Error, payload: [present(error)] })
    } finally {
      if (running.get(id) === operation) stop(id, operation)
    }
  }
  const follow = async (id: string, operation: Running, outcome: SubgraphStream | SubgraphResult) => {
    const { signal } = operation.abort
    if (!isStream(outcome)) {
      if (!signal.aborted && (await sendResult(id, outcome)) && !signal.aborted) await sendMessage({ id, type: MessageType.Complete })
      return
    }
    operation.stream = outcome
    if (signal.aborted) return void outcome.return?.()
    for (;;) {
      const { done, value } = await outcome.next()
      if (signal.aborted) return
      if (done === true) return void (await sendMessage({ id, type: MessageType.Complete }))
      // Waits until it is on its way, so that a client that reads slowly is sent no faster.
      if (!(await sendResult(id, value)) || signal.aborted) return
    }
  }
  const sendResult = async (id: string, { data, errors = [] }: SubgraphResult): Promise<boolean> => {
    const text =
      data === undefined
        ? JSON.stringify({ id, type: MessageType.Error, payload: errors })
        : JSON.stringify({ id, type: MessageType.Next, payload: { data, ...(errors.length > 0 && { errors }) } })
    await send(text)
    return data !== undefined
  }
  const stop = (id: string, operation: Running) => {
    running.delete(id)
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
        return void sendMessage({ type: MessageType.Pong, ...(message.payload && { payload: message.payload }) })
      }
      if (message?.type === MessageType.Pong) return
      if (message?.type !== MessageType.Complete) return close({ code: CloseCode.BadRequest, reason: 'Invalid message received' })
      const operation = running.get(message.id)
      if (operation) stop(message.id, operation)
    },
    end() {
      ended = true
      for (const [id, operation] of running) stop(id, operation)
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

function isStream(outcome: SubgraphStream | SubgraphResult): outcome is SubgraphStream {
  return Symbol.asyncIterator in outcome
}
