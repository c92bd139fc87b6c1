import { ConfigError, DataInUseError } from '@stellr/kit'
import { MigrationError } from '../../kit/src/store/migrator.ts'
import { KafkaMissingError } from '../kafka/program.ts'
import { PortTakenError } from './port-holder.ts'

export interface Started {
  stop(): Promise<void>
  /** Resolves with what happened when it cannot go on. */
  broken?: Promise<string>
}

const SECOND_PRESS_AFTER_MS = 500

/**
 * Runs a start, then stops what it returned at Ctrl-C, SIGTERM or when whoever started this process is gone. A second Ctrl-C
 * does not wait. What an operator can put right is said without a stack.
 */
export async function runUntilStopped(start: () => Promise<Started>): Promise<void> {
  const asked = new Promise<void>((resolve) => {
    let first: number | null = null
    const ask = (signal: NodeJS.Signals) => {
      // One Ctrl-C may arrive twice: from the terminal, and passed on by the process above.
      if (first !== null && Date.now() - first > SECOND_PRESS_AFTER_MS) process.exit(130)
      if (first === null && signal === 'SIGINT') console.log('\nStopping (Ctrl-C again: at once)')
      first ??= Date.now()
      resolve()
    }
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask)
  })
  try {
    const started = await start()
    const broken = await Promise.race([asked, started.broken ?? asked])
    if (broken) console.error(`\n${broken}`)
    await started.stop()
    process.exit(broken ? 1 : 0)
  } catch (error) {
    console.error(explain(error))
    process.exit(1)
  }
}

function explain(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const canBePutRight = [ConfigError, DataInUseError, KafkaMissingError, MigrationError, PortTakenError].some(
    (kind) => error instanceof kind,
  )
  if (canBePutRight) return `\n${error.message}`
  if ('code' in error && error.code === 'EACCES')
    return `\n${error.message}: it is another user's. Start as that one, or set STELLR_DATA_DIR.`
  return error
}
