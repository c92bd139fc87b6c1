import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lockHolder } from './process-lock.ts'

/**
 * The address of a database in the PostgreSQL that another live process has started on `dataDir` by startEmbeddedPostgres;
 * null when none is running. For commands beside a running platform.
 */
export function runningPostgresUrl(dataDir: string, database: string): string | null {
  if (!lockHolder(join(dataDir, 'holder'))) return null
  const [port, password] = ['port', 'password'].map((file) => readFileSync(join(dataDir, file), 'utf8').trim())
  return `postgresql://postgres:${password}@127.0.0.1:${port}/${encodeURIComponent(database)}`
}
