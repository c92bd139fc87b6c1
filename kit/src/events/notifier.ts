import type pg from 'pg'
import type { Logger } from '../log.ts'
import { connectionLike } from '../store/pool.ts'
import { backoffMs, createWaker } from './waker.ts'

export interface Notifier {
  /** Tells listeners soon: calls within a few milliseconds become one message per payload. */
  notify(payload: string): void
  stop(): Promise<void>
}

/**
 * Sends NOTIFY in transactions of its own, at most every `everyMs`. Within writers' transactions it would make all their
 * commits queue for one lock. A message that cannot be sent is let go: listeners poll too.
 */
export function createNotifier(pool: pg.Pool, channel: string, log: Logger, everyMs = 5): Notifier {
  const payloads = new Set<string>()
  let timer: NodeJS.Timeout | undefined
  let sending: Promise<void> = Promise.resolve()

  async function send(): Promise<void> {
    const batch = [...payloads]
    payloads.clear()
    try {
      await pool.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [channel, batch])
    } catch (error) {
      log.debug({ err: error, channel }, 'a wake-up call could not be sent')
    }
    timer = undefined
    if (payloads.size > 0) schedule()
  }

  function schedule(): void {
    timer ??= setTimeout(() => {
      sending = send()
    }, everyMs)
  }

  return {
    notify(payload) {
      payloads.add(payload)
      schedule()
    },
    async stop() {
      clearTimeout(timer)
      await sending
      clearTimeout(timer)
    },
  }
}

/**
 * Listens on `channel` over a connection of its own to the database of `pool`, and again after each time it is lost.
 * `heard` may miss messages, so it only ever makes something happen sooner.
 */
export function listen(pool: pg.Pool, channel: string, log: Logger, heard: (payload: string) => void): { stop(): Promise<void> } {
  const waker = createWaker()

  async function session(): Promise<void> {
    const client = connectionLike(pool)
    const lost = new Promise<void>((resolve) => {
      client.on('error', () => resolve())
      client.on('end', () => resolve())
    })
    client.on('notification', (message) => heard(message.payload ?? ''))
    try {
      await client.connect()
      await client.query(`LISTEN ${channel}`)
      failures = 0
      await Promise.race([lost, stopping])
    } finally {
      await client.end().catch(() => {})
    }
  }

  let failures = 0
  let end: () => void = () => {}
  const stopping = new Promise<void>((resolve) => {
    end = resolve
  })
  const running = (async () => {
    while (!waker.stopped) {
      await session().catch((error: unknown) => log.debug({ err: error, channel }, 'the database cannot be listened to'))
      failures += 1
      if (!waker.stopped) await waker.pause(backoffMs(failures))
    }
  })()

  return {
    async stop() {
      waker.stop()
      end()
      await running
    },
  }
}
