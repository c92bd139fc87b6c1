import { envelopeAttributes, type EventDef, type Topic } from '@stellr/kit'
import { contractName, events, eventsOf } from '@stellr/schema/events/index'
import { domains, type Domain } from '@stellr/schema'
import { stringify } from 'yaml'
import type { z } from 'zod'
import { subgraphs } from '../platform/subgraphs.ts'
import { jsonSchema } from './event-schemas.ts'

/** Messages by the name of their contract, and then by their own. */
type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>

const KAFKA = '0.5.0'
const DAY_MS = 24 * 60 * 60 * 1000

/** The text of docs/asyncapi.yaml: every topic, what travels on it, who publishes it and who hears it. */
export function asyncApi(samples: Samples): string {
  const topics = [...new Set(events.map(({ topic }) => topic))]
  const names = nameData()
  const document = {
    asyncapi: '3.0.0',
    info: { title: 'Stellr: events', version: '1', description, license: { name: 'MIT' } },
    defaultContentType: 'application/cloudevents+json',
    servers: { kafka: server },
    channels: Object.fromEntries(topics.map((topic) => [topic.name, channel(topic)])),
    operations: Object.assign({}, ...domains.flatMap((domain) => [sending(domain), receiving(domain)])),
    components: {
      messages: Object.fromEntries(events.map((event) => [contractName(event), message(event, names, samples[contractName(event)] ?? {})])),
      schemas: {
        CloudEvent: describedSchema(
          envelopeAttributes,
          'What every message carries besides its data. Pass over attributes that you do not know.',
        ),
        ...Object.fromEntries([...names].map(([data, name]) => [name, describedSchema(data)])),
      },
    },
  }
  return `# Made by pnpm generate from schema/events and the subgraphs.\n${stringify(document, { lineWidth: 120, aliasDuplicateObjects: false })}`
}

const description = [
  'What happened in one domain of Stellr, told to the others: CloudEvents 1.0 in their JSON format.',
  'The key of a message is the id of the aggregate that it is about, and order holds within it.',
  'A message may be delivered twice: remember its id.',
  'Within a version of a contract only optional fields are added: pass over fields that you do not know.',
].join(' ')

const server = {
  host: '{brokers}',
  protocol: 'kafka',
  description: 'Apache Kafka, where KAFKA_BROKERS says. Without it the same topics are in the Postgres log, for the platform itself.',
  variables: { brokers: { default: '127.0.0.1:9092', description: 'Where a broker listens.' } },
}

function channel(topic: Topic): object {
  const own = events.filter((event) => event.topic === topic)
  return {
    address: topic.name,
    description: topic.description,
    servers: [{ $ref: '#/servers/kafka' }],
    messages: Object.fromEntries(own.map((event) => [contractName(event), { $ref: `#/components/messages/${contractName(event)}` }])),
    bindings: {
      kafka: {
        topic: topic.name,
        partitions: topic.partitions,
        topicConfiguration: topic.compacted
          ? { 'cleanup.policy': ['compact'], 'min.compaction.lag.ms': topic.retentionDays * DAY_MS }
          : { 'cleanup.policy': ['delete'], 'retention.ms': topic.retentionDays * DAY_MS },
        bindingVersion: KAFKA,
      },
    },
  }
}

/** What a domain publishes, one operation for each topic. The audit's events are everybody's. */
function sending(domain: Domain): object {
  const own = new Set<EventDef>([...eventsOf[domain], ...eventsOf.audit])
  const topics = subgraphs[domain].publishes.map((topic) => ({
    topic,
    sent: events.filter((event) => event.topic === topic && own.has(event)),
  }))
  return operations(domain, 'send', topics, `${domain} publishes`)
}

/** What a domain hears, one operation for each topic. */
function receiving(domain: Domain): object {
  const { hears, topics } = subgraphs[domain]
  const bindings = { kafka: { groupId: { type: 'string', const: domain }, bindingVersion: KAFKA } }
  const heard = topics.map((topic) => ({ topic, sent: hears.filter((event) => event.topic === topic) }))
  return operations(domain, 'receive', heard, `${domain} hears`, { bindings })
}

function operations(
  domain: Domain,
  action: 'send' | 'receive',
  topics: readonly { topic: Topic; sent: readonly EventDef[] }[],
  says: string,
  more: object = {},
): object {
  return Object.fromEntries(
    topics.map(({ topic: { name }, sent }) => [
      `${domain}.${action}.${name}`,
      {
        action,
        channel: { $ref: `#/channels/${name}` },
        summary: `${says} ${sent.map(({ type }) => type).join(', ')}.`,
        tags: [{ name: domain }],
        messages: sent.map((event) => ({ $ref: `#/channels/${name}/messages/${contractName(event)}` })),
        ...more,
      },
    ]),
  )
}

function message(event: EventDef, names: ReadonlyMap<z.ZodObject, string>, samples: Readonly<Record<string, unknown>>): object {
  const { type, version, data } = event
  const own = {
    type: { const: type },
    dataversion: { const: version },
    data: { $ref: `#/components/schemas/${names.get(data) ?? ''}` },
  }
  return {
    name: type,
    title: `${type}, version ${version}`,
    description: event.description,
    contentType: 'application/cloudevents+json',
    correlationId: { location: '$message.payload#/correlationid' },
    payload: { allOf: [{ $ref: '#/components/schemas/CloudEvent' }, { type: 'object', properties: own, required: Object.keys(own) }] },
    bindings: { kafka: { key: { type: 'string', description: 'The subject: the id of the aggregate.' }, bindingVersion: KAFKA } },
    examples: Object.entries(samples).map(([name, payload]) => ({ name, payload })),
  }
}

/** A name for each shape of data. What several events share says its own; another is named after its event. */
function nameData(): ReadonlyMap<z.ZodObject, string> {
  return new Map(events.map((event) => [event.data, event.data.meta()?.title ?? pascal(`${event.type}.v${event.version}`)]))
}

function pascal(name: string): string {
  return name
    .split(/[._]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('')
}

function describedSchema(contract: z.ZodType, description?: string): object {
  const { $schema: _draft, ...schema } = jsonSchema(contract)
  return { ...schema, ...(description !== undefined && { description }) }
}
