import { channel } from 'node:diagnostics_channel'
import pg from 'pg'
import { expect, test } from 'vitest'
import { countStatements, manualClock, testDatabaseUrl, withMigrations } from './index.ts'

test('each call makes an empty database of its own', async () => {
  const urls = await Promise.all([testDatabaseUrl('Same name'), testDatabaseUrl('Same name')])
  const counts = await Promise.all(
    urls.map(async (url) => {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      await client.query('CREATE TABLE only_here (id int)')
      const { rowCount } = await client.query(`SELECT FROM pg_tables WHERE schemaname = 'public'`)
      await client.end()
      return rowCount
    }),
  )
  expect(counts).toEqual([1, 1])
})

test('a domain’s database has its tables and those of the kit', async () => {
  const client = new pg.Client({ connectionString: await withMigrations('users') })
  await client.connect()
  const { rows } = await client.query(
    `SELECT to_regclass('public.profile') IS NOT NULL AS own, to_regnamespace('stellr') IS NOT NULL AS kit`,
  )
  await client.end()
  expect(rows).toEqual([{ own: true, kit: true }])
})

test('a manual clock moves only when it is told to', () => {
  const clock = manualClock()
  const before = clock.now()
  clock.advance(90)
  expect(clock.now().getTime() - before.getTime()).toBe(90_000)
})

test('statements are counted while the work lasts and no longer', async () => {
  const announce = (text: string) => channel('stellr:sql').publish({ database: 'auth', text })
  const { result, statements } = await countStatements(async () => {
    announce('SELECT 1')
    return 'done'
  })
  announce('SELECT 2')
  expect(result).toBe('done')
  expect(statements).toEqual([{ database: 'auth', text: 'SELECT 1' }])
})
