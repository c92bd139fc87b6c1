import { faultPoint } from '../faults.ts'
import type { Logger } from '../log.ts'
import { eventsPublished } from '../metrics.ts'
import type { Database } from '../store/database.ts'
import type { Envelope } from './contracts.ts'
import type { EventLog } from './log.ts'
import { listen } from './notifier.ts'
import { OUTBOX_CHANNEL, trimOutbox } from './outbox.ts'
import { backoffMs, createWaker } from './waker.ts'

export interface RelayOptions {
  // The relay needs nothing of the domain's own store.
  database: Pick<Database<object>, 'name' | 'pool' | 'onOutbox'>
  eventLog: EventLog
  log: Logger
  /** How many events one transaction publishes at most. */
  batch?: number
  /** How long published events stay in the outbox. */
  keepSeconds?: number
  /** How often a transaction that waits for the log gives Postgres a sign of life. */
  beatMs?: number
}

export interface Relay {
  wake(): void
  /** Resolves when the batch in hand is published. */
  stop(): Promise<void>
}

/**
 * Publishes what the outbox holds, in its order. Each replica runs one; a lock lets one work at a time. It is woken by
 * commits of this process, by a NOTIFY of others, and looks once a second anyway.
 */
export function startRelay(options: RelayOptions): Relay {
  const { database, eventLog, log, batch = 200, keepSeconds = 24 * 3600, beatMs = 5_000 } = options
  const { pool } = database
  const waker = createWaker()
  const unsubscribe = database.onOutbox(waker.wake)
  const ears = listen(pool, OUTBOX_CHANNEL, log, waker.wake)
  let trimmedAt = Date.now()

  async function run(): Promise<void> {
    let failures = 0
    let expecting = true
    while (!waker.stopped) {
      try {
        // When nobody has said that there is something, one statement finds out that there is nothing.
        const published = expecting || (await somethingWaits()) ? await publish() : 0
        failures = 0
        await tidy()
        expecting = true
        if (published === 'busy') await waker.pause(BUSY_MS)
        else if (published < batch) expecting = await waker.sleep(POLL_MS)
      } catch (error) {
        failures += 1
        log.warn({ err: error, failures }, 'events cannot be published; trying again')
        await waker.pause(backoffMs(failures))
      }
    }
  }

  async function somethingWaits(): Promise<boolean> {
    const { rows } = await pool.query({ name: 'relay_look', text: look })
    return rows.length > 0
  }

  async function publish(): Promise<number | 'busy'> {
    const client = await pool.connect()
    let failure: Error | undefined
    // Postgres ends a session that is silent in a transaction for too long, as that of a process that is frozen. A log may take longer.
    const beat = setInterval(() => void client.query('SELECT 1').catch(() => {}), beatMs)
    try {
      await client.query('BEGIN')
      const { rows: locks } = await client.query<{ mine: boolean }>(
        `SELECT pg_try_advisory_xact_lock(hashtextextended('stellr relay', 0)) AS mine`,
      )
      if (!locks[0]?.mine) {
        await client.query('ROLLBACK')
        return 'busy'
      }
      const { rows } = await client.query<OutboxRow>({ name: 'relay_take', text: take, values: [batch] })
      const byTopic = Map.groupBy(rows, (row) => row.topic)
      for (const [topic, events] of byTopic) {
        await eventLog.append(
          topic,
          events.map((row) => row.event),
        )
        faultPoint('relay.mid_batch')
      }
      // Dying here publishes the batch a second time: the log and every inbox know an event by its id.
      if (rows.length > 0) {
        faultPoint('relay.after_send_before_mark')
        await client.query({ name: 'relay_mark', text: mark, values: [rows.map((row) => row.seq)] })
      }
      await client.query('COMMIT')
      for (const [topic, events] of byTopic) eventsPublished.inc({ service: database.name, topic }, events.length)
      return rows.length
    } catch (error) {
      // A connection in an unknown state is closed, which rolls back and lets go of the lock.
      failure = error instanceof Error ? error : new Error(String(error))
      throw error
    } finally {
      clearInterval(beat)
      client.release(failure)
    }
  }

  async function tidy(): Promise<void> {
    if (Date.now() - trimmedAt < TRIM_EVERY_MS) return
    const trimmed = await trimOutbox(pool, keepSeconds)
    // A full bite means that there is more: come again with the next round.
    if (trimmed < TRIM_BITE) trimmedAt = Date.now()
  }

  const running = run()
  return {
    wake: waker.wake,
    async stop() {
      unsubscribe()
      waker.stop()
      await Promise.all([ears.stop(), running])
    },
  }
}

const POLL_MS = 1_000
// Another replica publishes right now, and may have looked before our commit.
const BUSY_MS = 20
const TRIM_EVERY_MS = 60_000
const TRIM_BITE = 1_000

interface OutboxRow {
  seq: string
  topic: string
  event: Envelope
}

const look = 'SELECT 1 FROM stellr.outbox WHERE published_at IS NULL ORDER BY seq LIMIT 1'
const take = 'SELECT seq, topic, event FROM stellr.outbox WHERE published_at IS NULL ORDER BY seq LIMIT $1'
const mark = 'UPDATE stellr.outbox SET published_at = now() WHERE seq = ANY($1::bigint[]) AND published_at IS NULL'
