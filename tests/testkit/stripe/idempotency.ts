import { createHash } from 'node:crypto'
import { Refusal } from './refusal.ts'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

export interface Keys {
  /** Does the work once for a key, and answers the same later. */
  once(key: string, request: string, work: () => Promise<Answer>): Promise<Answer & { isReplayed: boolean }>
  /** What Stripe does after a day. */
  forget(): void
}

/** Stripe's idempotency: a key stands for one request, its answer is kept, and two at once get in each other's way. */
export function rememberKeys(): Keys {
  const kept = new Map<string, { fingerprint: string; answer: Answer | null }>()
  return {
    async once(key, request, work) {
      const fingerprint = createHash('sha256').update(request).digest('hex')
      const known = kept.get(key)
      if (known && known.fingerprint !== fingerprint) {
        const message = 'Keys for idempotent requests can only be used with the same parameters they were first used with.'
        throw new Refusal(400, { type: 'idempotency_error', message })
      }
      if (known?.answer === null) {
        const message = 'There is currently another in-progress request using this Idempotent Key.'
        throw new Refusal(409, { type: 'invalid_request_error', code: 'idempotency_key_in_use', message })
      }
      if (known?.answer) return { ...known.answer, isReplayed: true }
      const entry: { fingerprint: string; answer: Answer | null } = { fingerprint, answer: null }
      kept.set(key, entry)
      try {
        // As it is now: what happens to the thing later must not show in the answer that is kept.
        entry.answer = structuredClone(await work())
        return { ...entry.answer, isReplayed: false }
      } catch (error) {
        // What was not begun may be asked for again.
        kept.delete(key)
        throw error
      }
    },
    forget: () => kept.clear(),
  }
}
