import { DomainError, isAdmin, requireUser } from '@stellr/kit'
import type { Context, Tx } from '../context.ts'
import type { AccountRow } from '../models.ts'

export interface Change {
  tx: Tx
  /** Who is changed, as it is and stays until the transaction ends. */
  account: AccountRow
  /** Who changes it. */
  adminId: string
}

/**
 * A change of somebody's account by an administrator. All such changes go one by one, so that each sees who still is one:
 * an administrator whom another has just demoted or blocked changes nothing any more, whatever their token says.
 */
export async function administer(
  context: Context,
  userId: string,
  change: (change: Change) => Promise<AccountRow>,
): Promise<{ user: AccountRow }> {
  const { services, store, viewer } = context
  const admin = requireUser(viewer)
  if (!isAdmin(viewer)) throw new DomainError('FORBIDDEN')
  await services.limits.spend('adminChangesPerAdmin', admin.id)
  const user = await store.transaction(async (tx) => {
    await tx.lock('administrators')
    if (!(await tx.activeAdmins()).includes(admin.id)) throw new DomainError('FORBIDDEN')
    const account = await tx.lockAccount(userId)
    if (!account || account.status === 'DELETED') throw new DomainError('NOT_FOUND')
    return change({ tx, account, adminId: admin.id })
  })
  return { user }
}

/** Throws CONFLICT when the account is the only one that can run the place. Hold the lock `administrators`. */
export async function requireAnotherAdmin(tx: Tx, { id }: AccountRow): Promise<void> {
  const admins = await tx.activeAdmins()
  if (admins.includes(id) && admins.length === 1) {
    throw new DomainError('CONFLICT', { reason: 'LAST_ADMINISTRATOR' }, 'The last administrator has to stay one.')
  }
}
