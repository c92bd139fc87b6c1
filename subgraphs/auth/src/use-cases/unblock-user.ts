import { UserUnblocked } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { userId } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { become, statusAfterBlock } from '../status.ts'
import { administer } from './administer.ts'

export const input = z.object({ userId })

/** An administrator lets somebody in again. Unblocking who is not blocked changes nothing. */
export async function unblockUser(context: Context, { userId }: z.infer<typeof input>): Promise<{ user: AccountRow }> {
  return administer(context, 'unblockUser', userId, async ({ tx, account, adminId }) => {
    if (account.status !== 'BLOCKED') return account
    const unblocked = await become(tx, account, { status: statusAfterBlock(account) }, ['version'], context.clock.now())
    await tx.outbox.add(UserUnblocked, unblocked, { userId: unblocked.id, actorId: adminId })
    await record(tx, context, { type: 'UNBLOCKED', accountId: unblocked.id, actorId: adminId })
    return unblocked
  })
}
