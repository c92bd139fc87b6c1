import { randomBytes } from 'node:crypto'
import pg from 'pg'
import { inject } from 'vitest'
import { fromRoot } from '../paths.ts'
import { migrate } from '../store/migrator.ts'

/** A new, empty database on the test run's server; `label` makes it easy to tell from others. */
export async function testDatabaseUrl(label: string): Promise<string> {
  const url = new URL(inject('testServerUrl'))
  const name = `${label
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '_')
    .slice(0, 40)}_${randomBytes(6).toString('hex')}`
  const client = new pg.Client({ connectionString: url.href })
  await client.connect()
  try {
    await client.query(`CREATE DATABASE "${name}" STRATEGY file_copy`)
  } finally {
    await client.end()
  }
  url.pathname = name
  return url.href
}

/** A new database with the migrations of a domain. */
export async function withMigrations(domain: string): Promise<string> {
  const url = await testDatabaseUrl(domain)
  await migrate(url, fromRoot(`prisma/${domain}/migrations`))
  return url
}
