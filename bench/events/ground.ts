import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, startEmbeddedPostgres } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { startBroker } from '../../scripts/kafka/broker.ts'
import { kafkaProgram, whyNoKafka } from '../../scripts/kafka/program.ts'
import { databaseVariable } from '../../scripts/platform/local.ts'

/** What a platform with databases of its own needs to start. */
export interface Ground {
  /** Settings of a platform on this log. `name` tells its databases from those of others. */
  env(name: string, log: 'Postgres' | 'Kafka'): NodeJS.ProcessEnv
  /** The logs that can be measured here. */
  logs: readonly ('Postgres' | 'Kafka')[]
  stop(): Promise<void>
}

/** Starts PostgreSQL, which writes safely as it does for real schools, and Kafka where there is a Java. */
export async function openGround(): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-bench-'))
  const postgres = await startEmbeddedPostgres({ dataDir: join(dataDir, 'postgres'), durable: true })
  const reason = await whyNoKafka(environment())
  if (reason !== null) console.log(`Kafka is left out: ${reason}`)
  const broker =
    reason === null ? await startBroker({ program: await kafkaProgram(environment(), console.log), dataDir: join(dataDir, 'kafka') }) : null
  return {
    logs: broker ? ['Postgres', 'Kafka'] : ['Postgres'],
    env: (name, log) => ({
      NODE_ENV: 'production',
      APOLLO_TELEMETRY_DISABLED: 'true',
      ...Object.fromEntries([...domains, 'events'].map((part) => [databaseVariable(part), postgres.url(`bench_${name}_${part}`)])),
      ...(log === 'Kafka' && { KAFKA_BROKERS: broker?.brokers, KAFKA_PREFIX: `${name}.` }),
      AUTH_SECRET: 'a secret for measuring, and for nothing else',
      PASSPORT_SECRET: 'another secret for measuring, and nothing else',
      PAYMENTS_SECRET: 'a third secret for measuring, and nothing else',
      AUTH_ACCESS_TOKEN_SECONDS: '3600',
      STELLR_ADMIN_EMAIL: 'admin@example.org',
      STELLR_ADMIN_PASSWORD: 'correct horse battery',
      RATE_LIMIT_COURSE_CHANGES_PER_USER: '100000',
      RATE_LIMIT_PROGRESS_CHANGES_PER_USER: '100000',
      ROUTER_MAX_SOCKETS_PER_USER: '10000',
      ROUTER_MAX_SOCKETS_PER_ADDRESS: '10000',
      LOG_LEVEL: 'error',
    }),
    async stop() {
      await broker?.stop()
      await postgres.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
