import { z } from 'zod'

const brokers = z
  .string()
  .transform((text) => text.split(',').map((part) => part.trim()))
  .pipe(z.array(z.string().regex(/^(\[[0-9a-fA-F:]+\]|[^\s:,]+):\d{1,5}$/, 'must be host:port, several separated by commas')).min(1))

const aboutBrokers = {
  description: 'Apache Kafka as the event log, in place of PostgreSQL: one or more of its brokers, as host:port',
  example: '127.0.0.1:9092',
}

const others = {
  prefix: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{0,60}$/, 'must be letters, digits and . _ -')
    .default('')
    .meta({ description: 'Stands before the name of every topic and consumer group, where others share the brokers', example: 'stellr.' }),
  replicationFactor: z.coerce
    .number()
    .int()
    .min(1)
    .max(100)
    .optional()
    .meta({ description: 'How many brokers keep each topic that is created; left out, what the brokers say' }),
  sessionTimeoutMs: z.coerce.number().int().min(1_000).max(300_000).default(10_000).meta({
    description: 'After how many milliseconds of silence the events of a process that died go to its replicas',
  }),
  ssl: z.enum(['0', '1']).default('0').meta({
    description: 'Whether brokers are reached over TLS: 1 or 0. A certificate authority of your own is named by NODE_EXTRA_CA_CERTS',
  }),
  saslMechanism: z
    .enum(['plain', 'scram-sha-256', 'scram-sha-512'])
    .optional()
    .meta({ description: 'How to sign in to the brokers: plain, scram-sha-256 or scram-sha-512; left out, not at all' }),
  saslUsername: z.string().optional().meta({ description: 'Who signs in to the brokers' }),
  saslPassword: z.string().optional().meta({ description: 'With what password', secret: true }),
}

/** How Kafka is reached, from KAFKA_BROKERS and its kin. */
export const kafkaConfig = z.object({ brokers: brokers.meta(aboutBrokers), ...others }).check(isWhole)

/** The same where it is not known yet whether there is a Kafka. */
export const optionalKafkaConfig = z.object({ brokers: brokers.optional().meta(aboutBrokers), ...others }).check(isWhole)

export type KafkaSettings = z.output<typeof kafkaConfig>

function isWhole({ value, issues }: z.core.ParsePayload<Partial<KafkaSettings>>): void {
  for (const key of ['saslUsername', 'saslPassword'] as const) {
    if (value.saslMechanism !== undefined && value[key] === undefined)
      issues.push({ code: 'custom', input: value, path: [key], message: 'is needed with KAFKA_SASL_MECHANISM' })
  }
}
