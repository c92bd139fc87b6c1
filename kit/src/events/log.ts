import type { Envelope, Topic } from './contracts.ts'

/** A record as a consumer reads it. */
export interface LogRecord {
  topic: string
  partition: number
  offset: bigint
  event: Envelope
}

/**
 * Handles a batch of one partition, in order. It must be safe to run twice: a throw makes the whole batch come again after
 * a while, and so does a crash. `signal` is aborted when the partition is lost to another member: stop then.
 */
export type BatchHandler = (records: readonly LogRecord[], signal: AbortSignal) => Promise<void>

export interface Subscription {
  /** Stops taking batches and resolves when those in hand are done. */
  stop(): Promise<void>
}

/**
 * Where events go from the outbox and come from to consumers: the Postgres log, or Apache Kafka.
 * Order holds within a partition, and so within an aggregate; delivery is at least once. What every implementation must do
 * is written down as tests in log.contract.ts.
 */
export interface EventLog {
  /** Creates topics that are missing, with their partitions. The number of partitions of a living topic never changes. */
  ensureTopics(topics: readonly Topic[]): Promise<void>
  /** Appends in order; resolves when the events are durable. The topic must have been ensured. */
  append(topic: string, events: readonly Envelope[]): Promise<void>
  /**
   * Reads topics as a member of a consumer group: each partition is with one member at a time, and a new group starts at
   * the beginning. Creates topics that are missing.
   */
  subscribe(group: string, topics: readonly Topic[], handler: BatchHandler): Promise<Subscription>
  /** Events that the group has not handled yet. */
  lag(group: string): Promise<number>
  /** Ends what is still subscribed, then every connection. */
  close(): Promise<void>
}
