import type { Caller, SubgraphResult, Viewer } from '@stellr/kit'
import type { FastifyInstance } from 'fastify'

/** One fetch of a query plan: an operation for one subgraph, and on whose behalf. */
export interface SubgraphFetch {
  /** The operation's text. The planner repeats it word for word, so it serves as a key of caches. */
  operation: string
  operationName?: string | undefined
  variables: Record<string, unknown>
  /** A mutation is never sent twice. */
  kind: 'query' | 'mutation'
  viewer: Viewer
  caller: Caller
  /** Aborted when nobody waits for the answer any more. */
  signal: AbortSignal
}

/** How the router reaches one subgraph, wherever it runs. */
export interface SubgraphTransport {
  readonly name: string
  /** Never rejects: whatever goes wrong is an error in the answer, so that the rest of the response still arrives. */
  execute(fetch: SubgraphFetch): Promise<SubgraphResult>
  /** Makes the domain's plain HTTP routes, exactly these paths, answer on the router's own app. */
  mount(app: FastifyInstance, paths: readonly string[]): Promise<void>
  close(): Promise<void>
}
