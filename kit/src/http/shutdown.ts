import { setTimeout as wait } from 'node:timers/promises'
import closeWithGrace from 'close-with-grace'
import { z } from 'zod'
import type { Logger } from '../log.ts'

const LONGEST_CLOSE_MS = 15_000

/** How a process that listens ends. */
export const closingConfig = z.object({
  drainSeconds: z.coerce.number().min(0).max(60).default(0).meta({
    description:
      'Seconds for which a process that was told to stop goes on serving but is not ready, so that those who spread the load send it no more: 5 where several processes share the work',
  }),
})

export interface Draining {
  drainSeconds: number
  /** Says to all who ask that this process is about to close. */
  leave(): void
}

/**
 * Closes once on SIGINT, SIGTERM or a crash, then exits: 0 after a signal, 1 after a crash or when it takes too long. After a
 * signal it drains first.
 */
export function closeOnSignals(close: () => Promise<void>, log: Logger, { drainSeconds, leave }: Draining): void {
  const drainMs = drainSeconds * 1000
  closeWithGrace({ delay: drainMs + LONGEST_CLOSE_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'crashed')
    else log.info({ signal }, 'closing')
    if (!err && drainMs > 0) {
      leave()
      await wait(drainMs)
    }
    await close()
  })
}
