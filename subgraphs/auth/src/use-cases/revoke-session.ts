import { DomainError, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import type { SessionRow } from '../models.ts'
import { endSession } from '../sessions.ts'

export const input = z.object({ sessionId: z.uuid() })

/** Somebody ends one of their own sessions, as on a lost phone. Ending it twice changes nothing. */
export async function revokeSession(context: Context, { sessionId }: z.infer<typeof input>): Promise<{ session: SessionRow }> {
  const { services, store } = context
  const user = requireUser(context.viewer)
  await services.limits.spend('sessionChangesPerUser', user.id)
  const session = await store.session(sessionId)
  if (session?.accountId !== user.id) throw new DomainError('NOT_FOUND')
  const ended = await store.transaction(async (tx) => {
    const ended = await endSession(context, tx, session.id, 'REVOKED')
    if (ended) await record(tx, context, { type: 'SESSION_ENDED', accountId: user.id, actorId: user.id, data: { sessionId: ended.id } })
    return ended
  })
  return { session: ended ?? session }
}
