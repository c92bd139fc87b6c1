import { derivePassportKey, hostSubgraph, type Clock, type Logger } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { onTestFinished } from 'vitest'
import { createRouter, type Router } from '../router.ts'
import { routerConfig } from '../settings.ts'
import { httpTransport } from '../transports/http.ts'
import { inMemoryTransport } from '../transports/in-memory.ts'
import type { SubgraphTransport } from '../transports/transport.ts'
import { fakeSubgraph, silent, type FakeSubgraph } from './fake-subgraph.ts'

export const topologies = ['in memory', 'over HTTP'] as const
export type Topology = (typeof topologies)[number]

const SECRET = 'only-for-tests-only-for-tests-only'

export interface Platform {
  router: Router
  url: string
  ask(query: string, options?: AskOptions): Promise<Reply>
}

export interface AskOptions {
  variables?: Record<string, unknown>
  token?: string
  headers?: Record<string, string>
}

export interface Reply {
  status: number
  headers: Headers
  text: string
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever it asked for
  body: any
}

export interface PlatformOptions {
  settings?: Record<string, unknown>
  log?: Logger
  clock?: Clock
  /** Another schema than the committed one. */
  supergraph?: { sdl: string; gatewaySdl: string }
  /** Takes what closes a part; done when the test ends unless something else is said. */
  atEnd?: (close: () => Promise<void>) => void
}

/** A transport to a subgraph; over HTTP the subgraph listens on a port of its own and demands passports. */
export async function transportTo(topology: Topology, subgraph: FakeSubgraph, options: PlatformOptions = {}): Promise<SubgraphTransport> {
  const { log = silent, atEnd = onTestFinished } = options
  const { subgraphTimeoutMs: timeoutMs, breakerFailures, breakerProbeSeconds } = routerConfig.parse(options.settings ?? {})
  if (topology === 'in memory') return inMemoryTransport(subgraph, { timeoutMs, log })
  const { name } = subgraph
  const passportKey = derivePassportKey(SECRET, name)
  const host = await hostSubgraph(subgraph, { host: '127.0.0.1', port: 0, passportKey })
  atEnd(() => host.close())
  subgraph.onStop = () => host.close()
  return httpTransport({ name, url: host.url, passportKey, timeoutMs, breakerFailures, breakerProbeSeconds, log })
}

/** A listening router over fakes, closed when the test ends. A domain that is not given knows nothing. */
export async function platform(topology: Topology, subgraphs: readonly FakeSubgraph[], options: PlatformOptions = {}): Promise<Platform> {
  const { log = silent, settings = {}, atEnd = onTestFinished } = options
  const absent = domains.filter((domain) => !subgraphs.some(({ name }) => name === domain)).map((domain) => fakeSubgraph(domain, {}))
  const entries = await Promise.all(
    [...subgraphs, ...absent].map(async (subgraph) => [subgraph.name, await transportTo(topology, subgraph, options)] as const),
  )
  const router = await createRouter({
    settings: routerConfig.parse(settings),
    transports: Object.fromEntries(entries),
    log,
    ...(options.clock && { clock: options.clock }),
    ...(options.supergraph && { supergraph: options.supergraph }),
  })
  atEnd(() => router.close())
  const url = `${await router.listen({ host: '127.0.0.1', port: 0 })}/graphql`
  return {
    router,
    url,
    ask: (query, { variables, token, headers = {} } = {}) =>
      post(url, JSON.stringify({ query, variables }), { ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers }),
  }
}

/** Sends a body as it is. */
export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<Reply> {
  return read(await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body }))
}

/** What a test looks at of a response. */
export async function read(response: Response): Promise<Reply> {
  const text = await response.text()
  let body: unknown = null
  try {
    body = JSON.parse(text)
  } catch {
    // Not every answer is JSON; those tests look at the text.
  }
  return { status: response.status, headers: response.headers, text, body }
}
