import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { environment, freePort, type EventLog } from '@stellr/kit'
import { testDatabaseUrl } from '@stellr/kit/testing'
import { onTestFinished } from 'vitest'
import { openEventLog } from '../../../kit/src/events/open-event-log.ts'
import { silent } from '../../../kit/src/testing/fixture/counter-store.ts'
import { hasKafka, testKafkaBrokers } from '../../../kit/src/testing/kafka.ts'
import { startBroker } from '../../../scripts/kafka/broker.ts'
import { kafkaProgram } from '../../../scripts/kafka/program.ts'
import { soak } from '../soak.ts'
import { openFaultProxy, type NetworkFault } from './proxy.ts'

export type LogKind = 'Postgres' | 'Kafka'

/** The event logs that a guarantee can be shown on here. */
export const logKinds: readonly LogKind[] = hasKafka() ? ['Postgres', 'Kafka'] : ['Postgres']

/** Those that can be cut off here: a Kafka of its own costs so much that only the long form, and who requires Kafka, has one. */
export const faultyLogKinds: readonly LogKind[] = soak || environment()['STELLR_KAFKA'] === 'required' ? logKinds : ['Postgres']

/** An event log of its own for a test. It ends with the test. */
export interface Broker {
  kind: LogKind
  /** The settings of a process that shall use it. */
  env: Record<string, string>
  eventLog: EventLog
}

/** An event log on the server that all tests share. */
export async function openBroker(kind: LogKind): Promise<Broker> {
  return kind === 'Kafka'
    ? opened(kind, kafka(await testKafkaBrokers()))
    : opened(kind, { EVENTS_DATABASE_URL: await testDatabaseUrl('events') })
}

/** An event log, and a way to it for everybody that can be made bad: for the Postgres log to its database, for Kafka to a broker of its own. */
export async function openFaultyBroker(kind: LogKind): Promise<Broker & { fault(fault: NetworkFault): void }> {
  const url = new URL(kind === 'Postgres' ? await testDatabaseUrl('events') : `tcp://127.0.0.1:${await freePort()}`)
  const port = Number(url.port)
  const proxy = await openFaultProxy({ host: url.hostname, port })
  onTestFinished(() => proxy.close())
  if (kind === 'Postgres') return { ...(await opened(kind, { EVENTS_DATABASE_URL: proxy.through(url.href) })), fault: proxy.set }
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-kafka-'))
  const broker = await startBroker({ program: await kafkaProgram(environment()), dataDir, port, advertisedPort: proxy.port })
  onTestFinished(async () => {
    await broker.stop('SIGKILL')
    rmSync(dataDir, { recursive: true, force: true })
  })
  return { ...(await opened(kind, kafka(broker.brokers))), fault: proxy.set }
}

function kafka(brokers: string): Record<string, string> {
  return { KAFKA_BROKERS: brokers, KAFKA_PREFIX: `t${randomBytes(6).toString('hex')}.`, KAFKAJS_NO_PARTITIONER_WARNING: '1' }
}

async function opened(kind: LogKind, env: Record<string, string>): Promise<Broker> {
  const eventLog = await openEventLog(env, silent)
  onTestFinished(() => eventLog.close())
  return { kind, env, eventLog }
}
