import { DomainError, requireUser } from '@stellr/kit'
import type { Context } from '../context.ts'
import type { AccountRow } from '../models.ts'

/** The caller's account, once the caller has given its password again. Throws FORBIDDEN when it is wrong. */
export async function confirmPassword({ services, store, viewer }: Context, password: string, field: string): Promise<AccountRow> {
  const user = requireUser(viewer)
  await services.limits.spend('passwordChecksPerAccount', user.id)
  const account = await store.account(user.id)
  if (!account) throw new DomainError('UNAUTHENTICATED')
  if (!(await services.passwords.matches(password, account.passwordHash))) {
    throw new DomainError(
      'FORBIDDEN',
      [{ path: `input.${field}`, rule: 'password', message: 'must be the account’s password' }],
      'The password is wrong.',
    )
  }
  return account
}
