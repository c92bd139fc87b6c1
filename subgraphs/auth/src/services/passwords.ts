import { hash, parseOptions, verify, type Options } from '@node-rs/argon2'
import { DomainError, type Random } from '@stellr/kit'

// OWASP's floor for argon2id: 19 MiB, two passes, one lane.
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } satisfies Options
const LONGEST_QUEUE = 200

export interface Passwords {
  hash(password: string): Promise<string>
  /** Whether the password fits the hash. Takes as long, and says no, when there is no hash. */
  matches(password: string, hash: string | null): Promise<boolean>
  /** Whether the hash was made at another cost than today's. */
  outdated(hash: string): boolean
}

/** Argon2id, at most `concurrency` at once; those beyond a queue of 200 get SERVICE_UNAVAILABLE. */
export async function createPasswords({ concurrency, random }: { concurrency: number; random: Random }): Promise<Passwords> {
  const inTurn = turnstile(concurrency)
  // Verified for accounts that do not exist: an answer must not come sooner for them.
  const nobodys = await hash(random.bytes(32), cost)
  return {
    hash: (password) => inTurn(() => hash(normalized(password), cost)),
    async matches(password, hash) {
      const fits = await inTurn(() => verify(hash ?? nobodys, normalized(password)))
      return fits && hash !== null
    },
    outdated(hash) {
      const made = parseOptions(hash)
      return made.memoryCost !== cost.memoryCost || made.timeCost !== cost.timeCost || made.parallelism !== cost.parallelism
    },
  }
}

// One keyboard writes "é" as one code point, another as two: both are the same password (NIST SP 800-63B).
function normalized(password: string): string {
  return password.normalize('NFKC')
}

function turnstile(places: number): <T>(work: () => Promise<T>) => Promise<T> {
  let free = places
  const waiting: (() => void)[] = []
  return async (work) => {
    if (free > 0) free -= 1
    else if (waiting.length >= LONGEST_QUEUE) throw new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 1 })
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await work()
    } finally {
      // The place passes straight to the next in line, so that a newcomer cannot overtake.
      const next = waiting.shift()
      if (next) next()
      else free += 1
    }
  }
}
