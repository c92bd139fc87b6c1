import { createDatabaseIfMissing, migrate } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { expect, onTestFinished, test } from 'vitest'
import { migrations } from '../../kit/src/testing/fixture/counter-store.ts'
import { domains } from '../../schema/index.ts'
import { startCounterProcess } from '../testkit/faults/counter-process.ts'
import { createLedger, kept } from '../testkit/faults/ledger.ts'
import { rename, startLoad } from '../testkit/faults/load.ts'
import { openOwnPostgres } from '../testkit/faults/own-postgres.ts'
import { openSchool } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'

const RESTARTS = rounds(20, 20)
const PER_SECOND = 50
const LONGEST_MS = 10_000

test(
  'R19 database restart: everything recovers by itself within ten seconds, and what was acknowledged is there',
  { timeout: 1_200_000 },
  async () => {
    const postgres = await openOwnPostgres({ durable: true })
    const urls = [...domains, 'events'].map((name) => [`${name.toUpperCase()}_DATABASE_URL`, postgres.url(`stellr_${name}`)])
    const school = await openSchool('distributed', { ...Object.fromEntries(urls), AUTH_ACCESS_TOKEN_SECONDS: '3600' })
    onTestFinished(() => school.close())
    const people = await Promise.all(Array.from({ length: 10 }, () => school.register()))
    await school.settle()
    const pids = () => Object.values(school.processes).map((each) => each.pid())
    const before = pids()
    const load = startLoad(people, PER_SECOND, rename)
    const recoveries: number[] = []
    for (let restart = 0; restart < RESTARTS; restart++) {
      const acknowledged = load.ledger.counts().ok
      await expect.poll(() => load.ledger.counts().ok).toBeGreaterThan(acknowledged + PER_SECOND / 2)
      await postgres.restart()
      const back = performance.now()
      await expect.poll(() => ready(school.processes), { timeout: LONGEST_MS, interval: 50 }).toEqual([])
      await expect.poll(() => load.streak, { timeout: LONGEST_MS, interval: 50 }).toBeGreaterThan(PER_SECOND / 2)
      recoveries.push((performance.now() - back) / 1000)
    }
    await load.stop()
    await school.settle()
    expect(pids()).toEqual(before)
    const told = await query<{ name: string }>(
      postgres.url('stellr_events'),
      `SELECT event -> 'data' ->> 'name' AS name FROM event_log.record WHERE event ->> 'type' = 'profile.updated'`,
    )
    expect(load.ledger.compare(told.map(({ name }) => name))).toEqual(kept)
    console.log(
      `R19: ${RESTARTS} restarts under ${PER_SECOND} requests per second; ${String(load.ledger)}; back after ${Math.max(...recoveries).toFixed(1)} s at most`,
    )
  },
)

test(
  'R19 the control: a database that acknowledges before it has written loses writes, and the ledger says which',
  { timeout: 90_000 },
  async () => {
    const postgres = await openOwnPostgres({ durable: false })
    const [databaseUrl, eventsUrl] = [postgres.url('writer'), postgres.url('events')]
    await createDatabaseIfMissing(databaseUrl)
    await createDatabaseIfMissing(eventsUrl)
    await migrate(databaseUrl, migrations)
    const writer = await startCounterProcess({ databaseUrl, log: { EVENTS_DATABASE_URL: eventsUrl } })
    onTestFinished(() => writer.kill())
    const ledger = createLedger()
    let going = true
    const clients = Array.from({ length: 8 }, async () => {
      while (going) {
        const id = crypto.randomUUID()
        await ledger.record(id, () => writer.raise(id))
      }
    })
    await expect.poll(() => ledger.counts().ok).toBeGreaterThan(100)
    const restarting = postgres.restart()
    going = false
    await restarting
    await Promise.all(clients)
    const found = await query<{ id: string }>(databaseUrl, 'SELECT id FROM counter')
    expect(ledger.compare(found.map(({ id }) => id)).lost).not.toEqual([])
  },
)

/** Who is not ready. */
async function ready(processes: Readonly<Record<string, { url: string }>>): Promise<string[]> {
  const asking = Object.entries(processes).map(async ([name, { url }]) => ({ name, status: (await fetch(`${url}/readyz`)).status }))
  return (await Promise.all(asking)).flatMap(({ name, status }) => (status === 200 ? [] : [name]))
}
