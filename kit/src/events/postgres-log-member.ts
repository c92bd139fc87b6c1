import type pg from 'pg'
import type { Logger } from '../log.ts'
import type { Envelope } from './contracts.ts'
import type { BatchHandler } from './log.ts'
import { advanceSql, claimSql, lookSql, pauseSql } from './postgres-log-sql.ts'
import { backoffMs, createWaker, type Waker } from './waker.ts'

export interface MemberOptions {
  pool: pg.Pool
  group: string
  topics: readonly string[]
  handler: BatchHandler
  log: Logger
  concurrency: number
  batch: number
  claimTimeoutMs: number
  batchTimeoutMs: number
}

/** One member of a consumer group at work. */
export interface Member {
  wake(): void
  stop(): Promise<void>
}

/**
 * Takes batches until stopped. A partition is claimed for one batch by a row lock, so work spreads by itself over however
 * many members there are. A member that hangs loses its session, and with it the lock; that its offset was not moved on makes
 * the batch come again.
 */
export function startMember(options: MemberOptions): Member {
  // The first loop looks for work; each calls the next when it has found some.
  const wakers = Array.from({ length: options.concurrency }, createWaker)

  async function loop(waker: Waker, next: Waker | undefined, pollMs: number): Promise<void> {
    const events = { claimed: () => next?.wake(), paused: (ms: number) => setTimeout(waker.wake, ms + 1).unref() }
    let failures = 0
    let expecting = true
    while (!waker.stopped) {
      try {
        // When nobody has said that there is something, one statement finds out that there is nothing.
        const worked: boolean = (expecting || (await somethingWaits(options))) && (await takeBatch(options, events))
        failures = 0
        expecting = worked || (await waker.sleep(pollMs))
      } catch (error) {
        failures += 1
        options.log.warn({ err: error, failures }, 'the event log cannot be read; trying again')
        await waker.pause(backoffMs(failures))
      }
    }
  }

  const running = Promise.all(wakers.map((waker, index) => loop(waker, wakers[index + 1], index === 0 ? POLL_MS : HELPER_POLL_MS)))
  return {
    wake() {
      wakers[0]?.wake()
    },
    async stop() {
      for (const waker of wakers) waker.stop()
      await running
    },
  }
}

const POLL_MS = 1_000
const HELPER_POLL_MS = 60_000

interface ClaimRow {
  topic: string
  partition: number
  failures: number
  head: string
  /** Null when the partition has nothing left to read. */
  offset: string | null
  event: Envelope | null
}

interface BatchEvents {
  claimed: () => void
  /** The partition rests this long. */
  paused: (ms: number) => void
}

async function somethingWaits({ pool, group, topics }: MemberOptions): Promise<boolean> {
  const { rows } = await pool.query({ name: 'log_look', text: lookSql, values: [group, topics] })
  return rows.length > 0
}

/** Claims a partition, has a batch of it handled, and moves the group on. False when there was nothing to do. */
async function takeBatch(options: MemberOptions, { claimed, paused }: BatchEvents): Promise<boolean> {
  const { pool, group, topics, batch, log } = options
  const client = await pool.connect()
  let failure: Error | undefined
  try {
    await client.query('BEGIN')
    const { rows } = await client.query<ClaimRow>({ name: 'log_claim', text: claimSql, values: [group, topics, batch] })
    const [claim] = rows
    if (!claim) {
      await client.query('ROLLBACK')
      return false
    }
    claimed()
    const where = [group, claim.topic, claim.partition]
    const outcome = await handle(client, rows, options)
    if (outcome.ok) {
      await client.query({ name: 'log_advance', text: advanceSql, values: [...where, outcome.next] })
    } else {
      const pauseMs = backoffMs(claim.failures + 1, 100, 5_000)
      log.warn(
        { err: outcome.error, group, topic: claim.topic, partition: claim.partition, pauseMs },
        'a batch of events failed and will come again',
      )
      await client.query({ name: 'log_pause', text: pauseSql, values: [...where, pauseMs] })
      paused(pauseMs)
    }
    await client.query('COMMIT')
    return true
  } catch (error) {
    failure = error instanceof Error ? error : new Error(String(error))
    throw error
  } finally {
    client.release(failure)
  }
}

type Outcome = { ok: true; next: string } | { ok: false; error: unknown }

async function handle(client: pg.PoolClient, rows: readonly ClaimRow[], options: MemberOptions): Promise<Outcome> {
  const records = rows.flatMap(({ topic, partition, offset, event }) =>
    offset === null || event === null ? [] : [{ topic, partition, offset: BigInt(offset), event }],
  )
  const last = records.at(-1)
  // Everything up to the head has been trimmed away.
  if (!last) return { ok: true, next: rows[0]?.head ?? '0' }

  const claim = keepClaim(client, options)
  try {
    // A handler that does not heed the signal is left behind: this member can serve other partitions.
    await Promise.race([options.handler(records, claim.signal), claim.lost])
    return { ok: true, next: String(last.offset + 1n) }
  } catch (error) {
    return { ok: false, error }
  } finally {
    await claim.end()
  }
}

interface Claim {
  signal: AbortSignal
  /** Rejects when the claim is lost. */
  lost: Promise<never>
  /** Resolves when the connection is free. */
  end(): Promise<void>
}

/** Keeps the session's silence shorter than its timeout for as long as the batch may last, and notices when it is lost. */
function keepClaim(client: pg.PoolClient, { claimTimeoutMs, batchTimeoutMs }: MemberOptions): Claim {
  const controller = new AbortController()
  const { promise: lost, reject } = Promise.withResolvers<never>()
  lost.catch(() => {})
  const lose = (reason: string) => {
    const error = new Error(`The partition was lost: ${reason}`)
    controller.abort(error)
    reject(error)
  }
  const onEnd = () => lose('its connection ended')
  client.once('end', onEnd)
  let beating: Promise<unknown> = Promise.resolve()
  const beat = setInterval(() => {
    beating = beating.then(() => client.query('SELECT 1')).catch(() => lose('its connection broke'))
  }, claimTimeoutMs / 3)
  const limit = setTimeout(() => {
    clearInterval(beat)
    lose(`the batch took longer than ${batchTimeoutMs} ms`)
  }, batchTimeoutMs)
  return {
    signal: controller.signal,
    lost,
    async end() {
      clearInterval(beat)
      clearTimeout(limit)
      client.off('end', onEnd)
      await beating
    },
  }
}
