import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { freePort } from '@stellr/kit'
import { query, testDatabaseUrl } from '@stellr/kit/testing'
import { domains } from '@stellr/schema'
import { expect, onTestFinished, test } from 'vitest'
import { databaseVariable } from './local.ts'
import { startDistributed } from './start-distributed.ts'
import { startPlatform } from './start-platform.ts'

// That both topologies work is what every journey in tests/ shows.
async function ground(): Promise<Record<string, string>> {
  const urls = await Promise.all([...domains, 'events'].map(async (name) => [databaseVariable(name), await testDatabaseUrl(name)]))
  return {
    LOG_LEVEL: 'warn',
    AUTH_SECRET: 'a'.repeat(43),
    PASSPORT_SECRET: 'b'.repeat(43),
    PAYMENTS_SECRET: 'c'.repeat(43),
    ...Object.fromEntries(urls),
  }
}

test('a start that fails at the last step leaves no subgraph at work', async () => {
  const env = await ground()
  const squatter = createServer().listen(0, '127.0.0.1')
  await once(squatter, 'listening')
  onTestFinished(() => void squatter.close())
  const taken = squatter.address()
  const port = taken !== null && typeof taken === 'object' ? taken.port : 0
  await expect(startPlatform({ env, port })).rejects.toThrow('EADDRINUSE')
  const sessions = (name: string) =>
    query(env[databaseVariable(name)] ?? '', 'SELECT FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
  for (const name of [...domains, 'events']) await expect.poll(() => sessions(name)).toEqual([])
})

test('in one process the metrics of all parts are on a port of their own, and nobody reads them at the endpoint', async () => {
  const platform = await startPlatform({ env: { ...(await ground()), METRICS_PORT: '0' }, port: 0 })
  onTestFinished(() => platform.stop())
  const text = await (await fetch(platform.metricsUrl ?? '')).text()
  for (const name of ['stellr_outbox_rows{service="auth"}', 'stellr_outbox_rows{service="users"}', 'stellr_router_revocations_age_seconds'])
    expect(text).toContain(name)
  expect((await fetch(new URL('/metrics', platform.url), { headers: { 'x-forwarded-for': '127.0.0.1' } })).status).toBe(404)
  expect((await fetch(new URL('/metrics', platform.url))).status).toBe(404)
})

test('processes of one machine tell their metrics side by side', async () => {
  const platform = await startDistributed({ env: { ...(await ground()), METRICS_PORT: `${await freePort()}` }, port: 0 })
  onTestFinished(() => platform.stop())
  for (const [name, { url, metricsUrl }] of Object.entries(platform.processes)) {
    expect(await (await fetch(metricsUrl ?? '')).text()).toContain(`service="${name}",route="/readyz"`)
    expect((await fetch(new URL('/metrics', url))).status).toBe(404)
  }
})

test.runIf(process.platform === 'linux')('a process gets its own secrets and no other’s', async () => {
  const env = await ground()
  const platform = await startDistributed({ env, port: 0 })
  onTestFinished(() => platform.stop())
  const secretsOf = (name: string) => {
    const variables = readFileSync(`/proc/${platform.processes[name]?.pid()}/environ`, 'utf8')
      .split('\0')
      .map((entry) => entry.split('=')[0] ?? '')
    return variables.filter((variable) => /SECRET|KEY|DATABASE/.test(variable)).toSorted()
  }
  expect(secretsOf('router')).toEqual(['PASSPORT_SECRET'])
  expect(secretsOf('auth')).toEqual(['AUTH_DATABASE_URL', 'AUTH_SECRET', 'EVENTS_DATABASE_URL', 'PASSPORT_KEY'])
  expect(secretsOf('users')).toEqual(['EVENTS_DATABASE_URL', 'PASSPORT_KEY', 'USERS_DATABASE_URL'])
  expect(secretsOf('payments')).toEqual(['EVENTS_DATABASE_URL', 'PASSPORT_KEY', 'PAYMENTS_DATABASE_URL', 'PAYMENTS_SECRET'])
})
