import { createClient } from 'graphql-ws'
import { WebSocket } from 'ws'
import type { Reply } from './client.ts'

/** A subscription that somebody has. */
export interface Listening {
  /** The next answer, be it a refusal; null when there is none any more. */
  next(): Promise<Pick<Reply, 'data' | 'errors' | 'codes'> | null>
  /** Listens no longer. */
  end(): Promise<void>
}

/** Subscribes as a stock client does: over one socket, open while there is something to hear. It does not come back by itself. */
export function listenAt(url: string, accessToken: string | undefined) {
  const client = createClient({
    url: `${url.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
    ...(accessToken !== undefined && { connectionParams: { authorization: `Bearer ${accessToken}` } }),
  })
  return (text: string, variables: Record<string, unknown> = {}): Listening => {
    const answers = client.iterate({ query: text, variables })
    return {
      async next() {
        try {
          const { done, value } = await answers.next()
          return done === true ? null : answerOf(value.data ?? null, value.errors ?? [])
        } catch (refusal) {
          // What is refused before it begins comes as a list of errors; anything else is how the socket was closed.
          if (!Array.isArray(refusal)) throw refusal
          return answerOf(null, refusal)
        }
      },
      async end() {
        await answers.return?.()
      },
    }
  }
}

function answerOf(data: unknown, errors: Iterable<unknown>) {
  const shown: Reply['errors'] = JSON.parse(JSON.stringify([...errors]))
  return { data: data as Reply['data'], errors: shown, codes: shown.map(({ extensions }) => extensions['code']) }
}
