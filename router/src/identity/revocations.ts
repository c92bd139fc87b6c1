import type { Clock } from '@stellr/kit'
import { z } from 'zod'
import type { AskAuth } from './ask-auth.ts'

export interface Revocations {
  /** Whether the token is of a session that was ended, or of a subject whose older tokens were refused. */
  includes(token: { sid: string; sub: string; ver: number }): boolean
  /** Asks auth for what was revoked since the last answer. Rejects when it does not answer. */
  refresh(): Promise<void>
  /** Seconds since auth last answered; null before the first answer. */
  age(): number | null
}

const OPERATION =
  'query RouterRevocations($since: String) { revocations(since: $since) { cursor revocations { sid sub minVer expiresAt } } }'

const answer = z.object({
  revocations: z.object({
    cursor: z.string(),
    revocations: z.array(
      z.object({ sid: z.string().nullable(), sub: z.string().nullable(), minVer: z.number().int().nullable(), expiresAt: z.coerce.date() }),
    ),
  }),
})

/** What auth has revoked, each entry kept until the tokens that it concerns have expired by themselves. */
export function createRevocations(ask: AskAuth, clock: Clock): Revocations {
  const sessions = new Map<string, Date>()
  const subjects = new Map<string, { minVer: number; expiresAt: Date }>()
  let cursor: string | null = null
  let answeredAt: Date | null = null

  const add = ({ sid, sub, minVer, expiresAt }: z.output<typeof answer>['revocations']['revocations'][number]) => {
    if (sid !== null) sessions.set(sid, later(sessions.get(sid), expiresAt))
    if (sub === null || minVer === null) return
    const known = subjects.get(sub)
    subjects.set(sub, { minVer: Math.max(minVer, known?.minVer ?? minVer), expiresAt: later(known?.expiresAt, expiresAt) })
  }
  const forgetExpired = (now: Date) => {
    for (const [sid, expiresAt] of sessions) if (expiresAt <= now) sessions.delete(sid)
    for (const [sub, { expiresAt }] of subjects) if (expiresAt <= now) subjects.delete(sub)
  }
  return {
    includes({ sid, sub, ver }) {
      if (sessions.has(sid)) return true
      const subject = subjects.get(sub)
      return subject !== undefined && ver < subject.minVer
    },
    async refresh() {
      const askedAt = clock.now()
      const page = answer.parse(await ask(OPERATION, { since: cursor })).revocations
      for (const revocation of page.revocations) add(revocation)
      cursor = page.cursor
      answeredAt = askedAt
      forgetExpired(askedAt)
    },
    age: () => (answeredAt === null ? null : (clock.now().getTime() - answeredAt.getTime()) / 1000),
  }
}

function later(one: Date | undefined, other: Date): Date {
  return one && one > other ? one : other
}
