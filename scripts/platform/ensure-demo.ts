import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EmbeddedPostgres, Environment, Logger } from '@stellr/kit'
import { domains } from '@stellr/schema'
import pg from 'pg'
import { buildDemo } from '../../demo/build.ts'
import { databaseUrl, prepareDatabases } from './databases.ts'
import { subgraphs } from './subgraphs.ts'

export interface DemoGround {
  env: Environment
  dataDir: string
  /** The PostgreSQL that holds every database; null when one of them is elsewhere. */
  postgres: EmbeddedPostgres | null
  log: Logger
}

/**
 * Fills a school that has just been founded: data of anybody else are never touched. If the process dies on the way, nobody
 * has used the school yet, and the next start begins again. True when the school is, or has become, the demo school.
 */
export async function ensureDemo(ground: DemoGround, wanted: boolean, progress: (what: string) => void): Promise<boolean> {
  const { dataDir, env, postgres, log } = ground
  const building = join(dataDir, 'demo-unfinished')
  const built = join(dataDir, 'demo')
  if (existsSync(built)) return true
  if (!postgres) return false
  const unfinished = existsSync(building)
  if (!wanted && !unfinished) return false
  const databases = [...domains, 'events'].map((name) => `stellr_${name}`)
  const server = new pg.Client({ connectionString: postgres.url('postgres') })
  await server.connect()
  try {
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = ANY ($1)', [databases])
    if (!unfinished && rowCount) return false
    for (const name of databases) await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
  } finally {
    await server.end()
  }
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(building, 'The demo school is being built. When this file is still here at a start, it is built anew.\n')
  if (!wanted) return false
  await prepareDatabases(env)
  await buildDemo({ env, log, subgraphs, databaseUrl: (name) => databaseUrl(env, name) }, progress)
  renameSync(building, built)
  return true
}
