import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, startEmbeddedPostgres, type EmbeddedPostgres } from '@stellr/kit'
import { domains } from '@stellr/schema'
import pg from 'pg'
import { startBroker } from '../../scripts/kafka/broker.ts'
import { kafkaProgram, whyNoKafka } from '../../scripts/kafka/program.ts'
import { databaseVariable } from '../../scripts/platform/local.ts'

/** What a platform with databases of its own needs to start. */
export interface Ground {
  /** Settings of a platform on this log. `name` tells its databases from those of others. */
  env(name: string, log: 'Postgres' | 'Kafka'): NodeJS.ProcessEnv
  /** The logs that can be measured here. */
  logs: readonly ('Postgres' | 'Kafka')[]
  /** Where the database of a part of that platform is. */
  databaseUrl(name: string, part: string): string
  stop(): Promise<void>
}

export interface GroundOptions {
  /** Settings of PostgreSQL that need a restart. */
  postgresSettings?: Readonly<Record<string, string>>
}

/** Starts PostgreSQL, which writes safely as it does for real schools, and Kafka where there is a Java. */
export async function openGround({ postgresSettings = {} }: GroundOptions = {}): Promise<Ground> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-bench-'))
  const postgres = await startPostgres(join(dataDir, 'postgres'), postgresSettings)
  const reason = await whyNoKafka(environment())
  if (reason !== null) console.log(`Kafka is left out: ${reason}`)
  const broker =
    reason === null ? await startBroker({ program: await kafkaProgram(environment(), console.log), dataDir: join(dataDir, 'kafka') }) : null
  return {
    logs: broker ? ['Postgres', 'Kafka'] : ['Postgres'],
    databaseUrl: (name, part) => postgres.url(`bench_${name}_${part}`),
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
      RATE_LIMIT_ENROLLMENT_CHANGES_PER_USER: '100000',
      RATE_LIMIT_PAYMENT_CHANGES_PER_USER: '100000',
      RATE_LIMIT_REGISTER_PER_ADDRESS: '100000',
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

async function startPostgres(dataDir: string, settings: Readonly<Record<string, string>>): Promise<EmbeddedPostgres> {
  const postgres = await startEmbeddedPostgres({ dataDir, durable: true })
  if (Object.keys(settings).length === 0) return postgres
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  for (const [name, value] of Object.entries(settings)) await client.query(`ALTER SYSTEM SET ${name} = '${value}'`)
  await client.end()
  await postgres.stop()
  return startEmbeddedPostgres({ dataDir, durable: true })
}
