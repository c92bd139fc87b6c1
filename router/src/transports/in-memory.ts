import { createBoundedCache, type Logger, type RunningSubgraph, type SubgraphStream } from '@stellr/kit'
import { parse, type DocumentNode } from 'graphql'
import { withDeadline } from './deadline.ts'
import { failedResult, HungUp, StreamLost, SubgraphFailure } from './failures.ts'
import type { SubgraphTransport } from './transport.ts'

export interface InMemoryOptions {
  /** Milliseconds that a fetch may take. */
  timeoutMs: number
  log: Logger
}

const MOST_DOCUMENTS = 2000

/** Reaches a subgraph that runs in this process: no network, no text but the first time, the viewer passed as it is. */
export function inMemoryTransport(subgraph: RunningSubgraph, { timeoutMs, log }: InMemoryOptions): SubgraphTransport {
  const { name } = subgraph
  const documents = createBoundedCache<string, DocumentNode>(MOST_DOCUMENTS)
  const documentOf = (operation: string) => {
    const known = documents.get(operation)
    if (known) return known
    const document = parse(operation, { noLocation: true })
    documents.set(operation, document)
    return document
  }
  return {
    name,
    async execute(fetch) {
      const { operation, operationName, variables, viewer, caller } = fetch
      if (!subgraph.running) return failedResult(name, 'SERVICE_UNAVAILABLE', fetch)
      try {
        return await withDeadline(timeoutMs, fetch.signal, (signal) =>
          subgraph.execute({ document: documentOf(operation), operationName, variables, viewer, caller, signal }),
        )
      } catch (reason) {
        if (reason instanceof HungUp) return failedResult(name, 'SERVICE_UNAVAILABLE', fetch)
        log.error({ err: reason, subgraph: name }, 'a fetch failed')
        // Stopped in the middle of the fetch, it fails in any way whatever.
        const away = reason instanceof SubgraphFailure || !subgraph.running
        return failedResult(name, away ? 'SERVICE_UNAVAILABLE' : 'INTERNAL', fetch)
      }
    },
    async subscribe(subscription) {
      const { operation, operationName, variables, ...who } = subscription
      if (!subgraph.running) return failedResult(name, 'SERVICE_UNAVAILABLE', subscription)
      try {
        const outcome = await subgraph.subscribe({ document: documentOf(operation), operationName, variables, ...who })
        return Symbol.asyncIterator in outcome ? lostWith(subgraph, outcome, who.signal) : outcome
      } catch (reason) {
        log.error({ err: reason, subgraph: name }, 'a subscription failed')
        return failedResult(name, subgraph.running ? 'INTERNAL' : 'SERVICE_UNAVAILABLE', subscription)
      }
    },
    async mount(app, paths) {
      await app.register(async (scope) => {
        // Over HTTP only the listed paths are passed on. The same must hold here, or a route works in one topology only.
        scope.addHook('onRoute', ({ url }) => {
          if (!paths.includes(url)) throw new Error(`${name} serves ${url}, which schema/index.ts does not list`)
        })
        subgraph.routes(scope)
      })
    },
    async close() {},
  }
}

/** A subgraph that stops ends its streams, which must not look as if there were nothing more to come. */
function lostWith(subgraph: RunningSubgraph, source: SubgraphStream, signal: AbortSignal): SubgraphStream {
  const stream: SubgraphStream = {
    since: source.since,
    async next() {
      const event = await source.next()
      if (event.done === true && !subgraph.running && !signal.aborted) throw new StreamLost(`${subgraph.name} has stopped`)
      return event
    },
    return: async () => (await source.return?.()) ?? { done: true, value: undefined },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}
