import type { Logger } from '@stellr/kit'
import { BrokenCircuitError, CircuitState, circuitBreaker, ConsecutiveBreaker, handleWhen } from 'cockatiel'
import { breakerState } from '../metrics.ts'
import { SubgraphFailure } from './failures.ts'

export interface BreakerOptions {
  subgraph: string
  /** How many fetches in a row must fail before it opens. */
  failures: number
  /** Seconds after which one fetch is let through to see whether the subgraph is back. */
  probeAfterSeconds: number
  log: Logger
}

/** Runs `work` unless the subgraph failed again and again just now: then throws SubgraphFailure at once. */
export type Breaker = <T>(work: () => Promise<T>) => Promise<T>

const SAME_MOMENT_MS = 1_000

const gaugeValues: Record<CircuitState, number> = {
  [CircuitState.Closed]: 0,
  [CircuitState.HalfOpen]: 1,
  [CircuitState.Open]: 2,
  [CircuitState.Isolated]: 2,
}

/**
 * A circuit breaker for one subgraph. Only SubgraphFailure counts: an answer full of errors is still an answer. What dies with
 * one of several replicas dies in the same moment and counts once.
 */
export function createBreaker({ subgraph, failures, probeAfterSeconds, log }: BreakerOptions): Breaker {
  const repeated = new WeakSet<Error>()
  let countedAt = -Infinity
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof SubgraphFailure && !repeated.has(error)),
    { halfOpenAfter: probeAfterSeconds * 1000, breaker: new ConsecutiveBreaker(failures) },
  )
  breakerState.set({ subgraph }, gaugeValues[policy.state])
  policy.onStateChange((state) => {
    breakerState.set({ subgraph }, gaugeValues[state])
    log.warn({ subgraph, breaker: CircuitState[state] }, 'the circuit breaker changed')
  })
  return async (work) => {
    // The library lets others wait for the one probe, which may take the whole timeout: they would rather know at once.
    if (policy.state === CircuitState.HalfOpen) throw new SubgraphFailure('the circuit breaker is probing')
    try {
      const begunAt = performance.now()
      return await policy.execute(() =>
        work().catch((error: unknown) => {
          const now = performance.now()
          if (error instanceof SubgraphFailure && begunAt < countedAt && now - countedAt < SAME_MOMENT_MS) repeated.add(error)
          else if (error instanceof SubgraphFailure) countedAt = now
          throw error
        }),
      )
    } catch (error) {
      if (error instanceof BrokenCircuitError) throw new SubgraphFailure('the circuit breaker is open')
      throw error
    }
  }
}
