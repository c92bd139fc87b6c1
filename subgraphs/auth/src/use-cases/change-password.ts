import { DomainError } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { givenPassword, newPassword } from '../inputs.ts'
import { maySignIn } from '../policy.ts'
import { endAllSessions, openSession, signedIn, type SignedIn } from '../sessions.ts'
import { confirmPassword } from './confirm-password.ts'

export const input = z.object({ currentPassword: givenPassword, newPassword })

/** Somebody gets a new password. Everyone who was signed in is out, and this device is signed in anew. */
export async function changePassword(
  context: Context,
  { currentPassword, newPassword }: z.infer<typeof input>,
): Promise<SignedIn & { revokedSessions: number }> {
  const { clock, services, store } = context
  const confirmed = await confirmPassword(context, currentPassword, 'currentPassword')
  const passwordHash = await services.passwords.hash(newPassword)
  const { account, session, refreshToken, revokedSessions } = await store.transaction(async (tx) => {
    const locked = await tx.lockAccount(confirmed.id)
    // Of two changes at once, one has confirmed a password that is none any more.
    if (locked?.passwordHash !== confirmed.passwordHash) throw new DomainError('CONFLICT')
    if (!maySignIn(locked.status)) throw new DomainError('UNAUTHENTICATED')
    const account = await tx.changeAccount(locked.id, { passwordHash }, ['tokenVersion'], clock.now())
    const revokedSessions = await endAllSessions(context, tx, account, 'PASSWORD_CHANGED')
    await record(tx, context, { type: 'PASSWORD_CHANGED', accountId: account.id, actorId: account.id })
    return { account, revokedSessions, ...(await openSession(context, tx, account)) }
  })
  return { ...(await signedIn(context, account, session.id, refreshToken)), revokedSessions }
}
