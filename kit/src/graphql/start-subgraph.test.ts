import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import { z } from 'zod'
import type { EventLog } from '../events/log.ts'
import { systemRandom } from '../ids.ts'
import { readMetrics } from '../metrics.ts'
import { migrate } from '../store/migrator.ts'
import type { SubgraphDefinition } from '../subgraph.ts'
import { testDatabaseUrl } from '../testing/database.ts'
import { counterEvent, countersTopic, counterStore, migrations, openLog, silent, type CounterStore } from '../testing/fixture/counters.ts'
import { atTheEnd, note, onRaised } from '../testing/fixture/reader.ts'
import { query } from '../testing/query.ts'
import { startSubgraph } from './start-subgraph.ts'

type Definition = SubgraphDefinition<z.ZodObject, CounterStore, unknown>

const schema = buildSchema('type Query { nothing: Int }')

async function starting(overrides: { definition?: Partial<Definition>; log?: Partial<EventLog> }) {
  const [databaseUrl, log] = await Promise.all([testDatabaseUrl('counters'), openLog()])
  atTheEnd(() => log.close())
  await migrate(databaseUrl, migrations)
  const definition: Definition = {
    name: 'counters',
    config: z.object({}),
    store: counterStore,
    resolvers: {},
    publishes: [countersTopic],
    consumers: [note],
    ...overrides.definition,
  }
  const start = startSubgraph(
    definition,
    { schema, topics: [countersTopic], migrations },
    { settings: {}, databaseUrl, eventLog: { ...log, ...overrides.log }, log: silent },
  )
  return { start, databaseUrl, log }
}

const fail = async () => {
  throw new Error('out of luck')
}

test.each([
  ['its services', { definition: { services: fail } }],
  ['services that fail at once', { definition: { services: () => JSON.parse('{') } }],
  ['the topics', { log: { ensureTopics: fail } }],
  ['the consumers, the relay being at work', { log: { subscribe: fail } }],
])('a start that fails with %s leaves nothing at work', async (_what, overrides) => {
  const { start, databaseUrl } = await starting(overrides)
  await expect(start).rejects.toThrow(/out of luck|JSON/)
  const sessions = () =>
    query(databaseUrl, 'SELECT application_name FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()')
  await expect.poll(sessions).toEqual([])
})

test('events that could not be handled show in the metrics', async () => {
  const { start, log } = await starting({ definition: { consumers: [onRaised(fail)] } })
  const running = await start
  atTheEnd(() => running.stop())
  const one = systemRandom.id()
  await log.append('counters', [counterEvent(one, 1), counterEvent(one, 2), counterEvent(systemRandom.id(), 1)])
  await expect.poll(() => running.settled()).toBe(true)
  const text = await readMetrics()
  expect(text).toContain('stellr_parked_events{service="counters",state="RETRYING"} 2')
  expect(text).toContain('stellr_parked_events{service="counters",state="BEHIND"} 1')
  expect(text).toContain('stellr_parked_events{service="counters",state="DEAD"} 0')
  expect(text).toContain('stellr_consumer_lag{service="counters",topic="counters"} 0')
})
