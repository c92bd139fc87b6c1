import type { Clock } from '../clock.ts'
import type { Logger } from '../log.ts'
import { eventsDead, eventsRetried } from '../metrics.ts'
import type { Database } from '../store/database.ts'
import type { Transaction } from '../store/transactions.ts'
import type { Envelope } from './contracts.ts'
import { judge, orRefuse, whileHandling, type Handlers } from './handling.ts'
import { lockLine, trimInbox, type Line } from './inbox.ts'
import { dropHead, dueHead, nextTries, postpone, type ParkedHead } from './parked.ts'
import { backoffMs, createWaker } from './waker.ts'

export interface RetriesOptions<Store extends object> {
  group: string
  handlers: Handlers<Store>
  database: Database<Store>
  log: Logger
  clock: Clock
  onHandled?: ((event: Envelope) => void) | undefined
}

/**
 * Tries parked events again: the head of each line when its time has come and, when it succeeds, those behind it. Every
 * replica may run one. Also forgets what the inbox need not know any longer.
 */
export function startRetries<Store extends object>(options: RetriesOptions<Store>): { wake(): void; stop(): Promise<void> } {
  const { group, database, log, clock } = options
  const waker = createWaker()
  let trimmedAt = Date.now()

  async function run(): Promise<void> {
    let failures = 0
    while (!waker.stopped) {
      try {
        const restMs = await round()
        failures = 0
        if (restMs > 0) await waker.sleep(restMs)
      } catch (error) {
        failures += 1
        log.warn({ err: error, group, failures }, 'parked events cannot be retried; trying again')
        await waker.pause(backoffMs(failures))
      }
    }
  }

  // Returns for how long there is nothing to do.
  async function round(): Promise<number> {
    const heads = await nextTries(database.pool, group)
    const due = heads.filter(({ at }) => at <= clock.now())
    for (const { id, line } of due) {
      for (let next: string | null = id; next !== null && !waker.stopped;) next = await retry(options, next, line)
    }
    if (Date.now() - trimmedAt > TRIM_EVERY_MS && (await trimInbox(database.pool, clock.now(), TRIM_BITE)) < TRIM_BITE)
      trimmedAt = Date.now()
    if (due.length > 0) return 0
    const [first] = heads
    return first ? Math.min(POLL_MS, Math.max(10, first.at.getTime() - clock.now().getTime())) : POLL_MS
  }

  const running = run()
  return {
    wake: waker.wake,
    async stop() {
      waker.stop()
      await running
    },
  }
}

interface Scope<Store extends object> {
  transaction: Transaction<Store>
  head: ParkedHead
}

interface Outcome {
  /** Whether the head was there to be tried. */
  tried: boolean
  handled: Envelope | null
  dead: boolean
  next: string | null
}

// Tries one head. Returns the head after it, when this one is done with.
async function retry<Store extends object>(options: RetriesOptions<Store>, id: string, line: Line): Promise<string | null> {
  const { group, handlers, database, log, clock, onHandled } = options
  const begin = (work: (scope: Scope<Store>) => Promise<Outcome>) =>
    database.transact<Outcome>(async (transaction) => {
      await lockLine(transaction.sql, line)
      // Another replica may have been here first.
      const head = await dueHead(transaction.sql, id, clock.now())
      return head ? work({ transaction, head }) : { tried: false, handled: null, dead: false, next: null }
    })

  const { tried, handled, dead, next } = await orRefuse(
    begin,
    async ({ transaction, head: { event } }) => {
      await whileHandling(event, () => handlers.run(event, transaction))
      return { tried: true, handled: event, dead: false, next: await dropHead(transaction.sql, id, line, clock.now()) }
    },
    async ({ transaction, head }, error) => {
      const { dead, failure } = judge(error, head, clock.now())
      if (dead) {
        const about = { err: error, group, event: head.event.id, type: head.event.type, parked: id }
        whileHandling(head.event, () => log.error(about, 'an event has failed too often and is dead'))
      }
      await postpone(transaction.sql, id, dead, failure)
      return { tried: true, handled: null, dead, next: null }
    },
  )
  if (tried) eventsRetried.inc({ service: group })
  if (dead) eventsDead.inc({ service: group })
  if (handled) onHandled?.(handled)
  return next
}

const POLL_MS = 1_000
const TRIM_EVERY_MS = 60_000
const TRIM_BITE = 1_000
