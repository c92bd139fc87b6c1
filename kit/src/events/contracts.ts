import { z } from 'zod'

/** A stream of one aggregate type's events, split over partitions by aggregate id. */
export interface Topic {
  name: string
  partitions: number
  /** How long events are kept. */
  retentionDays: number
  /** The latest event of each aggregate is kept for ever: for events that carry the whole state. */
  compacted?: boolean
  /** What it carries, for readers of docs/asyncapi.yaml. */
  description?: string
}

/** The contract of one kind of event: within a version, fields are only ever added. */
export interface EventDef<T extends z.ZodObject = z.ZodObject> {
  /** What happened, in the past tense: `user.registered`. */
  type: string
  version: number
  topic: Topic
  data: T
  /** What it tells and what its aggregate is, for readers of docs/asyncapi.yaml. */
  description?: string
}

export type Data<E extends EventDef> = z.output<E['data']>

const TRACEPARENT = /^[\da-f]{2}-[\da-f]{32}-[\da-f]{16}-[\da-f]{2}/

/** What every message carries besides its data (CloudEvents 1.0, JSON format, with its extension for distributed tracing). */
export const envelopeAttributes = z.object({
  specversion: z.literal('1.0').describe('The version of CloudEvents.'),
  id: z.uuid().describe('The same however often the event is delivered: remember it, and its effect happens once.'),
  type: z.string().min(1),
  source: z.string().min(1).describe('Who says so: `/stellr/<domain>`.'),
  subject: z.string().min(1).describe('The id of the aggregate, which is also the partition key: order holds within it.'),
  time: z.iso.datetime().describe('When it happened (RFC 3339, UTC).'),
  datacontenttype: z.literal('application/json'),
  dataversion: z.int().positive().describe('The version of the event’s contract.'),
  aggregateversion: z.int().positive().describe('The version of the aggregate that this event made.'),
  correlationid: z.string().min(1).optional().describe('Of the request or event that caused it; in every log line on the way.'),
  traceparent: z.string().regex(TRACEPARENT).optional().describe('Where it belongs in its trace (W3C Trace Context).'),
})

/** What travels. */
export type Envelope<D = Record<string, unknown>> = z.output<typeof envelopeAttributes> & { data: D }

/** The aggregate that an event is about, as it is after the change. */
export interface Aggregate {
  id: string
  version: number
}

export function defineTopic(name: string, options: Omit<Topic, 'name'>): Topic {
  return { name, ...options }
}

/**
 * Declares a contract. Within a version only optional fields are added; a change of anything else is another version, which
 * every consumer can read one release before it is published.
 */
export function defineEvent<T extends z.ZodObject>(
  type: string,
  version: number,
  topic: Topic,
  data: T,
  description?: string,
): EventDef<T> {
  return { type, version, topic, data, description }
}

/** The contract of the whole message. Readers pass over attributes that they do not know. */
export function messageOf({ type, version, data }: EventDef) {
  return envelopeAttributes.extend({ type: z.literal(type), dataversion: z.literal(version), data }).loose()
}

/** The kind of aggregate that events of this type are about: what stands before the first dot. */
export function aggregateType(eventType: string): string {
  return eventType.split('.', 1)[0] ?? eventType
}
