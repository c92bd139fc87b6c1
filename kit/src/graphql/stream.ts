import { createSourceEventStream, execute, GraphQLError, type DocumentNode, type GraphQLSchema } from 'graphql'
import type { Logger } from '../log.ts'
import type { Context } from '../subgraph.ts'
import { presentError } from './present.ts'
import type { SubgraphResult } from './start-subgraph.ts'

/** The answers to a subscription, one for each event. `return()` settles at once, and with it a `next()` that waits. */
export interface SubgraphStream extends AsyncIterableIterator<SubgraphResult, undefined> {
  /** The cursor after which it began. Whoever got nothing of it yet begins there once more by handing it back. */
  readonly since?: string | undefined
}

export interface StreamOptions {
  schema: GraphQLSchema
  document: DocumentNode
  operationName?: string | undefined
  variables?: Record<string, unknown> | undefined
  /** A fresh context: one to begin with, then one for each event, so that nothing that was loaded for one serves the next. */
  context(event?: unknown): Context
  /** Aborted when nobody listens any more. */
  signal: AbortSignal
  log: Logger
}

/**
 * Begins a subscription. Resolves with its stream, or with the answer that refuses it. When the source fails, its error is
 * the last answer. What a resolver of a Subscription field returns must end a waiting `next()` when `return()` is called.
 */
export async function openStream(options: StreamOptions): Promise<SubgraphStream | SubgraphResult> {
  const { schema, document, operationName, variables, context, signal, log } = options
  const request = { schema, document, operationName, variableValues: variables }
  const present = (errors: readonly GraphQLError[]): SubgraphResult => ({ errors: errors.map((error) => presentError(error, log)) })
  const source = await createSourceEventStream({ ...request, contextValue: context() })
  if (!(Symbol.asyncIterator in source)) return present(source.errors ?? [])

  const events = source[Symbol.asyncIterator]()
  let ended = false
  const stream: SubgraphStream = {
    since: 'since' in events && typeof events.since === 'string' ? events.since : undefined,
    async next() {
      if (ended) return { done: true, value: undefined }
      try {
        const event = await events.next()
        if (event.done === true) return { done: true, value: undefined }
        const { data, errors } = await execute({ ...request, rootValue: event.value, contextValue: context(event.value) })
        return { done: false, value: { ...(errors && present(errors)), data } }
      } catch (error) {
        if (ended) return { done: true, value: undefined }
        void stream.return?.()
        const originalError = error instanceof Error ? error : new Error(String(error))
        return { done: false, value: present([new GraphQLError(originalError.message, { originalError })]) }
      }
    },
    async return() {
      if (!ended) {
        ended = true
        void events.return?.(undefined)
      }
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  if (signal.aborted) await stream.return?.()
  else signal.addEventListener('abort', () => void stream.return?.(), { once: true })
  return stream
}
