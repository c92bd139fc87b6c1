import { createHash, randomUUID } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import pg from 'pg'
import { platformSql } from './platform-sql.ts'

/**
 * Brings the database at `url` up to date: applies the migrations in `directory` that it does not have, keeping
 * Prisma's own books (`_prisma_migrations`) so that `prisma migrate deploy` and `status` find nothing to do, then kit's
 * tables. Any number of processes may do so at once. Returns the names of what it applied. A migration that fails
 * throws a MigrationError and leaves no trace in the database.
 */
export async function migrate(url: string, directory: string): Promise<string[]> {
  const migrations = await readMigrations(directory)
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  // Without a listener a connection that breaks between two statements would end the process; the next statement fails anyway.
  client.on('error', () => {})
  await client.connect()
  try {
    await client.query(`SET lock_timeout = '60s'`)
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK])
    await client.query(prismaTable)
    const done = await appliedMigrations(client)
    const applied: string[] = []
    for (const migration of migrations) {
      const checksum = done.get(migration.name)
      if (checksum === undefined) {
        await apply(client, migration)
        applied.push(migration.name)
      } else if (!checksumsOf(migration.sql).includes(checksum)) {
        throw new MigrationError(`${migration.path} was changed after it was applied: restore it, and put the change into a new migration`)
      }
    }
    await inTransaction(client, () => client.query(platformSql))
    return applied
  } finally {
    await client.end()
  }
}

/** The database cannot be brought up to date: says which file is to blame, and why. */
export class MigrationError extends Error {
  override name = 'MigrationError'
}

/** Creates the database that `url` names unless it is there. Needs the right to, and a database called postgres. */
export async function createDatabaseIfMissing(url: string): Promise<void> {
  const name = decodeURIComponent(new URL(url).pathname.slice(1))
  try {
    await withClient(url, async () => {})
    return
  } catch (error) {
    if (sqlState(error) !== '3D000') throw error
  }
  const maintenance = new URL(url)
  maintenance.pathname = '/postgres'
  await withClient(maintenance.href, async (client) => {
    try {
      await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`)
    } catch (error) {
      // Somebody else has just made it: one of the two codes, depending on how close the race was.
      if (sqlState(error) !== '42P04' && sqlState(error) !== '23505') throw error
    }
  })
}

/** Names of the migrations in `directory` that the database does not have. */
export async function pendingMigrations(pool: pg.Pool, directory: string): Promise<string[]> {
  const names = await migrationNames(directory)
  try {
    const { rows } = await pool.query<{ name: string }>(
      'SELECT migration_name AS name FROM _prisma_migrations WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL',
    )
    const done = new Set(rows.map((row) => row.name))
    return names.filter((name) => !done.has(name))
  } catch (error) {
    if (sqlState(error) === '42P01') return names
    throw error
  }
}

// The lock that Prisma's schema engine takes, so that neither runs beside the other.
const PRISMA_LOCK = 72707369

const prismaTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id varchar(36) PRIMARY KEY NOT NULL,
  checksum varchar(64) NOT NULL,
  finished_at timestamptz,
  migration_name varchar(255) NOT NULL,
  logs text,
  rolled_back_at timestamptz,
  started_at timestamptz NOT NULL DEFAULT now(),
  applied_steps_count integer NOT NULL DEFAULT 0
)`

interface Migration {
  name: string
  path: string
  sql: string
}

async function readMigrations(directory: string): Promise<Migration[]> {
  const names = await migrationNames(directory)
  return Promise.all(
    names.map(async (name) => {
      const path = join(directory, name, 'migration.sql')
      return { name, path, sql: await readFile(path, 'utf8') }
    }),
  )
}

async function migrationNames(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  return entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .toSorted()
}

async function appliedMigrations(client: pg.Client): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string; finished: boolean }>(
    'SELECT migration_name AS name, checksum, finished_at IS NOT NULL AS finished FROM _prisma_migrations WHERE rolled_back_at IS NULL',
  )
  const unfinished = rows.find((row) => !row.finished)
  if (unfinished) {
    throw new MigrationError(
      `${unfinished.name} was begun by another tool and did not finish: repair it, then \`prisma migrate resolve\` it`,
    )
  }
  return new Map(rows.map((row) => [row.name, row.checksum]))
}

async function apply(client: pg.Client, { name, path, sql }: Migration): Promise<void> {
  const id = randomUUID()
  await inTransaction(client, async () => {
    await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, sha256(sql), name])
    try {
      await client.query(sql)
    } catch (error) {
      throw new MigrationError(`${path}${lineOf(error, sql)} failed: ${error instanceof Error ? error.message : String(error)}`, {
        cause: error,
      })
    }
    await client.query('UPDATE _prisma_migrations SET finished_at = clock_timestamp(), applied_steps_count = 1 WHERE id = $1', [id])
  })
}

async function inTransaction(client: pg.Client, work: () => Promise<unknown>): Promise<void> {
  await client.query('BEGIN')
  try {
    await work()
    await client.query('COMMIT')
  } catch (error) {
    // A connection that is gone has rolled back by itself: the error to report is the first one.
    await client.query('ROLLBACK').catch(() => {})
    throw error
  }
}

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 10_000 })
  client.on('error', () => {})
  await client.connect()
  try {
    await work(client)
  } finally {
    await client.end()
  }
}

// A checkout that changed line ends has not changed the migration.
function checksumsOf(sql: string): string[] {
  const unix = sql.replaceAll('\r\n', '\n')
  return [sha256(sql), sha256(unix), sha256(unix.replaceAll('\n', '\r\n'))]
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}

function lineOf(error: unknown, sql: string): string {
  if (!(error instanceof pg.DatabaseError) || error.position === undefined) return ''
  return `:${sql.slice(0, Number(error.position)).split('\n').length}`
}

function sqlState(error: unknown): string | undefined {
  return error instanceof pg.DatabaseError ? error.code : undefined
}
