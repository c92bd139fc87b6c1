import { DomainError, parseInput } from '@stellr/kit'
import { UserRegistered, UserRoleChanged } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Backstage, Tx } from '../context.ts'
import { record } from '../history.ts'
import { email, name, newPassword } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { endAllSessions } from '../sessions.ts'
import { keepAccount } from './cancel-account-deletion.ts'

export const input = z.object({
  email,
  name: name.default('Administrator'),
  /** Made up when it is not given. */
  password: newPassword.optional(),
  /** Do nothing when there is an administrator already. */
  onlyFirst: z.boolean().default(false),
})

export interface CreatedAdmin {
  outcome: 'CREATED' | 'PROMOTED' | 'ALREADY_ADMIN' | 'NOT_FIRST'
  email: string
  /** What to sign in with; null when nothing was changed. */
  password: string | null
}

/**
 * An operator makes an administrator: no use of the API can make the first. An account that has the address already gets
 * the role and the new password, its sessions end and so does the wait for its deletion: nobody proved that whoever
 * registered it, and then asked for that, can read its mail. Throws CONFLICT when it is blocked or deleted.
 */
export async function createAdmin(backstage: Backstage, options: z.input<typeof input>): Promise<CreatedAdmin> {
  const { random, services, store } = backstage
  const { email, name, onlyFirst, password = random.bytes(18).toString('base64url') } = parseInput(input, options, 'administrator')
  const passwordHash = await services.passwords.hash(password)
  const outcome = await store.transaction(async (tx) => {
    await tx.lock('administrators')
    const admins = await tx.activeAdmins()
    if (onlyFirst && admins.length > 0) return 'NOT_FIRST'
    const known = await tx.accountNamed({ email })
    if (!known) return create(backstage, tx, { email, name, passwordHash })
    return admins.includes(known.id) ? 'ALREADY_ADMIN' : promote(backstage, tx, known, passwordHash)
  })
  const changed = outcome === 'CREATED' || outcome === 'PROMOTED'
  return { outcome, email, password: changed ? password : null }
}

async function create(
  backstage: Backstage,
  tx: Tx,
  { email, name, passwordHash }: { email: string; name: string; passwordHash: string },
): Promise<'CREATED'> {
  const now = backstage.clock.now()
  const admin = await tx.insertAccount({ id: backstage.random.id(), email, passwordHash, role: 'ADMIN', createdAt: now, updatedAt: now })
  await tx.outbox.add(UserRegistered, admin, { userId: admin.id, name, role: admin.role, firstLoginAt: null })
  await record(tx, backstage, { type: 'ADMIN_CREATED', accountId: admin.id, actorId: null })
  return 'CREATED'
}

async function promote(backstage: Backstage, tx: Tx, known: AccountRow, passwordHash: string): Promise<'PROMOTED'> {
  const found = await tx.lockAccount(known.id)
  const leaving = found?.status === 'DELETION_PENDING'
  const before = leaving ? await keepAccount(backstage, tx, found, { actorId: null, reason: 'promoted' }) : found
  if (before?.status !== 'ACTIVE') throw new DomainError('CONFLICT', { status: before?.status }, 'This account is not active.')
  const admin = await changeIntoAdmin(backstage, tx, before, passwordHash)
  await endAllSessions(backstage, tx, admin, 'PASSWORD_CHANGED')
  return 'PROMOTED'
}

async function changeIntoAdmin(backstage: Backstage, tx: Tx, before: AccountRow, passwordHash: string): Promise<AccountRow> {
  const { id, role: from } = before
  const now = backstage.clock.now()
  // An administrator who was about to leave: the role is no news.
  if (from === 'ADMIN') {
    await record(tx, backstage, { type: 'PASSWORD_CHANGED', accountId: id, actorId: null })
    return tx.changeAccount(id, { passwordHash }, ['tokenVersion'], now)
  }
  const admin = await tx.changeAccount(id, { role: 'ADMIN', passwordHash }, ['version', 'tokenVersion'], now)
  await tx.outbox.add(UserRoleChanged, admin, { userId: id, from, to: 'ADMIN', actorId: null })
  await record(tx, backstage, { type: 'ROLE_CHANGED', accountId: id, actorId: null, data: { from, to: 'ADMIN' } })
  return admin
}
