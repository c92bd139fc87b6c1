import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'

export interface FollowOptions {
  /** Where the endpoint is, as for HTTP. */
  url: string
  accessToken: string
  /** A subscription whose only field takes `after` and has a `cursor`. */
  subscription: string
  variables?: Record<string, unknown>
  /** Where to begin. */
  after?: string
  /** Whether it goes on from its last cursor, as it should; a control does not. */
  resumes?: boolean
  /** How long it is away after each time that it was cut off. */
  restMs?: number
}

interface Update {
  cursor: string
}

/** A client that stays subscribed whatever happens to those in between, by coming back with its last cursor. */
export interface Follower<T extends Update> {
  /** What arrived, each cursor once, in the order of arrival. */
  readonly events: readonly T[]
  /** How often something arrived that had arrived before. */
  readonly repeats: number
  /** How long each break lasted, from the loss of the socket to the acknowledgement of the next one. */
  readonly breaksMs: readonly number[]
  readonly connected: boolean
  /** What the server refused it with for good. */
  readonly refused: unknown
  /** Does not read what is sent until resumed: the slowest client that there is. */
  pause(): void
  resume(): void
  stop(): Promise<void>
}

// Of a platform that is coming back; everything else is final.
const passing = new Set<unknown>(['SERVICE_UNAVAILABLE', 'INTERNAL'])

export function follow<T extends Update>(options: FollowOptions): Follower<T> {
  const { url, accessToken, subscription, variables = {}, after, resumes = true, restMs = 50 } = options
  const events: T[] = []
  const seen = new Set<string>()
  const breaksMs: number[] = []
  const state = { repeats: 0, connected: false, refused: null as unknown, going: true, paused: false, lostAt: null as number | null }
  let cursor = after
  let socket: WebSocket | null = null
  let end: () => void = () => {}

  const session = async () => {
    const client = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: { authorization: `Bearer ${accessToken}` },
      on: {
        opened(opened) {
          if (opened instanceof WebSocket) socket = opened
        },
        connected() {
          state.connected = true
          if (state.lostAt !== null) breaksMs.push(performance.now() - state.lostAt)
          state.lostAt = null
          if (state.paused) socket?.pause()
        },
        closed() {
          if (state.connected) state.lostAt = performance.now()
          state.connected = false
        },
      },
    })
    end = () => void client.dispose()
    if (!state.going) return
    const given = { ...variables, ...(cursor !== undefined && (resumes || events.length === 0) && { after: cursor }) }
    try {
      for await (const { data } of client.iterate<Record<string, T>>({ query: subscription, variables: given })) {
        const [event] = Object.values(data ?? {})
        if (!event) continue
        if (seen.has(event.cursor)) state.repeats += 1
        else events.push(event)
        seen.add(event.cursor)
        cursor = event.cursor
      }
    } finally {
      await client.dispose()
    }
  }
  const running = (async () => {
    while (state.going) {
      await session().catch((reason: unknown) => {
        const code = codeOf(reason)
        if (code !== undefined && !passing.has(code)) {
          state.refused = code
          state.going = false
        }
      })
      if (state.going) await new Promise((resolve) => setTimeout(resolve, restMs))
    }
  })()

  return {
    events,
    breaksMs,
    get repeats() {
      return state.repeats
    },
    get connected() {
      return state.connected
    },
    get refused() {
      return state.refused
    },
    pause() {
      state.paused = true
      socket?.pause()
    },
    resume() {
      state.paused = false
      socket?.resume()
    },
    async stop() {
      state.going = false
      end()
      await running
    },
  }
}

/** The code of a subscription that was ended by an error; undefined for a socket that was lost. */
function codeOf(reason: unknown): unknown {
  if (!Array.isArray(reason)) return undefined
  const [error] = reason as { extensions?: { code?: unknown } }[]
  return error?.extensions?.code
}
