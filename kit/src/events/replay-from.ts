import type pg from 'pg'
import { validate } from 'uuid'
import { plusSeconds, type Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import type { Database } from '../store/database.ts'
import type { Consumer } from './consumers.ts'
import type { Topic } from './contracts.ts'
import { createHandlers } from './handling.ts'
import { createIntake, type Outcome } from './intake.ts'
import type { EventLog, LogRecord } from './log.ts'

export interface ReplayFromOptions<Store extends object> {
  group: string
  consumers: readonly Consumer<Store>[]
  /** Of those that the group reads. */
  topics: readonly Topic[]
  /** By when events were appended to the log. */
  from: Date
  database: Database<Store>
  eventLog: EventLog
  log: Logger
  clock: Clock
  /** Whether only to count: what the inbox does not know counts as handled. */
  dryRun?: boolean | undefined
  onProgress?: ((counts: Readonly<Record<Outcome, number>>) => void) | undefined
}

/**
 * Takes in again what lies in the log since a moment, through the inbox, while consumers go on: what was handled is passed
 * over, what is missing has its effect. For a database that was restored to an earlier moment, whose inbox does not know what
 * came after it.
 */
export async function replayFrom<Store extends object>(options: ReplayFromOptions<Store>): Promise<Record<Outcome, number>> {
  const { group, consumers, topics, from, database, eventLog, log, clock, dryRun = false, onProgress = () => {} } = options
  const handlers = createHandlers(consumers)
  const intake = createIntake({ group, handlers, database, log, clock })
  const counts: Record<Outcome, number> = { handled: 0, known: 0, parked: 0, behind: 0, ignored: 0 }

  async function takePage(page: readonly LogRecord[], topic: Topic): Promise<void> {
    // Most are known as a rule: asked for together, they cost one statement.
    const known = await knownEvents(database.pool, group, page)
    for (const record of page) {
      if (!handlers.concern(record.event)) counts.ignored += 1
      else if (known.has(record.event.id)) counts.known += 1
      else counts[dryRun ? 'handled' : await intake(record, topic)] += 1
    }
    onProgress(counts)
  }

  for (const topic of topics) {
    let page: LogRecord[] = []
    for await (const record of eventLog.read(topic.name, from)) {
      page.push(record)
      if (page.length < PAGE) continue
      await takePage(page, topic)
      page = []
    }
    await takePage(page, topic)
  }
  return counts
}

/** The earliest moment from which a topic can be replayed: what came before it, the inbox may have forgotten. */
export function earliestReplay({ retentionDays }: Topic, now: Date): Date {
  return plusSeconds(now, -retentionDays * 86_400)
}

async function knownEvents(pool: pg.Pool, group: string, records: readonly LogRecord[]): Promise<Set<string>> {
  const ids = records.map(({ event }) => event.id).filter((id) => validate(id))
  const { rows } = await pool.query<{ id: string }>(
    'SELECT event_id AS id FROM stellr.inbox WHERE group_name = $1 AND event_id = ANY ($2::uuid[])',
    [group, ids],
  )
  return new Set(rows.map(({ id }) => id))
}

const PAGE = 200
