import type { Database, EventDef, EventLog, Logger } from '@stellr/kit'
import type pg from 'pg'
import { z } from 'zod'
import type { Subscription } from '../../../kit/src/events/log.ts'
import { startConsumers } from '../../../kit/src/events/consume.ts'
import { on } from '../../../kit/src/events/consumers.ts'
import { faultPoint } from '../../../kit/src/faults.ts'
import {
  CounterEchoed,
  CounterRaised,
  countersTopic,
  echoesTopic,
  type CounterStore,
} from '../../../kit/src/testing/fixture/counter-store.ts'

/** Which mechanism a control does without, to see the check of its guarantee go red. */
export const without = z.enum(['outbox', 'inbox', 'sending-before-marking', 'effect-before-offset'])
export type Without = z.output<typeof without>

/** The log as it is used when a mechanism is missing around it. */
export function withoutMechanism(missing: Without | undefined, log: EventLog, outbox: pg.Pool | undefined): EventLog {
  if (missing === 'sending-before-marking')
    return {
      ...log,
      async append(topic, events) {
        const ids = events.map(({ id }) => id)
        await outbox?.query('UPDATE stellr.outbox SET published_at = now() WHERE event_id = ANY($1::uuid[])', [ids])
        faultPoint('relay.mid_batch')
        await log.append(topic, events)
      },
    }
  if (missing === 'effect-before-offset')
    return {
      ...log,
      subscribe: (group, topics, handler) => log.subscribe(group, topics, async (records, signal) => void handler(records, signal)),
    }
  return log
}

/** Writes down every event that arrives, in group `readers`; without the inbox, every time that it arrives. */
export async function listenTo(
  missing: Without | undefined,
  eventLog: EventLog,
  database: Database<CounterStore>,
  log: Logger,
): Promise<Subscription> {
  const note = (event: EventDef) => on<EventDef, CounterStore>(event, (envelope, tx) => tx.note(envelope))
  if (missing !== 'inbox') {
    const consumers = [note(CounterRaised), note(CounterEchoed)]
    return startConsumers({ group: 'readers', consumers, database, eventLog, log })
  }
  return eventLog.subscribe('readers', [countersTopic, echoesTopic], async (records, signal) => {
    for (const { event } of records) {
      signal.throwIfAborted()
      await database.store().transaction((tx) => tx.note(event))
      faultPoint('consumer.after_commit_before_offset')
    }
  })
}
