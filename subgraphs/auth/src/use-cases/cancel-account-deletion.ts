import { DomainError, requireUser } from '@stellr/kit'
import { UserDeletionCanceled } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { reason } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { become } from '../status.ts'

export const input = z.object({ reason })

/** Somebody who was about to leave stays. */
export async function cancelAccountDeletion(context: Context, { reason = null }: z.infer<typeof input>): Promise<{ user: AccountRow }> {
  const { clock, services, store } = context
  const { id } = requireUser(context.viewer)
  await services.limits.spend('sessionChangesPerUser', id)
  const user = await store.transaction(async (tx) => {
    const account = await tx.lockAccount(id)
    if (account?.status !== 'DELETION_PENDING')
      throw new DomainError('CONFLICT', { reason: 'NO_DELETION_PENDING' }, 'No deletion is pending.')
    const kept = await become(tx, account, { status: 'ACTIVE', deletionScheduledAt: null }, ['version'], clock.now())
    await tx.outbox.add(UserDeletionCanceled, kept, { userId: id })
    await record(tx, context, { type: 'DELETION_CANCELED', accountId: id, actorId: id, data: { reason } })
    return kept
  })
  return { user }
}
