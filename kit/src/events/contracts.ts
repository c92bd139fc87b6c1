import type { z } from 'zod'

/** A stream of one aggregate type's events, split over partitions by aggregate id. */
export interface Topic {
  name: string
  partitions: number
  /** How long events are kept. */
  retentionDays: number
  /** The latest event of each aggregate is kept for ever: for events that carry the whole state. */
  compacted?: boolean
}

/** The contract of one kind of event: within a version, fields are only ever added. */
export interface EventDef<T extends z.ZodObject = z.ZodObject> {
  /** What happened, in the past tense: `user.registered`. */
  type: string
  version: number
  topic: Topic
  data: T
}

export type Data<E extends EventDef> = z.output<E['data']>

/** What travels (CloudEvents 1.0, JSON format). `subject` is the aggregate's id and the partition key. */
export interface Envelope<D = Record<string, unknown>> {
  specversion: '1.0'
  id: string
  type: string
  source: string
  subject: string
  /** RFC 3339, UTC: when it happened. */
  time: string
  datacontenttype: 'application/json'
  /** Version of the event's contract. */
  dataversion: number
  /** Version of the aggregate that this event made. */
  aggregateversion: number
  correlationid?: string
  data: D
}

/** The aggregate that an event is about, as it is after the change. */
export interface Aggregate {
  id: string
  version: number
}

export function defineTopic(name: string, options: Omit<Topic, 'name'>): Topic {
  return { name, ...options }
}

export function defineEvent<T extends z.ZodObject>(type: string, version: number, topic: Topic, data: T): EventDef<T> {
  return { type, version, topic, data }
}

/** The kind of aggregate that events of this type are about: what stands before the first dot. */
export function aggregateType(eventType: string): string {
  return eventType.split('.', 1)[0] ?? eventType
}
