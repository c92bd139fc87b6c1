import { listenAt, type Listening } from './listening.ts'
import type { Transcript } from './transcript.ts'

export interface Reply {
  status: number
  headers: Headers
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever it asked for
  data: any
  errors: { message: string; path?: (string | number)[]; extensions: Record<string, unknown> }[]
  /** The code of each error, in order. */
  codes: unknown[]
  /** The body as it came. */
  text: string
}

/** Somebody with a browser: sends GraphQL over HTTP, with an access token or without. */
export interface Client {
  /** Where it asks, without a slash at its end. */
  url: string
  query(text: string, variables?: Record<string, unknown>): Promise<Reply>
  /** Subscribes, over one socket. */
  listen(text: string, variables?: Record<string, unknown>): Listening
}

/** The trace that everybody's requests belong to. */
export const clientTrace = { id: '4bf92f3577b34da6a3ce929d0e0e4736', span: '00f067aa0ba902b7' }

export function createClient(url: string, accessToken?: string, transcript?: Transcript): Client {
  return {
    url,
    listen: listenAt(url, accessToken),
    async query(text, variables) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          // The same for all, or no two replies would ever be equal.
          'x-correlation-id': 'journey',
          traceparent: `00-${clientTrace.id}-${clientTrace.span}-01`,
          ...(accessToken && { authorization: `Bearer ${accessToken}` }),
        },
        body: JSON.stringify({ query: text, variables }),
      })
      const body = await response.text()
      transcript?.add(text, response.status, response.headers.get('content-type'), body)
      const { data = null, errors = [] } = JSON.parse(body) as Partial<Pick<Reply, 'data' | 'errors'>>
      return {
        status: response.status,
        headers: response.headers,
        data,
        errors,
        codes: errors.map((error) => error.extensions['code']),
        text: body,
      }
    },
  }
}
