import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { EmbeddedPostgres, Environment, Logger } from '@stellr/kit'
import pg from 'pg'
import { databaseUrl, prepareDatabases } from './databases.ts'
import { databaseNames, databaseVariable } from './local.ts'
import { subgraphs } from './subgraphs.ts'

export interface DemoGround {
  env: Environment
  dataDir: string
  /** The PostgreSQL that the platform has started; null when it has not. */
  postgres: EmbeddedPostgres | null
  log: Logger
}

/**
 * Fills a school that has just been founded: data of anybody else are never touched. If the process dies on the way, nobody
 * has used the school yet, and the next start begins again. Says whether this is the demo school, and since when.
 */
export async function ensureDemo(
  ground: DemoGround,
  wanted: boolean,
  progress: (what: string) => void,
): Promise<'built' | 'there' | 'none'> {
  const { dataDir, env, postgres, log } = ground
  const unfinished = join(dataDir, 'demo-unfinished')
  const finished = join(dataDir, 'demo')
  const databases = databaseNames(env).map((name) => ({ name: `stellr_${name}`, url: env[databaseVariable(name)] }))
  if (!postgres || databases.some(({ name, url }) => url !== postgres.url(name))) return 'none'
  const founded = await isFounded(
    postgres,
    databases.map(({ name }) => name),
    { anew: existsSync(unfinished) },
  )
  if (founded) return existsSync(finished) ? 'there' : 'none'
  rmSync(finished, { force: true })
  rmSync(unfinished, { force: true })
  if (!wanted) return 'none'
  mkdirSync(dataDir, { recursive: true })
  writeFileSync(unfinished, 'The demo school is being built. When this file is still here at a start, it is built anew.\n')
  await prepareDatabases(env)
  // Most starts need none of it.
  const { buildDemo } = await import('../../demo/build.ts')
  await buildDemo({ env, log, subgraphs, databaseUrl: (name) => databaseUrl(env, name) }, progress)
  renameSync(unfinished, finished)
  return 'built'
}

/** Whether the databases are there already; with `anew` they are taken away first. */
async function isFounded(postgres: EmbeddedPostgres, databases: readonly string[], { anew }: { anew: boolean }): Promise<boolean> {
  const server = new pg.Client({ connectionString: postgres.url('postgres') })
  await server.connect()
  try {
    if (anew) for (const name of databases) await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    const { rowCount } = await server.query('SELECT FROM pg_database WHERE datname = ANY ($1)', [databases])
    return Boolean(rowCount)
  } finally {
    await server.end()
  }
}
