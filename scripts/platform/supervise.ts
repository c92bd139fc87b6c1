import { spawn, type ChildProcess } from 'node:child_process'
import { createInterface } from 'node:readline'
import { setTimeout as wait } from 'node:timers/promises'
import { fromRoot, type Announcement, type Environment } from '@stellr/kit'
import { heapFlags } from './heap-flags.ts'

export interface ProcessOptions {
  name: string
  /** A script, from the top of the repository. */
  script: string
  env: Environment
  /** Where it shall listen; 0 lets the system choose, and then it stays. */
  port: number
  /** Gets each line that it writes, with its name before it. */
  print(line: string): void
}

/** A process that is started again when it crashes, until it is stopped. */
export interface SupervisedProcess {
  name: string
  /** Where it listens, by its own word. Throws before it has ever listened. */
  readonly url: string
  /** Where it tells its metrics; null when nowhere. */
  readonly metricsUrl: string | null
  /** Of the process that runs now. */
  pid(): number | undefined
  /** Resolves when it is ready. Throws when it ends before it was ever ready. */
  start(): Promise<void>
  /** Lets it finish what it does; resolves when it has ended. */
  stop(): Promise<void>
}

const LONGEST_STOP_MS = 20_000
const FIRST_BACKOFF_MS = 250
const LONGEST_BACKOFF_MS = 8_000

export function supervise({ name, script, env, port, print }: ProcessOptions): SupervisedProcess {
  let wanted = false
  let address: string | null = null
  let metricsUrl: string | null = null
  let listening = false
  let child: ChildProcess | null = null
  let ended: Promise<void> = Promise.resolve()
  let backoffMs = FIRST_BACKOFF_MS

  const launch = () => {
    listening = false
    const launched = spawn(process.execPath, [...heapFlags, '--import', fromRoot('scripts/stop-with-parent.mjs'), fromRoot(script)], {
      // Started again, it must be where the others look for it.
      // Code is compiled once for all of them.
      env: {
        NODE_COMPILE_CACHE: fromRoot('node_modules/.stellr/compiled'),
        ...env,
        PORT: address === null ? `${port}` : new URL(address).port,
      },
      cwd: fromRoot('.'),
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      // Ctrl-C in a terminal is for the supervisor, which stops its processes in order.
      detached: true,
    })
    for (const output of [launched.stdout, launched.stderr]) {
      if (output) createInterface({ input: output }).on('line', (line) => print(`[${name}] ${line}`))
    }
    // Asked of the port alone, another process that was faster to take it could answer.
    launched.on('message', (message: Announcement) => {
      address = message.listening
      metricsUrl = message.metrics
      listening = true
    })
    child = launched
    ended = new Promise((resolve) => {
      launched.once('close', (code, signal) => {
        if (child === launched) child = null
        // Nothing is wrong with the settings of one that has served: it need not wait longer each time.
        if (listening) backoffMs = FIRST_BACKOFF_MS
        resolve()
        if (wanted) void relaunch(`ended with ${code ?? signal}`)
      })
    })
    return launched
  }
  const relaunch = async (reason: string) => {
    print(`[${name}] ${reason}; starting again in ${backoffMs} ms`)
    await wait(backoffMs)
    backoffMs = Math.min(backoffMs * 2, LONGEST_BACKOFF_MS)
    if (wanted && child === null) launch()
  }
  const ready = async () => {
    if (!listening) return false
    const response = await fetch(`${address}/readyz`).catch(() => null)
    await response?.body?.cancel()
    return response?.status === 200
  }

  return {
    name,
    get url() {
      if (address === null) throw new Error(`${name} has never listened`)
      return address
    },
    get metricsUrl() {
      return metricsUrl
    },
    pid: () => child?.pid,
    async start() {
      if (wanted) return
      const launched = launch()
      const started = Date.now()
      while (!(await ready())) {
        if (launched.exitCode !== null || launched.signalCode !== null) throw new Error(`${name} ended before it was ready`)
        if (Date.now() - started > 60_000) throw new Error(`${name} is not ready after a minute`)
        await wait(50)
      }
      wanted = true
      backoffMs = FIRST_BACKOFF_MS
    },
    async stop() {
      wanted = false
      const stopping = child
      stopping?.kill('SIGTERM')
      const impatient = setTimeout(() => stopping?.kill('SIGKILL'), LONGEST_STOP_MS)
      await ended
      clearTimeout(impatient)
    },
  }
}
