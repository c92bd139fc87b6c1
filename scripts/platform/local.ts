import { resolve } from 'node:path'
import {
  createLogger,
  freePort,
  readConfig,
  startEmbeddedPostgres,
  usesKafka,
  type EmbeddedPostgres,
  type Environment,
  type Logger,
} from '@stellr/kit'
import { routerConfig } from '@stellr/router'
import { domains } from '@stellr/schema'
import { localSecrets } from './local-secrets.ts'
import { requireFreePort } from './port-holder.ts'
import { localConfig, platformSections } from './settings.ts'

/** What a start on one machine stands on. */
export interface LocalGround {
  /** The environment with everything filled in that was left out: secrets and databases. */
  env: Environment
  dataDir: string
  log: Logger
  /** The PostgreSQL that was started; null when every database is elsewhere. */
  postgres: EmbeddedPostgres | null
  /** Resolves with what happened when that PostgreSQL ended by itself. */
  broken: Promise<string>
  stop(): Promise<void>
}

/**
 * Makes up the secrets that are not set and a port for the metrics, and starts a PostgreSQL for the databases that are not
 * named. Whatever is wrong with the settings, or with the ports where something will listen, is said before anything is started.
 */
export async function prepareGround(given: Environment, { willListen = false } = {}): Promise<LocalGround> {
  const { dataDir: folder, logLevel } = readConfig({ '': localConfig }, given)['']
  const dataDir = resolve(folder)
  const env: Record<string, string> = { ...localSecrets(dataDir), ...withoutEmpty(given) }
  readConfig(platformSections, env)
  if (willListen) env['METRICS_PORT'] = `${await requirePorts(env)}`
  const log = createLogger({ name: 'stellr', level: logLevel })
  const missing = databaseNames(env).filter((name) => env[databaseVariable(name)] === undefined)
  const postgres = missing.length > 0 ? await startEmbeddedPostgres({ dataDir: resolve(dataDir, 'postgres'), durable: true, log }) : null
  const urls = missing.flatMap((name) => (postgres ? [[databaseVariable(name), postgres.url(`stellr_${name}`)]] : []))
  const { promise: broken, resolve: brokeDown } = Promise.withResolvers<string>()
  let stopping = false
  void postgres?.ended.then(() => {
    if (!stopping) brokeDown(`PostgreSQL ended by itself; ${dataDir}/postgres/postgres.log may say why.`)
  })
  return {
    env: { ...env, ...Object.fromEntries(urls) },
    dataDir,
    log,
    postgres,
    broken,
    async stop() {
      stopping = true
      await postgres?.stop()
    },
  }
}

// Returns the port for the metrics.
async function requirePorts(env: Environment): Promise<number> {
  const { router, '': own } = readConfig({ router: routerConfig, '': localConfig }, env)
  await requireFreePort(router.port)
  if (own.metricsPort === undefined) return freePort(METRICS_PORT)
  await requireFreePort(own.metricsPort, 'METRICS_PORT')
  return own.metricsPort
}

const METRICS_PORT = 9464

/** Who needs a database: every domain, and `events` unless they go through Kafka. */
export function databaseNames(env: Environment): string[] {
  return [...domains, ...(usesKafka(env) ? [] : ['events'])]
}

/** The variable that names the database of a domain, or of `events`. */
export function databaseVariable(name: string): string {
  return `${name.toUpperCase()}_DATABASE_URL`
}

function withoutEmpty(env: Environment): Record<string, string> {
  return Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value ? [[name, value]] : [])))
}
