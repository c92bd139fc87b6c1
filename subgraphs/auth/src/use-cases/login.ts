import { DomainError } from '@stellr/kit'
import { UserFirstLogin } from '@stellr/schema/events/auth'
import { z } from 'zod'
import type { Context, Tx } from '../context.ts'
import { record } from '../history.ts'
import { givenPassword, identifier } from '../inputs.ts'
import type { AccountRow } from '../models.ts'
import { maySignIn } from '../policy.ts'
import { addressOf, digestOf, spendQuietly } from '../services/limits.ts'
import { openSession, signedIn, type SignedIn } from '../sessions.ts'

export const input = z.object({ identifier, password: givenPassword })

/**
 * Somebody signs in with a password. Whether the account or the password was wrong, or the account has been tried too often by
 * another of its names, shows neither in the answer nor in its time.
 */
export async function login(context: Context, { identifier, password }: z.infer<typeof input>): Promise<SignedIn> {
  const { caller, services, store } = context
  const { limits, passwords } = services
  await limits.spend('loginPerAddress', addressOf(caller))
  const identifierKey = digestOf(JSON.stringify(identifier))
  await limits.spend('loginPerIdentifier', identifierKey)
  const found = await store.accountNamed(identifier)
  // Its e-mail address, username and phone must not give an account three times the guesses. Nor may RATE_LIMITED tell that
  // two of them are one account: beyond this limit the right password is as good as a wrong one.
  const accountKey = found?.id ?? identifierKey
  const withinLimit = await spendQuietly(limits, 'loginPerAccount', accountKey)
  const fits = await passwords.matches(password, found?.passwordHash ?? null)
  if (!found || !withinLimit || !fits || found.status === 'DELETED') throw wrong()
  if (!maySignIn(found.status)) throw new DomainError('ACCOUNT_BLOCKED')
  await limits.forgive('loginPerAccount', accountKey)
  // Not the account's other names: if all became free again at once, that would link them.
  await limits.forgive('loginPerIdentifier', identifierKey)

  const newHash = found.passwordHash && passwords.outdated(found.passwordHash) ? await passwords.hash(password) : null
  const { account, session, refreshToken } = await store.transaction(async (tx) => {
    // Under the lock, because a block or a new password may have come while the password was checked.
    const account = await tx.lockAccount(found.id)
    if (account?.passwordHash !== found.passwordHash || !maySignIn(account.status)) throw wrong()
    await record(tx, context, { type: 'SIGNED_IN', accountId: account.id, actorId: account.id })
    const current = await noteSignIn(context, tx, account, newHash)
    return { account: current, ...(await openSession(context, tx, current)) }
  })
  return signedIn(context, account, session.id, refreshToken)
}

async function noteSignIn({ clock }: Context, tx: Tx, account: AccountRow, newHash: string | null): Promise<AccountRow> {
  const now = clock.now()
  const rehashed = newHash === null ? account : await tx.changeAccount(account.id, { passwordHash: newHash }, [], now)
  if (rehashed.firstLoginAt) return rehashed
  const first = await tx.changeAccount(account.id, { firstLoginAt: now }, ['version'], now)
  await tx.outbox.add(UserFirstLogin, first, { userId: first.id, at: now.toISOString() })
  return first
}

function wrong(): DomainError {
  return new DomainError('UNAUTHENTICATED', undefined, 'The name or the password is wrong.')
}
