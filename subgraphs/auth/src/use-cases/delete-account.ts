import { DomainError, plusSeconds } from '@stellr/kit'
import { UserDeletionRequested } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { givenPassword } from '../inputs.ts'
import { endAllSessions } from '../sessions.ts'
import { become } from '../status.ts'
import { requireAnotherAdmin } from './administer.ts'
import { confirmPassword } from './confirm-password.ts'

export const input = z.object({ password: givenPassword })

const DAY = 24 * 60 * 60

/** Somebody wants to leave. They are out at once, and have some weeks to change their mind. Asking twice keeps the first date. */
export async function deleteAccount(context: Context, { password }: z.infer<typeof input>): Promise<{ deletionScheduledAt: string }> {
  const { clock, services, store } = context
  const confirmed = await confirmPassword(context, password, 'password')
  const now = clock.now()
  const deletionScheduledAt = await store.transaction(async (tx) => {
    await tx.lock('administrators')
    const account = await tx.lockAccount(confirmed.id)
    if (account?.status === 'DELETION_PENDING' && account.deletionScheduledAt) return account.deletionScheduledAt
    if (account?.status !== 'ACTIVE' || account.passwordHash !== confirmed.passwordHash) throw new DomainError('UNAUTHENTICATED')
    await requireAnotherAdmin(tx, account)
    const scheduledAt = plusSeconds(now, services.settings.deletionDays * DAY)
    const to = { status: 'DELETION_PENDING', deletionScheduledAt: scheduledAt } as const
    const leaving = await become(tx, account, to, ['version', 'tokenVersion'], now)
    await tx.outbox.add(UserDeletionRequested, leaving, { userId: leaving.id, scheduledAt: scheduledAt.toISOString() })
    await record(tx, context, { type: 'DELETION_REQUESTED', accountId: leaving.id, actorId: leaving.id })
    await endAllSessions(context, tx, leaving, 'DELETION_REQUESTED')
    return scheduledAt
  })
  return { deletionScheduledAt: deletionScheduledAt.toISOString() }
}
