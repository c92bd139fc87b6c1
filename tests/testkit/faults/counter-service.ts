import { z } from 'zod'
import { environment, readConfig } from '../../../kit/src/config.ts'
import { openPostgresLog } from '../../../kit/src/events/postgres-log.ts'
import { startRelay } from '../../../kit/src/events/relay.ts'
import { armFaults, faultConfig } from '../../../kit/src/faults.ts'
import { openDatabase } from '../../../kit/src/store/database.ts'
import { counterEvent, CounterEchoed, CounterRaised, counterStore, countersTopic, echoesTopic, silent } from '../../../kit/src/testing/fixture/counter-store.ts'
import { listenTo, withoutMechanism, without } from './counter-service-broken.ts'

// The smallest service with everything that a crash can hit: it writes, publishes and hears. Run as a process of its own by
// counter-process.ts, which asks over the channel.
const config = z.object({
  databaseUrl: z.url().optional(),
  readerUrl: z.url().optional(),
  eventsDatabaseUrl: z.url(),
  batch: z.coerce.number().default(100),
  claimTimeoutMs: z.coerce.number().default(10_000),
  without: without.optional(),
  ...faultConfig.shape,
})

const settings = readConfig({ '': config }, environment())['']
const { batch, claimTimeoutMs } = settings
armFaults(settings.fault)
const open = async (url: string | undefined) =>
  url === undefined ? null : openDatabase({ name: 'counters', url, store: counterStore, log: silent })
const [writer, reader] = [await open(settings.databaseUrl), await open(settings.readerUrl)]
const eventLog = withoutMechanism(
  settings.without,
  await openPostgresLog({ url: settings.eventsDatabaseUrl, log: silent, batch, claimTimeoutMs }),
  writer?.pool,
)
await eventLog.ensureTopics([countersTopic, echoesTopic])
const work = [
  ...(writer ? [startRelay({ database: writer, eventLog, log: silent })] : []),
  ...(reader ? [await listenTo(settings.without, eventLog, reader)] : []),
]
process.once('SIGTERM', async () => {
  await Promise.all(work.map((part) => part.stop()))
  process.exit()
})

process.on('message', async ({ ask, counterId }: { ask: number; counterId: string }) => {
  try {
    process.send?.({ ask, version: await raise(counterId) })
  } catch (error) {
    process.send?.({ ask, error: String(error) })
  }
})
process.send?.('ready')

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
