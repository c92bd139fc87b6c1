import { validate } from 'uuid'
import { plusSeconds, systemClock, type Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Transaction } from '../store/transactions.ts'
import type { Consumer } from './consumers.ts'
import type { Envelope, Topic } from './contracts.ts'
import { createHandlers, judge, orRefuse, whileHandling } from './handling.ts'
import { lineOf, takeIn } from './inbox.ts'
import type { EventLog } from './log.ts'
import { park, type Parking } from './parked.ts'
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

  async function receive(event: Envelope, topic: Topic): Promise<void> {
    if (!handlers.concern(event)) return
    if (!validate(event.id) || typeof event.subject !== 'string') {
      log.error({ event, topic: topic.name }, 'something that is no event of ours lies in the log and is skipped')
      return
    }
    const line = lineOf(group, event)
    const keepUntil = plusSeconds(clock.now(), (topic.retentionDays + INBOX_MARGIN_DAYS) * 86_400)
    const parking = (failure: Parking['failure']): Parking => ({ id: database.random.id(), topic: topic.name, event, failure })
    const begin = (work: (transaction: Transaction<Store>) => Promise<Outcome>) =>
      database.transact(async (transaction) => {
        const place = await takeIn(transaction.sql, line, event, keepUntil)
        if (place === 'new') return work(transaction)
        if (place === 'behind') await park(transaction.sql, line, parking(null))
        return place
      })

    const outcome = await whileHandling(event, () =>
      orRefuse<Transaction<Store>, Outcome>(
        begin,
        async (transaction) => {
          await handlers.run(event, transaction)
          return 'handled'
        },
        async ({ sql }, error) => {
          const { failure } = judge(error, { tries: 0, waits: 0 }, clock.now())
          log.warn(
            { err: error, group, event: event.id, type: event.type, aggregate: event.subject },
            'an event could not be handled and is parked',
          )
          await park(sql, line, parking(failure))
          return 'parked'
        },
      ),
    )
    if (outcome === 'handled') onHandled?.(event)
    if (outcome === 'parked') retries.wake()
  }

  const subscribing = eventLog.subscribe(group, [...topics.values()], async (records, signal) => {
    for (const { event, topic: name } of records) {
      signal.throwIfAborted()
      const topic = topics.get(name)
      if (topic) await receive(event, topic)
    }
  })
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

type Outcome = 'handled' | 'parked' | 'behind' | 'known'

// The log may deliver an event again for as long as it keeps it.
const INBOX_MARGIN_DAYS = 1
