import { DomainError, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { endAllSessions, endOtherSessions } from '../sessions.ts'

export const input = z.object({ keepCurrent: z.boolean().nullish() })

/** Somebody ends all of their sessions, or all but the one that asks. */
export async function logoutEverywhere(context: Context, { keepCurrent }: z.infer<typeof input>): Promise<{ revokedSessions: number }> {
  const { clock, services, store } = context
  const user = requireUser(context.viewer)
  await services.limits.spend('sessionChangesPerUser', user.id)
  const revokedSessions = await store.transaction(async (tx) => {
    // The lock keeps out a sign-in that would slip between.
    if (!(await tx.lockAccount(user.id))) throw new DomainError('UNAUTHENTICATED')
    const ended = keepCurrent
      ? await endOtherSessions(context, tx, user.id, user.sessionId, 'LOGOUT_EVERYWHERE')
      : await endAllSessions(context, tx, await tx.changeAccount(user.id, {}, ['tokenVersion'], clock.now()), 'LOGOUT_EVERYWHERE')
    await record(tx, context, { type: 'SESSIONS_ENDED', accountId: user.id, actorId: user.id, data: { count: ended } })
    return ended
  })
  return { revokedSessions }
}
