import type { Caller, SubgraphResult, SubgraphStream, Viewer } from '@stellr/kit'
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

/** The primary fetch of a subscription. Its signal ends the stream. */
export interface SubgraphSubscription extends Omit<SubgraphFetch, 'kind'> {
  /** Where it began before it broke off without an event: its stream's `since`. */
  since?: string | undefined
}

/** How the router reaches one subgraph, wherever it runs. */
export interface SubgraphTransport {
  readonly name: string
  /** Never rejects: whatever goes wrong is an error in the answer, so that the rest of the response still arrives. */
  execute(fetch: SubgraphFetch): Promise<SubgraphResult>
  /**
   * Begins a subscription. Never rejects: resolves with its stream, or with the answer that refuses it; over HTTP that answer
   * may also be the first of the stream. An answer without `data` ends the stream. `next()` rejects with StreamLost when the
   * subgraph is gone. The stream's `since` may be known only a moment after it has begun.
   */
  subscribe(subscription: SubgraphSubscription): Promise<SubgraphStream | SubgraphResult>
  /** Makes the domain's plain HTTP routes, exactly these paths, answer on the router's own app. */
  mount(app: FastifyInstance, paths: readonly string[]): Promise<void>
  close(): Promise<void>
}
