import { plusSeconds } from '../clock.ts'
import { correlated } from '../log.ts'
import { isInfrastructureFailure, isTransactionCutShort } from '../store/failures.ts'
import type { Tx } from '../store/store.ts'
import type { Transaction } from '../store/transactions.ts'
import type { Consumer } from './consumers.ts'
import type { Envelope } from './contracts.ts'
import type { Parking } from './parked.ts'

/** Runs everything in a group that concerns an event. False when nothing does. */
export interface Handlers<Store extends object> {
  concern(event: Envelope): boolean
  /** In a savepoint, after `first`: a failure leaves no trace of either in the transaction. */
  run(event: Envelope, transaction: Transaction<Store>, first?: (tx: Tx<Store>) => Promise<void>): Promise<void>
}

export function createHandlers<Store extends object>(consumers: readonly Consumer<Store>[]): Handlers<Store> {
  const byType = Map.groupBy(consumers, ({ event }) => `${event.type} ${event.version}`)
  const find = (event: Envelope) => byType.get(`${event.type} ${event.dataversion}`) ?? []
  return {
    concern: (event) => find(event).length > 0,
    async run(event, { attempt }, first) {
      await attempt(async (tx) => {
        await first?.(tx)
        for (const consumer of find(event)) await consumer.handle(event, tx)
      })
    },
  }
}

/**
 * Runs `work` in a transaction made by `begin`. What goes wrong there is written down by `refuse`: in the same
 * transaction or, when that cannot be committed any more (it lasted too long, or left what the database refuses), in a
 * new one. Failures of the infrastructure are nobody's fault and are thrown.
 */
export async function orRefuse<Scope, T>(
  begin: (work: (scope: Scope) => Promise<T>) => Promise<T>,
  work: (scope: Scope) => Promise<T>,
  refuse: (scope: Scope, error: unknown) => Promise<T>,
): Promise<T> {
  try {
    return await begin(async (scope) => {
      try {
        return await work(scope)
      } catch (error) {
        if (isNobodysFault(error)) throw error
        return refuse(scope, error)
      }
    })
  } catch (error) {
    if (isNobodysFault(error)) throw error
    return begin((scope) => refuse(scope, error))
  }
}

// A handler that always lasts too long would hold up its partition for ever, so its event is refused. Where it is the
// database that is slow, the refusal cannot be written either, and that is thrown.
function isNobodysFault(error: unknown): boolean {
  return isInfrastructureFailure(error) && !isTransactionCutShort(error)
}

/** How a failure counts, and when to try again: after 1, 5, 25, 125 s; what only came too early, after 0.1 s to a minute. */
export function judge(
  error: unknown,
  before: { tries: number; waits: number },
  now: Date,
): { dead: boolean; failure: NonNullable<Parking['failure']> } {
  const early = error instanceof Error && error.name === 'NotYet'
  const tries = early ? before.tries : before.tries + 1
  const waits = early ? before.waits + 1 : before.waits
  const seconds = early ? Math.min(60, 0.1 * 2 ** Math.min(before.waits, 20)) : 5 ** (tries - 1)
  return { dead: !early && tries >= MOST_TRIES, failure: { error, tries, waits, nextTryAt: plusSeconds(now, seconds) } }
}

/** While an event is worked on, its correlation id is the ambient one, and its trace goes on. */
export function whileHandling<T>(event: Envelope, work: () => T): T {
  return correlated(event.correlationid ?? event.id, work, event.traceparent)
}

const MOST_TRIES = 5
