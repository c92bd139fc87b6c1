import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fromRoot } from '../kit/src/paths.ts'
import { startEmbeddedPostgres } from '../kit/src/store/embedded-postgres.ts'
import { createDatabaseIfMissing } from '../kit/src/store/migrator.ts'
import { domains } from '../schema/index.ts'
import { prisma } from './prisma-cli.ts'

// pnpm migrate:new <domain> <name> writes what is between the domain's migrations and its schema.prisma as a new migration.
const [domain = '', words = ''] = process.argv.slice(2)
const name = words
  .toLowerCase()
  .replaceAll(/[^a-z0-9]+/g, '_')
  .replaceAll(/^_|_$/g, '')

if (!domains.some((known) => known === domain) || name === '') {
  console.error(`Usage: pnpm migrate:new <domain> <name>, where domain is one of ${domains.join(', ')}.`)
  process.exit(2)
}

const migrations = fromRoot(`prisma/${domain}/migrations`)
const sql = await difference()
if (sql === null) {
  console.log(`prisma/${domain}/schema.prisma asks for nothing that its migrations do not do already.`)
} else {
  const folder = join(migrations, `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`)
  mkdirSync(folder)
  writeFileSync(join(folder, 'migration.sql'), sql)
  console.log(`${sql}\nWritten to ${folder}/migration.sql: read it, and add what Prisma cannot know (partial indexes, data).`)
}

async function difference(): Promise<string | null> {
  mkdirSync(migrations, { recursive: true })
  const lock = join(migrations, 'migration_lock.toml')
  if (!existsSync(lock)) writeFileSync(lock, 'provider = "postgresql"\n')
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-migrate-'))
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  try {
    const shadowUrl = server.url('shadow')
    await createDatabaseIfMissing(shadowUrl)
    const compared = ['--from-migrations', migrations, '--to-schema', fromRoot(`prisma/${domain}/schema.prisma`)]
    const script = await prisma(domain, { url: shadowUrl, shadowUrl }, ['migrate', 'diff', ...compared, '--script'])
    return /^\s*(-- This is an empty migration\.)?\s*$/.test(script) ? null : `${script.trim()}\n`
  } finally {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}
