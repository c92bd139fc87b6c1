import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import pg from 'pg'
import { afterAll, expect, test } from 'vitest'
import { DataInUseError, startEmbeddedPostgres } from './embedded-postgres.ts'

// Only its owner can enter it, and its name has blanks: both have stopped servers before.
const home = mkdtempSync(join(tmpdir(), 'embedded postgres '))
const dataDir = join(home, 'data')
const start = () => startEmbeddedPostgres({ dataDir, durable: true })

afterAll(() => rmSync(home, { recursive: true, force: true }))

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    return (await client.query(sql)).rows
  } finally {
    await client.end()
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('what is committed is on disk, and nobody gets in without the password or from another machine', async () => {
  const server = await start()
  try {
    const names = ['fsync', 'full_page_writes', 'synchronous_commit', 'listen_addresses', 'server_encoding']
    const rows = await query(server.url('postgres'), `SELECT ${names.map((name) => `current_setting('${name}') AS ${name}`).join(', ')}`)
    expect(rows).toEqual([
      { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on', listen_addresses: '127.0.0.1', server_encoding: 'UTF8' },
    ])
    const guess = new URL(server.url('postgres'))
    guess.password = 'guess'
    await expect(query(guess.href, 'SELECT 1')).rejects.toMatchObject({ code: '28P01' })
    expect(statSync(join(dataDir, 'password')).mode & 0o077).toBe(0)
    expect(statSync(join(dataDir, 'cluster')).mode & 0o077).toBe(0)
  } finally {
    await server.stop()
  }
})

test('after a kill -9 the next start stops the server that was left behind, and finds the data', async () => {
  const code = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('embedded-postgres.ts', import.meta.url).href)})
    const server = await startEmbeddedPostgres({ dataDir: ${JSON.stringify(dataDir)}, durable: true })
    console.log(JSON.stringify({ pid: server.pid, url: server.url('postgres') }))
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  const left = JSON.parse(line) as { pid: number; url: string }
  await query(left.url, 'CREATE TABLE kept (id int); INSERT INTO kept VALUES (1)')
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(isAlive(left.pid)).toBe(true)

  const server = await start()
  try {
    // One data folder never has two servers: this one runs, so the other does not.
    expect(server.pid).not.toBe(left.pid)
    expect(await query(server.url('postgres'), 'SELECT id FROM kept')).toEqual([{ id: 1 }])
  } finally {
    await server.stop()
  }
})

test('a postmaster.pid whose number belongs to somebody else by now does not stop a start', async () => {
  writeFileSync(join(dataDir, 'cluster/postmaster.pid'), `${process.pid}\n/somewhere\n0\n1\n\n127.0.0.1\n`)
  const server = await start()
  try {
    expect(await query(server.url('postgres'), 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  } finally {
    await server.stop()
  }
})

test('of two starts on the same data one runs, and the other says who has it', async () => {
  const outcomes = await Promise.allSettled([start(), start()])
  const servers = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
  const failures = outcomes.flatMap((outcome): unknown[] => (outcome.status === 'rejected' ? [outcome.reason] : []))
  await Promise.all(servers.map((server) => server.stop()))
  expect(servers).toHaveLength(1)
  expect(failures).toEqual([expect.any(DataInUseError)])
  expect(String(failures[0])).toContain(`process ${process.pid}`)
})

test('the port of last time is used again, and another one when it is taken', async () => {
  const before = await start()
  await before.stop()
  const again = await start()
  await again.stop()
  expect(again.port).toBe(before.port)

  const squatter = createServer().listen(before.port, '127.0.0.1')
  await once(squatter, 'listening')
  try {
    const elsewhere = await start()
    await elsewhere.stop()
    expect(elsewhere.port).not.toBe(before.port)
  } finally {
    squatter.close()
  }
})
