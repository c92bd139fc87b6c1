import type { Caller, Viewer } from '@stellr/kit'

/** What the router knows of a request besides its operation. */
export interface RequestContext {
  viewer: Viewer
  caller: Caller
  /** Aborted when the client hangs up before the answer is sent. */
  signal: AbortSignal
}
