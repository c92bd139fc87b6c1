import { DomainError, requireUser } from '@stellr/kit'
import { UserDeletionCanceled } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Backstage, Context, Tx } from '../context.ts'
import { record } from '../history.ts'
import { reason } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { become } from '../status.ts'

export const input = z.object({ reason })

/** Somebody who was about to leave stays. */
export async function cancelAccountDeletion(context: Context, { reason = null }: z.infer<typeof input>): Promise<{ user: AccountRow }> {
  const { services, store } = context
  const { id } = requireUser(context.viewer)
  await services.limits.spend('sessionChangesPerUser', id)
  const user = await store.transaction(async (tx) => {
    const account = await tx.lockAccount(id)
    if (account?.status !== 'DELETION_PENDING')
      throw new DomainError('CONFLICT', { reason: 'NO_DELETION_PENDING' }, 'No deletion is pending.')
    return keepAccount(context, tx, account, { actorId: id, reason })
  })
  return { user }
}

/** Calls off the deletion that is pending for an account, whose lock is held. */
export async function keepAccount(
  tools: Pick<Backstage, 'clock' | 'random'> & Partial<Pick<Context, 'caller'>>,
  tx: Tx,
  account: AccountRow,
  { actorId, reason }: { actorId: string | null; reason: string | null },
): Promise<AccountRow> {
  const kept = await become(tx, account, { status: 'ACTIVE', deletionScheduledAt: null }, ['version'], tools.clock.now())
  await tx.outbox.add(UserDeletionCanceled, kept, { userId: kept.id })
  await record(tx, tools, { type: 'DELETION_CANCELED', accountId: kept.id, actorId, data: { reason } })
  return kept
}
