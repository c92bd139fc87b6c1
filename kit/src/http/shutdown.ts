import closeWithGrace from 'close-with-grace'
import type { Logger } from '../log.ts'

const LONGEST_CLOSE_MS = 15_000

/** Closes once on SIGINT, SIGTERM or a crash, then exits: 0 after a signal, 1 after a crash or when it takes too long. */
export function closeOnSignals(close: () => Promise<void>, log: Logger): void {
  closeWithGrace({ delay: LONGEST_CLOSE_MS, logger: false }, async ({ signal, err }) => {
    if (err) log.fatal({ err }, 'crashed')
    else log.info({ signal }, 'closing')
    await close()
  })
}
