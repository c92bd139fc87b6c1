import { z } from 'zod'
import { readConfig, type Environment } from '../config.ts'
import type { Logger } from '../log.ts'
import { kafkaConfig } from './kafka-log-config.ts'
import { openKafkaLog } from './kafka-log.ts'
import type { EventLog } from './log.ts'
import { openPostgresLog } from './postgres-log.ts'

const postgresConfig = z.object({
  databaseUrl: z.url().meta({
    description: 'Database of the event log; or set KAFKA_BROKERS',
    example: 'postgresql://user:password@host:5432/stellr_events',
  }),
})

/** Whether events go through Apache Kafka, and not through PostgreSQL. */
export function usesKafka(env: Environment): boolean {
  return Boolean(env['KAFKA_BROKERS'])
}

/** The settings of the event log that is chosen, by section. */
export function eventLogSections(env: Environment): { kafka: typeof kafkaConfig } | { events: typeof postgresConfig } {
  return usesKafka(env) ? { kafka: kafkaConfig } : { events: postgresConfig }
}

/** Opens Apache Kafka when KAFKA_BROKERS is set, else the log in the database of EVENTS_DATABASE_URL. */
export async function openEventLog(env: Environment, log: Logger): Promise<EventLog> {
  if (usesKafka(env)) return openKafkaLog({ settings: readConfig({ kafka: kafkaConfig }, env).kafka, log })
  return openPostgresLog({ url: readConfig({ events: postgresConfig }, env).events.databaseUrl, log })
}
