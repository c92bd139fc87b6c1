import type { ServiceMap } from '@apollo/gateway'
import { ClosesSocket, type SubgraphResult, type SubgraphStream } from '@stellr/kit'
import { asResponse } from '../data-source.ts'
import { setTimeout } from 'node:timers/promises'
import type { ErrorFormat } from '../errors.ts'
import { subscriptionEvents } from '../metrics.ts'
import type { RequestContext } from '../request-context.ts'
import { failedResult, StreamLost } from '../transports/failures.ts'
import type { SubgraphSubscription, SubgraphTransport } from '../transports/transport.ts'
import type { Execution, GatewayRequest, SubscriptionPlan } from './plans.ts'

export interface SubscriptionOptions {
  plan: SubscriptionPlan
  /** How each subgraph is asked, by its name. */
  services: ServiceMap
  /** Leads to the subgraph of the primary fetch. */
  transport: SubgraphTransport
  request: GatewayRequest
  context: RequestContext
  /** Milliseconds that a subgraph which is away is waited for before the first event. */
  patienceMs: number
  /** What the router does to the outcome of every operation. */
  tidy(execution: Execution): Execution
  format: ErrorFormat
}

/**
 * What came while a subgraph was away only the client can ask for, by the last cursor that it saw. Closed with this code, it
 * connects again by itself.
 */
const COME_BACK = { code: 1012, reason: 'A part of the platform was away: come back with the last cursor' }
const TRY_AGAIN_AFTER_MS = 250
/** Ten thousand who wait for the same subgraph would take the router's whole time if each asked again at once. */
const MOST_BETWEEN_TRIES_MS = 2000

/**
 * The answers to one subscription of the supergraph. Each event of its subgraph is completed with the fields of the others,
 * as the same selection of a query would be. An answer without data ends it. A subgraph that goes away before the first
 * event is waited for, and asked for what happened since the stream began; when it goes away later, `next()` throws
 * ClosesSocket.
 */
export function openSubscription(options: SubscriptionOptions): SubgraphStream {
  const { plan, transport, request, context, patienceMs, tidy, format } = options
  const { primary } = plan
  const { signal } = context
  const { name } = transport
  const subscription: SubgraphSubscription = {
    operation: primary.operation,
    operationName: primary.operationName,
    variables: variablesFor(primary.variableUsages ?? [], request.request.variables ?? {}),
    viewer: context.viewer,
    caller: context.caller,
    signal,
  }
  let waitingSince = Date.now()
  let source: SubgraphStream | null = null
  let begunAt = waitingSince
  let since: string | undefined
  let delivered = false
  let tries = 0

  /** The next answer; null when the subgraph is gone, or says that it cannot go on for now. */
  const take = async (): Promise<IteratorResult<SubgraphResult, undefined> | null> => {
    try {
      if (!source) {
        begunAt = Date.now()
        const outcome = await transport.subscribe({ ...subscription, since })
        if (!(Symbol.asyncIterator in outcome)) return isUnavailable(outcome) ? null : { done: false, value: outcome }
        source = outcome
        if (signal.aborted) await source.return?.()
      }
      const taken = await source.next()
      return taken.done !== true && isUnavailable(taken.value) ? null : taken
    } catch (reason) {
      if (reason instanceof StreamLost) return null
      throw reason
    }
  }
  const complete = async (event: SubgraphResult): Promise<SubgraphResult> => {
    const own = options.services[name]
    if (!own) throw new Error(`no transport leads to ${name}`)
    const services: ServiceMap = {
      ...options.services,
      // The plan's first fetch is answered by the event; the same subgraph may be asked for entities after it.
      [name]: { process: async (fetch) => (fetch.request.query === primary.operation ? asResponse(event) : own.process(fetch)) },
    }
    const { data = null, errors } = tidy(await plan.complete(services, request))
    subscriptionEvents.inc({ outcome: errors ? 'partial' : 'ok' })
    return { data, ...(errors && { errors: errors.map((error) => format(error.toJSON(), error)) }) }
  }
  const refuse = ({ errors = [] }: SubgraphResult): IteratorResult<SubgraphResult, undefined> => {
    const shown = errors.map(({ message, path, extensions }) => ({
      message,
      ...(path && { path }),
      extensions: { ...extensions, serviceName: name },
    }))
    return { done: false, value: { errors: shown.map((error) => format(error, undefined)) } }
  }

  const stream: SubgraphStream = {
    async next() {
      for (;;) {
        const taken = await take()
        if (signal.aborted) return { done: true, value: undefined }
        if (taken?.done === true) return taken
        if (taken && taken.value.data === undefined) return refuse(taken.value)
        if (taken) {
          delivered = true
          return { done: false, value: await complete(taken.value) }
        }
        const now = Date.now()
        const stood = source !== null && now - begunAt > patienceMs
        since ??= source?.since
        // One that stood for long began at a moment that its listener may count on: it goes on from there, or not here.
        if (delivered || (stood && since === undefined)) throw new ClosesSocket(COME_BACK)
        if (stood) [waitingSince, tries] = [now, 0]
        source = null
        if (now - waitingSince > patienceMs) return refuse(failedResult(name, 'SERVICE_UNAVAILABLE', subscription))
        const pause = Math.min(MOST_BETWEEN_TRIES_MS, TRY_AGAIN_AFTER_MS * 2 ** tries++)
        await setTimeout(pause * (1 + Math.random()), undefined, { signal }).catch(() => undefined)
      }
    },
    async return() {
      await source?.return?.()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]: () => stream,
  }
  return stream
}

function isUnavailable({ data, errors }: SubgraphResult): boolean {
  return data === undefined && errors?.some((error) => error.extensions?.['code'] === 'SERVICE_UNAVAILABLE') === true
}

function variablesFor(names: readonly string[], given: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(names.flatMap((name) => (given[name] === undefined ? [] : [[name, given[name]]])))
}
