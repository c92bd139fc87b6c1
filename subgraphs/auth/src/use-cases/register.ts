import { DomainError, uniqueViolation } from '@stellr/kit'
import { UserRegistered } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { record } from '../history.ts'
import { email, name, newPassword, username } from '../inputs.ts'
import { addressOf } from '../services/limits.ts'
import { openSession, signedIn, type SignedIn } from '../sessions.ts'

export const input = z.object({ email, password: newPassword, name, username: username.nullish() })

/** Somebody makes an account, always as a learner, and is signed in. */
export async function register(context: Context, { email, password, name, username = null }: z.infer<typeof input>): Promise<SignedIn> {
  const { caller, clock, random, services, store } = context
  await services.limits.spend('registerPerAddress', addressOf(caller))
  // Before the transaction: it takes tens of milliseconds in which no connection should be held.
  const passwordHash = await services.passwords.hash(password)
  const now = clock.now()
  const { account, session, refreshToken } = await store
    .transaction(async (tx) => {
      const account = await tx.insertAccount({
        id: random.id(),
        email,
        username,
        passwordHash,
        firstLoginAt: now,
        createdAt: now,
        updatedAt: now,
      })
      await tx.outbox.add(UserRegistered, account, { userId: account.id, name, role: account.role, firstLoginAt: now.toISOString() })
      await record(tx, context, { type: 'REGISTERED', accountId: account.id, actorId: account.id })
      return { account, ...(await openSession(context, tx, account)) }
    })
    .catch((error: unknown) => {
      throw taken(error)
    })
  return signedIn(context, account, session.id, refreshToken)
}

// Only the index decides who was first: a look beforehand would lie to one of two at once.
function taken(error: unknown): unknown {
  const index = uniqueViolation(error)
  if (index === 'account_email_key') return new DomainError('EMAIL_TAKEN')
  if (index === 'account_username_key') return new DomainError('USERNAME_TAKEN')
  return error
}
