import { migrate, type EventLog } from '@stellr/kit'
import { query, testDatabaseUrl } from '@stellr/kit/testing'
import { expect, onTestFinished } from 'vitest'
import { countersTopic, echoesTopic, migrations } from '../../../kit/src/testing/fixture/counter-store.ts'
import type { Broker } from './broker.ts'
import { startCounterProcess, type CounterProcess, type CounterProcessOptions } from './counter-process.ts'

/** A domain that counts and one that hears of it, each with a database of its own, and an event log between them. */
export interface CounterWorld {
  databaseUrl: string
  readerUrl: string
  eventLog: EventLog
  /** Starts a process that writes, publishes and hears, unless told otherwise. It ends with the test. */
  start(options?: Partial<CounterProcessOptions>): Promise<CounterProcess>
  /** Waits, a minute at most, until nothing is unpublished and nothing unheard. A process must be at work. */
  settle(): Promise<void>
  /** The counters that there are. */
  counters(): Promise<string[]>
  /** The ids of the events that were committed. */
  committed(): Promise<string[]>
  /** The ids of the events in the log, each as often as it lies there. */
  delivered(): Promise<string[]>
  /** The ids of the events that were taken in. */
  inbox(): Promise<string[]>
  /** What had an effect, in the order of the effects. */
  effects(): Promise<{ id: string; counterId: string; version: number }[]>
}

export async function openCounterWorld({ env, eventLog }: Broker): Promise<CounterWorld> {
  const [databaseUrl, readerUrl] = await Promise.all([testDatabaseUrl('writer'), testDatabaseUrl('reader')])
  await Promise.all([migrate(databaseUrl, migrations), migrate(readerUrl, migrations)])
  await eventLog.ensureTopics([countersTopic, echoesTopic])
  const processes: CounterProcess[] = []
  onTestFinished(async () => {
    await Promise.all(processes.map((each) => each.kill()))
  })
  const ids = async (url: string, text: string) => (await query<{ id: string }>(url, text)).map(({ id }) => id)
  return {
    databaseUrl,
    readerUrl,
    eventLog,
    async start(options = {}) {
      const started = await startCounterProcess({ databaseUrl, readerUrl, log: env, ...options })
      processes.push(started)
      return started
    },
    async settle() {
      const unpublished = () => query(databaseUrl, 'SELECT FROM stellr.outbox WHERE published_at IS NULL LIMIT 1')
      // A group that has never been seen waits for nothing.
      const waiting = async () => {
        const positions = await eventLog.positions('readers')
        const unheard = positions.filter(({ next, end }) => next < end)
        return { unpublished: (await unpublished()).length, unheard, partitions: positions.length }
      }
      const partitions = countersTopic.partitions + echoesTopic.partitions
      await expect.poll(waiting, { timeout: 60_000 }).toEqual({ unpublished: 0, unheard: [], partitions })
    },
    counters: () => ids(databaseUrl, 'SELECT id FROM counter'),
    committed: () => ids(databaseUrl, 'SELECT event_id AS id FROM stellr.outbox'),
    async delivered() {
      const found: string[] = []
      for (const { name } of [countersTopic, echoesTopic]) for await (const { event } of eventLog.read(name)) found.push(event.id)
      return found
    },
    inbox: () => ids(readerUrl, `SELECT event_id AS id FROM stellr.inbox WHERE group_name = 'readers'`),
    effects: () => query(readerUrl, 'SELECT event_id AS id, counter_id AS "counterId", version FROM effect ORDER BY id'),
  }
}
