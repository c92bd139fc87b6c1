import type { Envelope, Topic } from './contracts.ts'

/** A record as a consumer reads it. */
export interface LogRecord {
  topic: string
  partition: number
  offset: bigint
  event: Envelope
}

/** How far a group is in one partition: `next` is the offset that it handles next, `end` the one that the log gives out next. */
export interface Position {
  topic: string
  partition: number
  next: bigint
  end: bigint
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
  /** Events that the group has not handled yet: the sum over its positions. */
  lag(group: string): Promise<number>
  /**
   * How far a group is in each partition of each topic that it reads: those that its members in this process ask for, or all
   * that it ever asked for when it has none here. In order of topic and partition; nothing of a group that nobody knows.
   */
  positions(group: string): Promise<Position[]>
  /**
   * What the topic holds, partition by partition in order, from the first record that was appended at or after `from` (from
   * its beginning when left out) up to what was its end when reading began. Belongs to no group and moves no offset; reads
   * page by page, so a topic of any size is read in little memory. What is trimmed or compacted away meanwhile is left out.
   * Throws when there is no such topic.
   */
  read(topic: string, from?: Date): AsyncIterable<LogRecord>
  /** Ends what is still subscribed, then every connection. */
  close(): Promise<void>
}
