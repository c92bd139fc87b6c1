import { DomainError, isAdmin, requireUser } from '@stellr/kit'
import { recordDeed } from '@stellr/schema/events/audit'
import type { Context, Tx } from '../context.ts'
import type { AccountRow } from '../models.ts'
import { recordRefusal } from './record-refusals.ts'

export interface Change {
  tx: Tx
  /** Who is changed, as it is and stays until the transaction ends. */
  account: AccountRow
  /** Who changes it. */
  adminId: string
}

/**
 * A change of somebody's account by an administrator, kept for the audit log with what the account was and became. All such
 * changes go one by one, so that each sees who still is one: an administrator whom another has just demoted or blocked changes
 * nothing any more, whatever their token says, and that they tried is kept too.
 */
export async function administer(
  context: Context,
  action: 'setRole' | 'blockUser' | 'unblockUser',
  userId: string,
  change: (change: Change) => Promise<AccountRow>,
): Promise<{ user: AccountRow }> {
  const { random, services, store, viewer } = context
  const admin = requireUser(viewer)
  if (!isAdmin(viewer)) throw new DomainError('FORBIDDEN')
  await services.limits.spend('adminChangesPerAdmin', admin.id)
  const user = await store.transaction(async (tx) => {
    await tx.lock('administrators')
    if (!(await tx.activeAdmins()).includes(admin.id)) {
      await recordRefusal(tx, context, { id: random.id(), userId: admin.id, role: admin.role, action, count: 1 })
      return null
    }
    const account = await tx.lockAccount(userId)
    if (!account || account.status === 'DELETED') throw new DomainError('NOT_FOUND')
    const changed = await change({ tx, account, adminId: admin.id })
    await recordDeed(tx, context, { action, subjectType: 'User', subjectId: userId, before: factsOf(account), after: factsOf(changed) })
    return changed
  })
  // Not within the transaction, which would take the record of it along.
  if (!user) throw new DomainError('FORBIDDEN')
  return { user }
}

/** Throws CONFLICT when the account is the only one that can run the place. Hold the lock `administrators`. */
export async function requireAnotherAdmin(tx: Tx, { id }: AccountRow): Promise<void> {
  const admins = await tx.activeAdmins()
  if (admins.includes(id) && admins.length === 1) {
    throw new DomainError('CONFLICT', { reason: 'LAST_ADMINISTRATOR' }, 'The last administrator has to stay one.')
  }
}

function factsOf({ role, status }: AccountRow) {
  return { role, status }
}
