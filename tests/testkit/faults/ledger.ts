/** What a client knows of an operation: it was done, it was refused, or nobody can say (the answer never came). */
export type Outcome = 'ok' | 'fail' | 'unknown'

/** What an operation's keys and what was found in the end say about each other. All empty is what was promised. */
export interface Verdict {
  /** Acknowledged and not there. */
  lost: string[]
  /** Refused and there all the same. */
  ghosts: string[]
  /** There more than once. */
  doubled: string[]
  /** There, and nobody asked for it. */
  strangers: string[]
}

/** A client's own account of everything that it asked for. */
export interface Ledger {
  /** Writes down what became of `work`: `ok` when it resolves, `unknown` when it throws, or what `judge` makes of that. */
  record<T>(key: string, work: () => Promise<T>, judge?: (settled: PromiseSettledResult<T>) => Outcome): Promise<PromiseSettledResult<T>>
  /** Compares with the keys that were found in the end, each as often as it was found. */
  compare(found: readonly string[]): Verdict
  counts(): Record<Outcome, number>
  /** `120 ok, 3 fail, 2 unknown`. */
  toString(): string
}

/** The verdict that every guarantee wants. */
export const kept: Verdict = { lost: [], ghosts: [], doubled: [], strangers: [] }

export function createLedger(): Ledger {
  const outcomes = new Map<string, Outcome>()
  const keys = (outcome: Outcome) => [...outcomes].flatMap(([key, known]) => (known === outcome ? [key] : []))
  return {
    async record(key, work, judge = ({ status }) => (status === 'fulfilled' ? 'ok' : 'unknown')) {
      if (outcomes.has(key)) throw new Error(`${key} is in the ledger already`)
      // Until the answer is there, and for ever if this very process dies, nobody can say.
      outcomes.set(key, 'unknown')
      const [settled] = await Promise.allSettled([work()])
      outcomes.set(key, judge(settled))
      return settled
    },
    compare(found) {
      const times = new Map<string, number>()
      for (const key of found) times.set(key, (times.get(key) ?? 0) + 1)
      return {
        lost: keys('ok').filter((key) => !times.has(key)),
        ghosts: keys('fail').filter((key) => times.has(key)),
        doubled: [...times].flatMap(([key, count]) => (count > 1 ? [key] : [])),
        strangers: [...times.keys()].filter((key) => !outcomes.has(key)),
      }
    },
    counts: () => ({ ok: keys('ok').length, fail: keys('fail').length, unknown: keys('unknown').length }),
    toString() {
      return Object.entries(this.counts())
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(', ')
    },
  }
}
