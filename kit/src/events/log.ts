import type { Envelope, Topic } from './contracts.ts'

/** A record as a consumer reads it. */
export interface LogRecord {
  topic: string
  partition: number
  offset: bigint
  event: Envelope
}

/** Handles a batch of one partition, in order. It must be safe to run twice; a throw makes the batch come again. */
export type BatchHandler = (records: readonly LogRecord[], signal: AbortSignal) => Promise<void>

export interface Subscription {
  /** Stops taking batches and resolves when the one in hand is done. */
  stop(): Promise<void>
}

/**
 * Where events go from the outbox and come from to consumers: the Postgres log, or Apache Kafka.
 * Order holds within a partition; delivery is at least once.
 */
export interface EventLog {
  /** Creates topics that are missing, with their partitions. */
  ensureTopics(topics: readonly Topic[]): Promise<void>
  /** Appends in order; resolves when the events are durable. */
  append(topic: string, events: readonly Envelope[]): Promise<void>
  /** Reads topics as a member of a consumer group: each partition is with one member at a time. */
  subscribe(group: string, topics: readonly Topic[], handler: BatchHandler): Promise<Subscription>
  /** Events that the group has not handled yet. */
  lag(group: string): Promise<number>
  close(): Promise<void>
}
