import { getOperationAST, type DocumentNode } from 'graphql'
import { createClient } from 'graphql-ws'
import { setTimeout } from 'node:timers/promises'
import { WebSocket } from 'ws'
import { SignInRefused, type TokenSource } from './session.ts'

export interface WatchOptions {
  /** Of the endpoint: http://127.0.0.1:4000/graphql. */
  url: string
  query: string
  document: DocumentNode
  variables: Record<string, unknown>
  tokens: TokenSource
  /** Takes each event, as one line. */
  print(line: string): void
  /** Takes what happens besides. */
  say(line: string): void
  signal: AbortSignal
}

const FORBIDDEN = 4403
const LONGEST_PAUSE_MS = 5000
const SHORTEST_PAUSE_MS = 250

/**
 * Prints every event of a subscription until it ends or the signal aborts, whatever becomes of the connection: comes back,
 * with a new token where the old one was refused, and goes on after the last cursor that it saw. Returns an exit code.
 */
export async function watch(options: WatchOptions): Promise<number> {
  const { url, document, tokens, print, say, signal } = options
  const resumes = getOperationAST(document)?.variableDefinitions?.some(({ variable }) => variable.name.value === 'after') === true
  // graphql-ws sends it anew with each connection: what stands in it then is where the stream goes on.
  const variables = { ...options.variables }
  let wasRefused = false
  let connected = false
  let lost = false
  let warned = resumes

  const client = createClient({
    url: url.replace(/^http/, 'ws'),
    webSocketImpl: WebSocket,
    lazy: true,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: (reason) => !(reason instanceof SignInRefused) && !signal.aborted,
    retryWait: (retries) => setTimeout(pauseMs(retries)),
    async connectionParams() {
      const token = await tokens.token(wasRefused)
      wasRefused = false
      return token === null ? {} : { authorization: `Bearer ${token}` }
    },
    on: {
      connected() {
        say(
          connected && lost
            ? `back${resumes && variables['after'] ? `, from cursor ${String(variables['after'])} on` : ''}`
            : `connected to ${url}`,
        )
        if (connected && lost && !warned) {
          warned = true
          say('what happened meanwhile is not shown: declare $after and select cursor to have it')
        }
        connected = true
        lost = false
      },
      closed(event) {
        if (signal.aborted) return
        const { code, reason } = closeOf(event)
        wasRefused ||= code === FORBIDDEN
        if (!lost) say(connected ? `lost: ${code} ${reason}`.trimEnd() : `cannot connect to ${url}; trying again`)
        lost = true
      },
    },
  })

  /** One subscription, until it ends. */
  const follow = () =>
    new Promise<unknown>((resolve) => {
      const stop = client.subscribe(
        { query: options.query, variables },
        {
          next(event) {
            print(JSON.stringify(event))
            const cursor = resumes ? cursorIn(event.data) : null
            if (cursor !== null) variables['after'] = cursor
          },
          error: resolve,
          complete: () => resolve(null),
        },
      )
      signal.addEventListener('abort', stop, { once: true })
    })

  for (let attempt = 0; ; attempt++) {
    const end = await follow()
    if (signal.aborted) break
    if (end === null) {
      say('the subscription has ended')
      break
    }
    const codes = codesOf(end)
    if (codes.includes('SERVICE_UNAVAILABLE')) say('a part of the platform is away; trying again')
    else if (codes.includes('RESYNC_REQUIRED') && variables['after'] !== undefined) {
      say('the cursor is too old; beginning anew, with a gap')
      delete variables['after']
    } else {
      say(`refused: ${describe(end)}`)
      await client.dispose()
      return 1
    }
    await setTimeout(pauseMs(attempt), undefined, { signal }).catch(() => undefined)
  }
  await client.dispose()
  return 0
}

const pauseMs = (attempt: number) => Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** attempt) * (0.5 + Math.random())

/** The cursor of an event: that of its one root field. */
function cursorIn(data: unknown): string | null {
  const [root] = typeof data === 'object' && data !== null ? Object.values(data) : []
  return typeof root === 'object' && root !== null && 'cursor' in root && typeof root.cursor === 'string' ? root.cursor : null
}

function closeOf(event: unknown): { code: number; reason: string } {
  if (typeof event !== 'object' || event === null) return { code: 1006, reason: '' }
  return {
    code: 'code' in event && typeof event.code === 'number' ? event.code : 1006,
    reason: 'reason' in event && typeof event.reason === 'string' ? event.reason : '',
  }
}

function codesOf(end: unknown): unknown[] {
  return Array.isArray(end) ? end.map((error) => error?.extensions?.code) : []
}

function describe(end: unknown): string {
  if (Array.isArray(end)) return end.map((error) => `${error?.extensions?.code} ${error?.message}`).join('; ')
  if (end instanceof Error) return end.message
  const { code, reason } = closeOf(end)
  return `the socket was closed with ${code} ${reason}`
}
