import { defineTransitions } from '@stellr/kit'
import type { Tx } from './context.ts'
import type { AccountRow, AccountStatus } from './models.ts'
import type { Raised } from './store.ts'

/** From which status an account may go to which. What happened is kept in its history. */
export const transitions = defineTransitions<AccountStatus>({
  ACTIVE: ['BLOCKED', 'DELETION_PENDING'],
  BLOCKED: ['ACTIVE', 'DELETION_PENDING'],
  DELETION_PENDING: ['ACTIVE', 'BLOCKED', 'DELETED'],
  DELETED: [],
})

/** Moves an account, whose lock is held, to another status. Throws CONFLICT where the table knows no such way. */
export async function become(
  tx: Tx,
  account: AccountRow,
  to: { status: AccountStatus; deletionScheduledAt?: Date | null },
  raise: readonly Raised[],
  now: Date,
): Promise<AccountRow> {
  transitions.require(account.status, to.status)
  return tx.changeAccount(account.id, to, raise, now)
}

/** What an account is once it is no longer blocked: a deletion that was asked for before still stands. */
export function statusAfterBlock({ deletionScheduledAt }: Pick<AccountRow, 'deletionScheduledAt'>): AccountStatus {
  return deletionScheduledAt ? 'DELETION_PENDING' : 'ACTIVE'
}
