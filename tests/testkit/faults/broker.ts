import { openPostgresLog, type EventLog } from '@stellr/kit'
import { testDatabaseUrl } from '@stellr/kit/testing'
import { onTestFinished } from 'vitest'
import { silent } from '../../../kit/src/testing/fixture/counter-store.ts'
import { openFaultProxy, type NetworkFault } from './proxy.ts'

/** An event log of its own for a test, and a way to it that can be made bad. All of it ends with the test. */
export interface Broker {
  /** The settings of a process that shall reach it by way of the proxy. */
  env: Record<string, string>
  /** Makes the way to it bad for those processes, or good again with {}. */
  fault(fault: NetworkFault): void
  /** The log itself, which no fault stands before. */
  eventLog: EventLog
}

/** The Postgres log: its broker is its database. */
export async function openBroker(): Promise<Broker> {
  const url = await testDatabaseUrl('events')
  const { hostname, port } = new URL(url)
  const proxy = await openFaultProxy({ host: hostname, port: Number(port) })
  onTestFinished(() => proxy.close())
  const eventLog = await openPostgresLog({ url, log: silent })
  onTestFinished(() => eventLog.close())
  return { env: { EVENTS_DATABASE_URL: proxy.through(url) }, fault: proxy.set, eventLog }
}
