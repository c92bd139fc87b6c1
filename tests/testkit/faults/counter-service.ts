import { z } from 'zod'
import { environment, readConfig } from '../../../kit/src/config.ts'
import { kafkaConfig } from '../../../kit/src/events/kafka-log-config.ts'
import { openKafkaLog } from '../../../kit/src/events/kafka-log.ts'
import { usesKafka } from '../../../kit/src/events/open-event-log.ts'
import { openPostgresLog } from '../../../kit/src/events/postgres-log.ts'
import { startRelay } from '../../../kit/src/events/relay.ts'
import { armFaults, faultConfig } from '../../../kit/src/faults.ts'
import { createLogger } from '../../../kit/src/log.ts'
import { openDatabase } from '../../../kit/src/store/database.ts'
import {
  counterEvent,
  CounterEchoed,
  CounterRaised,
  counterStore,
  countersTopic,
  echoesTopic,
} from '../../../kit/src/testing/fixture/counter-store.ts'
import { listenTo, withoutMechanism, without } from './counter-service-broken.ts'

// The smallest service with everything that a crash can hit: it writes, publishes and hears. Run as a process of its own by
// counter-process.ts, which asks over the channel.
const config = z.object({
  databaseUrl: z.url().optional(),
  readerUrl: z.url().optional(),
  eventsDatabaseUrl: z.string().default(''),
  batch: z.coerce.number().default(100),
  sessionTimeoutMs: z.coerce.number().default(10_000),
  without: without.optional(),
  logLevel: z.string().default('silent'),
  ...faultConfig.shape,
})

const env = environment()
const settings = readConfig({ '': config }, env)['']
const { batch, sessionTimeoutMs } = settings
armFaults(settings.fault)
const log = createLogger({ name: `counters ${process.pid}`, level: settings.logLevel })
const open = async (url: string | undefined) =>
  url === undefined ? null : openDatabase({ name: 'counters', url, store: counterStore, log })
const [writer, reader] = [await open(settings.databaseUrl), await open(settings.readerUrl)]
const openLog = async () =>
  usesKafka(env)
    ? openKafkaLog({ settings: readConfig({ kafka: kafkaConfig }, env).kafka, log, batch, sessionTimeoutMs })
    : openPostgresLog({ url: settings.eventsDatabaseUrl, log, batch, claimTimeoutMs: sessionTimeoutMs })
const eventLog = withoutMechanism(settings.without, await openLog(), writer?.pool)
await eventLog.ensureTopics([countersTopic, echoesTopic])
const work = [
  ...(writer ? [startRelay({ database: writer, eventLog, log })] : []),
  ...(reader ? [await listenTo(settings.without, eventLog, reader, log)] : []),
]
process.once('SIGTERM', () => void leave())

process.on('message', (question: { ask: number; counterId: string }) => void answer(question))
process.send?.('ready')

async function leave(): Promise<void> {
  await Promise.all(work.map((part) => part.stop()))
  await eventLog.close()
  process.exit()
}

async function answer({ ask, counterId }: { ask: number; counterId: string }): Promise<void> {
  try {
    process.send?.({ ask, version: await raise(counterId) })
  } catch (error) {
    process.send?.({ ask, error: String(error) })
  }
}

/** Raises a counter and tells both topics of it. */
async function raise(id: string): Promise<number> {
  if (!writer) throw new Error('this process does not write')
  return writer.store().transaction(async (tx) => {
    const counter = await tx.raise(id)
    if (settings.without === 'outbox') await eventLog.append(countersTopic.name, [counterEvent(id, counter.version)])
    await tx.outbox.add(CounterRaised, counter, { counterId: id, version: counter.version })
    await tx.outbox.add(CounterEchoed, counter, { counterId: id, version: counter.version })
    return counter.version
  })
}
