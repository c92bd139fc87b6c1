import type { Clock } from '@stellr/kit'

/** Answers that may be a little old. */
export interface Recent<Answer> {
  /** What `read` answered under this key not long ago, or answers now; those who ask while it is being read share one reading. */
  get(key: string, read: () => Promise<Answer>): Promise<Answer>
}

/** Keeps each answer for so many seconds, and at most `limit` of them: then the oldest goes. A failure is not kept. */
export function createRecent<Answer>({ seconds, limit, clock }: { seconds: number; limit: number; clock: Clock }): Recent<Answer> {
  const entries = new Map<string, { answer: Promise<Answer>; until: number }>()
  return {
    get(key, read) {
      const now = clock.now().getTime()
      const known = entries.get(key)
      if (known && now < known.until) return known.answer
      const entry = { answer: read(), until: now + seconds * 1000 }
      entries.delete(key)
      entries.set(key, entry)
      entry.answer.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break
        entries.delete(oldest)
      }
      return entry.answer
    },
  }
}
