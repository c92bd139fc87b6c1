import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { z } from 'zod'
import { DomainError } from './graphql/errors.ts'

/** At most `points` within each `seconds`, counted per key. */
export interface LimitRule {
  points: number
  seconds: number
}

export interface Limiter {
  /** Counts one attempt of `key` against the rule `name`. Throws RATE_LIMITED with `retryAfterSeconds`. */
  spend(name: string, key: string): Promise<void>
  /** Forgets what `key` has spent, as after a successful sign-in. */
  forgive(name: string, key: string): Promise<void>
}

/** A setting RATE_LIMIT_<NAME> that raises or lowers the points of a rule. */
export function limitSetting(name: string, points: number, per: string) {
  return z.coerce
    .number()
    .int()
    .min(1)
    .default(points)
    .meta({ env: `RATE_LIMIT_${name}`, description: `How many ${per}` })
}

/** Counts attempts in memory: each process by itself. */
export function createLimiter(rules: Record<string, LimitRule>): Limiter {
  const limiters = new Map(
    Object.entries(rules).map(([name, { points, seconds }]) => [
      name,
      new RateLimiterMemory({ keyPrefix: name, points, duration: seconds }),
    ]),
  )
  const limiter = (name: string) => {
    const found = limiters.get(name)
    if (!found) throw new Error(`no rate limit is called ${name}`)
    return found
  }
  return {
    async spend(name, key) {
      try {
        await limiter(name).consume(key)
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) throw reason
        throw new DomainError('RATE_LIMITED', { retryAfterSeconds: Math.max(1, Math.ceil(reason.msBeforeNext / 1000)) })
      }
    },
    async forgive(name, key) {
      await limiter(name).delete(key)
    },
  }
}
