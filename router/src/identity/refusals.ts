import { systemRandom, type Logger, type UserViewer } from '@stellr/kit'
import { refusalsDropped } from '../metrics.ts'
import type { AskAuth } from './ask-auth.ts'
import { repeat } from './repeat.ts'

export interface Refusals {
  /** Notes that a person was refused a mutation: auth hears of it within about a second, counted. */
  add(viewer: UserViewer, action: string): void
  /** Stops sending by itself, after sending what is still here. Never rejects. */
  close(): Promise<void>
}

interface Refusal {
  /** What auth keeps it by: sent twice, it is kept once. */
  id: string
  userId: string
  role: UserViewer['role']
  action: string
  count: number
}

const OPERATION = 'mutation RouterRefusals($refusals: [RefusalInput!]!) { recordRefusals(input: { refusals: $refusals }) { recorded } }'
const EVERY_MS = 1000
/** As many as auth writes well within the time that a fetch may take. */
const MOST_AT_ONCE = 100
const MOST_GATHERED = 1000

/**
 * Gathers who was refused which mutation and has auth record it, so that nobody tries an administrator's work unnoticed. While
 * auth is away a thousand kinds of refusal wait; more are only in the log, and counted in a metric.
 */
export function createRefusals(ask: AskAuth, log: Logger): Refusals {
  const gathered = new Map<string, Refusal>()
  // Not changed any more, because an answer may be lost: what is sent again must be the very same.
  let waiting: Refusal[] = []
  let sending: Promise<void> | null = null
  let failing = false

  const sendAll = async () => {
    if (waiting.length === 0) {
      waiting = [...gathered.values()]
      gathered.clear()
    }
    try {
      while (waiting.length > 0) {
        await ask(OPERATION, { refusals: waiting.slice(0, MOST_AT_ONCE) })
        waiting = waiting.slice(MOST_AT_ONCE)
      }
      failing = false
    } catch (err) {
      if (!failing) log.warn({ err }, 'auth did not record refusals; they will be sent again')
      failing = true
    }
  }
  const send = () => {
    sending ??= sendAll().finally(() => {
      sending = null
    })
    return sending
  }
  // By itself and not with the revocations, which must not wait for this.
  const stop = repeat(send, () => EVERY_MS)

  return {
    add({ id: userId, role }, action) {
      const key = `${userId} ${role} ${action}`
      const known = gathered.get(key)
      if (known) known.count += 1
      else if (gathered.size < MOST_GATHERED) gathered.set(key, { id: systemRandom.id(), userId, role, action, count: 1 })
      else refusalsDropped.inc()
    },
    async close() {
      stop()
      await send()
      if (waiting.length === 0) await send()
      const lost = waiting.length + gathered.size
      if (lost > 0) log.error({ lost }, 'the router stops before auth has recorded all refusals')
    },
  }
}
