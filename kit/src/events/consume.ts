import { systemClock, type Clock } from '../clock.ts'
import { faultPoint } from '../faults.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Consumer } from './consumers.ts'
import type { Envelope, Topic } from './contracts.ts'
import { createHandlers } from './handling.ts'
import { createIntake } from './intake.ts'
import type { EventLog, LogRecord } from './log.ts'
import { startRetries } from './retries.ts'

export interface ConsumersOptions<Store extends object> {
  /** The consumer group: every replica of a domain is a member of the same. */
  group: string
  consumers: readonly Consumer<Store>[]
  database: Database<Store>
  eventLog: EventLog
  log: Logger
  clock?: Clock
  /** Called after an event's effect has been committed. */
  onHandled?: (event: Envelope) => void
}

/**
 * Hears events. Each is taken in by one transaction: it has its effect once however often it is delivered, or is parked
 * with those of its aggregate behind it, while all others go on. Only failures of the database make the log wait.
 */
export async function startConsumers<Store extends object>(options: ConsumersOptions<Store>): Promise<{ stop(): Promise<void> }> {
  const { group, consumers, database, eventLog, log, clock = systemClock, onHandled } = options
  const handlers = createHandlers(consumers)
  const topics = new Map(consumers.map(({ event }) => [event.topic.name, event.topic]))
  const retries = startRetries({ group, handlers, database, log, clock, onHandled })

  const intake = createIntake({ group, handlers, database, log, clock })

  async function receive(record: LogRecord, topic: Topic): Promise<void> {
    const outcome = await intake(record, topic)
    // The log moves a group on when a batch is done: dying here makes this event come again.
    if (outcome !== 'ignored') faultPoint('consumer.after_commit_before_offset')
    if (outcome === 'handled') onHandled?.(record.event)
    if (outcome === 'parked') retries.wake()
  }

  const subscribing = eventLog.subscribe(group, [...topics.values()], (records, signal) =>
    inLines(records, async (record) => {
      signal.throwIfAborted()
      const topic = topics.get(record.topic)
      if (topic) await receive(record, topic)
    }),
  )
  const subscription = await subscribing.catch(async (error: unknown) => {
    await retries.stop()
    throw error
  })

  return {
    async stop() {
      await subscription.stop()
      await retries.stop()
    },
  }
}

// Commits of side by side are written to disk together; more than this would leave requests no connection.
const LINES_AT_ONCE = 2

/** Works on several aggregates at once, on the events of each in their order. Throws when all that was begun has ended. */
async function inLines(records: readonly LogRecord[], work: (record: LogRecord) => Promise<void>): Promise<void> {
  const lines = Map.groupBy(records, ({ event }) => event.subject).values()
  let failed = false
  const worker = async () => {
    for (const line of lines) {
      for (const record of line) {
        if (failed) return
        await work(record)
      }
    }
  }
  const workers = Array.from({ length: LINES_AT_ONCE }, () =>
    worker().catch((error: unknown) => {
      failed = true
      throw error
    }),
  )
  const failure = (await Promise.allSettled(workers)).find((outcome) => outcome.status === 'rejected')
  if (failure) throw failure.reason
}
