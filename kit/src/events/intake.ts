import { validate } from 'uuid'
import { plusSeconds, type Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { eventsParked } from '../metrics.ts'
import type { Database } from '../store/database.ts'
import type { Transaction } from '../store/transactions.ts'
import type { Topic } from './contracts.ts'
import { judge, orRefuse, whileHandling, type Handlers } from './handling.ts'
import { lineOf, takeIn } from './inbox.ts'
import type { LogRecord } from './log.ts'
import { park, type Parking } from './parked.ts'

/**
 * What became of an event: it had its effect, was parked or put behind one that is, was known already, or is nothing that the
 * group has a handler for.
 */
export type Outcome = 'handled' | 'parked' | 'behind' | 'known' | 'ignored'

/** Takes one record in. Throws only when the database fails. */
export type Intake = (record: LogRecord, topic: Topic) => Promise<Outcome>

export interface IntakeOptions<Store extends object> {
  group: string
  handlers: Handlers<Store>
  database: Database<Store>
  log: Logger
  clock: Clock
}

/** The one way by which events come into a domain: one transaction each, through the inbox, so that each has its effect once. */
export function createIntake<Store extends object>({ group, handlers, database, log, clock }: IntakeOptions<Store>): Intake {
  return async (record, topic) => {
    const { event } = record
    if (!handlers.concern(event)) return 'ignored'
    if (!validate(event.id) || typeof event.subject !== 'string') {
      log.error({ event, topic: topic.name }, 'something that is no event of ours lies in the log and is skipped')
      return 'ignored'
    }
    const line = lineOf(group, event)
    const keepUntil = plusSeconds(clock.now(), (topic.retentionDays + INBOX_MARGIN_DAYS) * 86_400)
    const parking = (failure: Parking['failure']): Parking => ({ id: database.random.id(), record, failure })
    const begin = (work: (transaction: Transaction<Store>) => Promise<Outcome>) =>
      database.transact<Outcome>(async (transaction) => {
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
    if (outcome === 'parked') eventsParked.inc({ service: group })
    return outcome
  }
}

// The log may deliver an event again for as long as it keeps it.
const INBOX_MARGIN_DAYS = 1
