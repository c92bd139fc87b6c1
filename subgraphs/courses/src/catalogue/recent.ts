import type { Clock } from '@stellr/kit'

/** Answers that may be a little old. */
export interface Recent {
  /** What `read` answered under this key not long ago, or answers now; those who ask while it is being read share one reading. */
  get<Answer>(key: string, read: () => Promise<Answer>): Promise<Answer>
}

interface Entry {
  answer: Promise<unknown>
  until: number
}

/** Keeps each answer for so many seconds, and at most `limit` of them: then the oldest goes. A failure is not kept. */
export function createRecent({ seconds, limit, clock }: { seconds: number; limit: number; clock: Clock }): Recent {
  const entries = new Map<string, Entry>()
  return {
    get<Answer>(key: string, read: () => Promise<Answer>): Promise<Answer> {
      const now = clock.now().getTime()
      const known = entries.get(key)
      if (known && now < known.until) return known.answer as Promise<Answer>
      const answer = read()
      const entry = { answer, until: now + seconds * 1000 }
      entries.delete(key)
      entries.set(key, entry)
      answer.catch(() => {
        if (entries.get(key) === entry) entries.delete(key)
      })
      for (const oldest of entries.keys()) {
        if (entries.size <= limit) break
        entries.delete(oldest)
      }
      return answer
    },
  }
}
