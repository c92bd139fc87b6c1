import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { migrations } from '../testing/fixture/counters.ts'
import { testDatabaseUrl } from '../testing/database.ts'
import { createDatabaseIfMissing, migrate, MigrationError, pendingMigrations } from './migrator.ts'

const names = ['20261123090000_counters', '20261123091000_effects']
const pools: pg.Pool[] = []
let directory: string

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'stellr-migrations-'))
  await cp(migrations, directory, { recursive: true })
})

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.end()))
  await rm(directory, { recursive: true })
})

function poolOf(url: string): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max: 2 })
  pools.push(pool)
  return pool
}

async function add(name: string, sql: string): Promise<void> {
  await mkdir(join(directory, name), { recursive: true })
  await writeFile(join(directory, name, 'migration.sql'), sql)
}

test('what is missing is applied once, and written into the books as Prisma does', async () => {
  const url = await testDatabaseUrl('migrator')
  const pool = poolOf(url)
  expect(await pendingMigrations(pool, directory)).toEqual(names)
  expect(await migrate(url, directory)).toEqual(names)
  expect(await migrate(url, directory)).toEqual([])
  expect(await pendingMigrations(pool, directory)).toEqual([])
  const { rows } = await pool.query('SELECT * FROM _prisma_migrations ORDER BY migration_name')
  expect(rows.map((row) => row.migration_name)).toEqual(names)
  for (const row of rows) {
    expect(row).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), checksum: expect.stringMatching(/^[0-9a-f]{64}$/) })
    expect(row).toMatchObject({
      applied_steps_count: 1,
      rolled_back_at: null,
      logs: null,
      finished_at: expect.any(Date),
      started_at: expect.any(Date),
    })
  }
})

test('a later migration is pending until it is applied', async () => {
  const url = await testDatabaseUrl('migrator')
  await migrate(url, directory)
  await add('20261124000000_more', 'CREATE TABLE more (id int)')
  expect(await pendingMigrations(poolOf(url), directory)).toEqual(['20261124000000_more'])
  expect(await migrate(url, directory)).toEqual(['20261124000000_more'])
})

test('ten migrators at once apply each migration once', async () => {
  const url = await testDatabaseUrl('migrator')
  const applied = await Promise.all(Array.from({ length: 10 }, () => migrate(url, directory)))
  expect(applied.flat().toSorted()).toEqual(names)
})

test('a migration that fails is named with its line and reason, and leaves nothing behind', async () => {
  const url = await testDatabaseUrl('migrator')
  await add('20261124000000_broken', 'CREATE TABLE half_done (id int);\n\nALTER TABLE nowhere ADD COLUMN x int;\n')
  const failure = await migrate(url, directory).catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(MigrationError)
  expect(String(failure)).toMatch(/20261124000000_broken\/migration\.sql.* failed: relation "nowhere" does not exist/)
  const pool = poolOf(url)
  expect((await pool.query(`SELECT to_regclass('half_done') AS found`)).rows).toEqual([{ found: null }])
  expect(await pendingMigrations(pool, directory)).toEqual(['20261124000000_broken'])

  await add('20261124000000_broken', 'CREATE TABLE half_done (id int);')
  expect(await migrate(url, directory)).toEqual(['20261124000000_broken'])
})

test('the line of a mistake is the line in the file', async () => {
  const url = await testDatabaseUrl('migrator')
  await add('20261124000000_typo', 'CREATE TABLE fine (id int);\n\nCREATE TABEL x (id int);\n')
  await expect(migrate(url, directory)).rejects.toThrow('migration.sql:3 failed: syntax error at or near "TABEL"')
})

test('a migration that was changed after it was applied is refused, whatever its line ends', async () => {
  const url = await testDatabaseUrl('migrator')
  await migrate(url, directory)
  const [first = ''] = names
  const sql = 'CREATE TABLE a (id int);\nCREATE TABLE b (id int);\n'
  await add('20261124000000_more', sql)
  await migrate(url, directory)
  await add('20261124000000_more', sql.replaceAll('\n', '\r\n'))
  expect(await migrate(url, directory)).toEqual([])
  await add(first, 'SELECT 1;')
  await expect(migrate(url, directory)).rejects.toThrow(/was changed after it was applied/)
})

test('what another tool has left unfinished is not built upon', async () => {
  const url = await testDatabaseUrl('migrator')
  await migrate(url, directory)
  await poolOf(url).query('UPDATE _prisma_migrations SET finished_at = NULL WHERE migration_name = $1', [names[1]])
  await expect(migrate(url, directory)).rejects.toThrow(/20261123091000_effects was begun by another tool/)
})

test('a database is created if it is missing, however many ask', async () => {
  const url = new URL(await testDatabaseUrl('maker'))
  url.pathname += '_new Database"x'
  await Promise.all([1, 2, 3, 4].map(() => createDatabaseIfMissing(url.href)))
  await createDatabaseIfMissing(url.href)
  expect((await poolOf(url.href).query('SELECT current_database() AS name')).rows[0].name).toMatch(/_new Database"x$/)
})
