import { DomainError, parseInput } from '@stellr/kit'
import { UserRegistered, UserRoleChanged } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Backstage, Tx } from '../context.ts'
import { record } from '../history.ts'
import { email, name, newPassword } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { endAllSessions } from '../sessions.ts'

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
 * the role and the new password, and its sessions end: nobody proved that whoever registered it can read its mail.
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
  const before = await tx.lockAccount(known.id)
  if (before?.status !== 'ACTIVE') throw new DomainError('CONFLICT', { status: before?.status }, 'This account is not active.')
  const admin = await tx.changeAccount(known.id, { role: 'ADMIN', passwordHash }, ['version', 'tokenVersion'], backstage.clock.now())
  await tx.outbox.add(UserRoleChanged, admin, { userId: admin.id, from: before.role, to: 'ADMIN', actorId: null })
  await record(tx, backstage, { type: 'ROLE_CHANGED', accountId: admin.id, actorId: null, data: { from: before.role, to: 'ADMIN' } })
  await endAllSessions(backstage, tx, admin, 'PASSWORD_CHANGED')
  return 'PROMOTED'
}
