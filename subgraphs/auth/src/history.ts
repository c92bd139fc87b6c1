import type { Caller } from '@stellr/kit'
import type { Context, Tx } from './context.ts'

export type SecurityEventType =
  | 'REGISTERED'
  | 'ADMIN_CREATED'
  | 'SIGNED_IN'
  | 'SESSION_ENDED'
  | 'SESSIONS_ENDED'
  | 'TOKEN_REUSED'
  | 'PASSWORD_CHANGED'
  | 'ROLE_CHANGED'
  | 'BLOCKED'
  | 'UNBLOCKED'
  | 'DELETION_REQUESTED'
  | 'DELETION_CANCELED'
  | 'REFUSED'

export interface SecurityEntry {
  /** Given by whoever may say the same thing twice, so that it is kept once. */
  id?: string
  type: SecurityEventType
  accountId: string
  /** Who did it; null for the platform itself, an operator's command, or a thief. */
  actorId: string | null
  data?: Record<string, string | number | null>
}

/** Adds a line to an account's history, in the transaction that makes it true. Lines are never changed. */
export async function record(
  tx: Tx,
  { clock, random, caller }: Pick<Context, 'clock' | 'random'> & { caller?: Caller },
  entry: SecurityEntry,
): Promise<void> {
  const { id = random.id(), type, accountId, actorId, data = {} } = entry
  await tx.addSecurityEvent({
    id,
    accountId,
    actorId,
    type,
    data,
    ipAddress: caller?.ipAddress ?? null,
    createdAt: clock.now(),
  })
}
