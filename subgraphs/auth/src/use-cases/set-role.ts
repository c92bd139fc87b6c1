import { UserRoleChanged } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { userId } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { revokeTokens } from '../sessions.ts'
import { administer, requireAnotherAdmin } from './administer.ts'

export const input = z.object({ userId, role: z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN']) })

/** An administrator gives somebody another role. The sessions stay; the next refresh brings the new rights. */
export async function setRole(context: Context, { userId, role }: z.infer<typeof input>): Promise<{ user: AccountRow }> {
  return administer(context, 'setRole', userId, async ({ tx, account, adminId }) => {
    if (account.role === role) return account
    if (role !== 'ADMIN') await requireAnotherAdmin(tx, account)
    const changed = await tx.changeAccount(account.id, { role }, ['version', 'tokenVersion'], context.clock.now())
    await revokeTokens(context, tx, { accountId: changed.id, minVer: changed.tokenVersion })
    await tx.outbox.add(UserRoleChanged, changed, { userId: changed.id, from: account.role, to: role, actorId: adminId })
    await record(tx, context, { type: 'ROLE_CHANGED', accountId: changed.id, actorId: adminId, data: { from: account.role, to: role } })
    return changed
  })
}
