import { fork } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fromRoot } from '@stellr/kit'
import type { FaultName } from '../../../kit/src/faults.ts'
import type { Without } from './counter-service-broken.ts'
import type { Ledger } from './ledger.ts'

export interface CounterProcessOptions {
  /** Where it writes and publishes; it does neither when left out. */
  databaseUrl?: string
  /** Where it keeps what it hears; it hears nothing when left out. */
  readerUrl?: string
  /** Settings of the event log. */
  log: Record<string, string>
  /** Where it dies, and at which pass. */
  fault?: [FaultName, number]
  /** The mechanism that it does without. */
  without?: Without
  /** How many events it takes from the log at once. */
  batch?: number
  /** After how long its partitions go to others when it says nothing. */
  sessionTimeoutMs?: number
}

/** A process of counter-service.ts, which can be killed like any other. */
export interface CounterProcess {
  pid: number
  /** Resolves with the counter's new version; rejects when the process dies or refuses. */
  raise(counterId: string): Promise<number>
  /** Resolves with the signal that ended it, null when it ended by itself. */
  ended: Promise<NodeJS.Signals | null>
  kill(): Promise<void>
  /** Lets it finish what it has in hand. */
  leave(): Promise<void>
  /** It does nothing more, and does not know it, until it is resumed. */
  pause(): void
  resume(): void
}

/** Resolves when it serves, or is dead already. */
export async function startCounterProcess(options: CounterProcessOptions): Promise<CounterProcess> {
  const { databaseUrl, readerUrl, log, fault, without, batch, sessionTimeoutMs } = options
  const given = {
    DATABASE_URL: databaseUrl,
    READER_URL: readerUrl,
    FAULT: fault?.join(':'),
    WITHOUT: without,
    BATCH: batch === undefined ? undefined : `${batch}`,
    SESSION_TIMEOUT_MS: sessionTimeoutMs === undefined ? undefined : `${sessionTimeoutMs}`,
  }
  const child = fork(fromRoot('tests/testkit/faults/counter-service.ts'), {
    env: {
      PATH: process.env['PATH'],
      LOG_LEVEL: process.env['COUNTER_LOG'],
      NODE_COMPILE_CACHE: fromRoot('node_modules/.stellr/compiled'),
      ...log,
      ...given,
    },
    execArgv: ['--import', fromRoot('scripts/stop-with-parent.mjs')],
  })
  const waiting = new Map<number, PromiseWithResolvers<number>>()
  let asked = 0
  const ended = once(child, 'exit').then(([code, signal]: unknown[]) => {
    if (code) throw new Error(`a counter process ended with ${String(code)}`)
    return signal as NodeJS.Signals | null
  })
  ended.catch(() => {})
  const ready = new Promise<void>((resolve) => {
    child.on('message', (message: 'ready' | { ask: number; version?: number; error?: string }) => {
      if (message === 'ready') return resolve()
      const { ask, version, error } = message
      if (version === undefined) waiting.get(ask)?.reject(new Error(error))
      else waiting.get(ask)?.resolve(version)
      waiting.delete(ask)
    })
  })
  await Promise.race([ready, ended])
  return {
    pid: child.pid ?? 0,
    ended,
    raise(counterId) {
      const ask = ++asked
      const answer = Promise.withResolvers<number>()
      waiting.set(ask, answer)
      // Told only when it is certain: whoever asks again at once would otherwise never let this process hear of the end.
      const died = () => answer.reject(new Error('the process died'))
      ended.then(died, died)
      if (child.connected) child.send({ ask, counterId }, () => {})
      return answer.promise
    },
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
    async leave() {
      child.kill('SIGTERM')
      await ended
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  }
}

/** Eight clients who make one counter after the other until the process is dead. Counters are keys of the ledger. */
export async function askUntilItDies(process: CounterProcess, ledger: Ledger): Promise<void> {
  let dead = false
  const die = () => (dead = true)
  process.ended.then(die, die)
  const client = async () => {
    while (!dead) {
      const counterId = randomUUID()
      await ledger.record(counterId, () => process.raise(counterId))
    }
  }
  await Promise.all(Array.from({ length: 8 }, client))
}
