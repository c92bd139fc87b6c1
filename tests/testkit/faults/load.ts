import { inspect } from 'node:util'
import type { Reply } from '../client.ts'
import type { Person } from '../school.ts'
import { createLedger, type Ledger, type Outcome } from './ledger.ts'

export interface Load {
  ledger: Ledger
  /** What was answered other than as it should be, in order. */
  failures: string[]
  /** How many have been answered well since the last that was not. */
  readonly streak: number
  /** Resolves when every request under way has been answered. */
  stop(): Promise<void>
}

// Those of a platform that cannot say whether it did what it was asked: the answer did not come back from where it is done.
const unsure = new Set<unknown>(['SERVICE_UNAVAILABLE', 'INTERNAL'])

/** What a reply says about what was asked: a person's mistake was certainly not done. */
export function judgeReply(settled: PromiseSettledResult<Reply>): Outcome {
  if (settled.status === 'rejected') return 'unknown'
  const { status, codes } = settled.value
  if (status === 200 && codes.length === 0) return 'ok'
  return status >= 500 || codes.some((code) => unsure.has(code)) ? 'unknown' : 'fail'
}

/** Asks as a device does that was not answered: again and again, the same. Throws when it is refused. */
export async function persist(send: () => Promise<Reply>): Promise<Reply['data']> {
  for (;;) {
    const [settled] = await Promise.allSettled([send()])
    const outcome = judgeReply(settled)
    if (settled.status === 'fulfilled' && outcome === 'ok') return settled.value.data
    if (settled.status === 'fulfilled' && outcome === 'fail') throw new Error(`refused: ${settled.value.text}`)
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** Several people who send one request after the other, `perSecond` in all, until stopped. `ask` gets a key for each. */
export function startLoad(people: readonly Person[], perSecond: number, ask: (person: Person, key: string) => Promise<Reply>): Load {
  const ledger = createLedger()
  const failures: string[] = []
  let streak = 0
  let going = true
  const everyMs = (people.length / perSecond) * 1000
  const working = people.map(async (person, index) => {
    for (let turn = 1; going; turn++) {
      const begun = performance.now()
      const key = `${person.name} ${index}.${turn}`
      const settled = await ledger.record(key, () => ask(person, key), judgeReply)
      streak = judgeReply(settled) === 'ok' ? streak + 1 : 0
      if (streak === 0) failures.push(settled.status === 'rejected' ? inspect(settled.reason) : settled.value.text)
      const rest = everyMs - (performance.now() - begun)
      if (rest > 0) await new Promise((resolve) => setTimeout(resolve, rest))
    }
  })
  return {
    ledger,
    failures,
    get streak() {
      return streak
    },
    async stop() {
      going = false
      await Promise.all(working)
    },
  }
}

const UPDATE_PROFILE = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }'

/** A write that publishes an event with its key in it. */
export function rename(person: Person, key: string): Promise<Reply> {
  return person.client.query(UPDATE_PROFILE, { input: { name: key } })
}
