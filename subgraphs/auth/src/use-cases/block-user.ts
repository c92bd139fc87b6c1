import { UserBlocked } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { reason, userId } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { endAllSessions } from '../sessions.ts'
import { become } from '../status.ts'
import { administer, requireAnotherAdmin } from './administer.ts'

export const input = z.object({ userId, reason })

/** An administrator shuts somebody out at once. Blocking twice changes nothing. */
export async function blockUser(context: Context, { userId, reason = null }: z.infer<typeof input>): Promise<{ user: AccountRow }> {
  return administer(context, 'blockUser', userId, async ({ tx, account, adminId }) => {
    if (account.status === 'BLOCKED') return account
    await requireAnotherAdmin(tx, account)
    const blocked = await become(tx, account, { status: 'BLOCKED' }, ['version', 'tokenVersion'], context.clock.now())
    await tx.outbox.add(UserBlocked, blocked, { userId: blocked.id, actorId: adminId })
    await record(tx, context, { type: 'BLOCKED', accountId: blocked.id, actorId: adminId, data: { reason } })
    await endAllSessions(context, tx, blocked, 'BLOCKED')
    return blocked
  })
}
