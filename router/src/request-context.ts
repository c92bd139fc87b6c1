import type { Caller, SubgraphStream, Viewer } from '@stellr/kit'

/** What the router knows of a request besides its operation. */
export interface RequestContext {
  viewer: Viewer
  caller: Caller
  /** Aborted when the client hangs up before the answer is sent. */
  signal: AbortSignal
  /** Set by a socket: what it asks may be a subscription, and is begun by leaving its stream here. */
  live?: { stream: SubgraphStream | null }
}
