import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import type { SessionRow } from '../models.ts'
import { endSession } from '../sessions.ts'

export const input = z.object({ refreshToken: z.string().min(1).max(200).nullish() })

/** Whoever holds a token of a session ends it. Ending it twice changes nothing. */
export async function logout(context: Context, { refreshToken }: z.infer<typeof input>): Promise<{ session: SessionRow }> {
  const { services, store } = context
  const sessionId = refreshToken == null ? ownSession(context) : services.refreshTokens.read(refreshToken)?.sessionId
  const session = sessionId === undefined ? null : await store.session(sessionId)
  if (!session) throw new DomainError('UNAUTHENTICATED')
  await services.limits.spend('sessionChangesPerUser', session.accountId)
  const ended = await store.transaction(async (tx) => {
    const ended = await endSession(context, tx, session.id, 'LOGOUT')
    if (ended)
      await record(tx, context, {
        type: 'SESSION_ENDED',
        accountId: ended.accountId,
        actorId: ended.accountId,
        data: { sessionId: ended.id },
      })
    return ended
  })
  return { session: ended ?? session }
}

function ownSession({ viewer }: Context): string | undefined {
  return viewer.kind === 'user' ? viewer.sessionId : undefined
}
