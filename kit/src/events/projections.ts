import type { Transactional, Tx } from '../store/store.ts'
import type { Consumer } from './consumers.ts'
import type { Topic } from './contracts.ts'

/**
 * What a domain keeps of another's aggregates, made by `consumers` from the events of a compacted topic alone. As each event
 * carries the whole state, the latest one of an aggregate is enough to make its rows again: `pnpm events rebuild` does so
 * while the service runs.
 */
export interface Projection<Store extends object> {
  /** Names it beside its domain: `offers`. */
  name: string
  topic: Topic
  /** Those of the domain's consumers that write it, and nothing that could not be written twice: no counts of events, no feeds. */
  consumers: readonly Consumer<Store>[]
  /** The version of the aggregate that it has taken last; null when it knows nothing of it. */
  version(tx: Tx<Store>, aggregateId: string): Promise<number | null>
  /**
   * Makes the next event of the aggregate be taken like the first, whatever its version. It may leave rows that the consumers
   * write over, and must leave what does not come from the topic. Throws when that is lost, and no event can bring it back.
   */
  reset(tx: Tx<Store>, aggregateId: string): Promise<void>
  /** Takes away what it has of an aggregate that the topic does not know. Left out where more than the topic's hangs on it. */
  remove?(tx: Tx<Store>, aggregateId: string): Promise<void>
  /** Ids of aggregates that it knows, in their order, from the first that comes after `after`. */
  aggregates(tx: Tx<Store>, after: string | null, limit: number): Promise<string[]>
  /** Puts right what is counted over many aggregates, in transactions of its own, and says how many counts were wrong. */
  recount?(store: Transactional<Store>): Promise<number>
}

/** Declares a projection that can be rebuilt. */
export function defineProjection<Store extends object>(projection: Projection<Store>): Projection<Store> {
  const { name, topic, consumers } = projection
  // Of another topic, the event that made a row may be gone.
  if (!topic.compacted) throw new Error(`the projection ${name} cannot be rebuilt: ${topic.name} is not compacted`)
  const stranger = consumers.find(({ event }) => event.topic.name !== topic.name)
  if (stranger) throw new Error(`the projection ${name} is of ${topic.name}, which has no ${stranger.event.type}`)
  return projection
}
