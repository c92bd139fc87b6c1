import { mutation } from '@stellr/kit'
import type { Context } from './context.ts'
import type { Resolvers } from './generated/graphql.ts'
import { userId } from './inputs.ts'
import type { AccountRef, AccountRow } from './models.ts'
import { requireAccountAccess } from './policy.ts'
import * as blockUser from './use-cases/block-user.ts'
import * as cancelAccountDeletion from './use-cases/cancel-account-deletion.ts'
import * as changePassword from './use-cases/change-password.ts'
import * as deleteAccount from './use-cases/delete-account.ts'
import { listRevocations } from './use-cases/list-revocations.ts'
import { listSessions } from './use-cases/list-sessions.ts'
import * as login from './use-cases/login.ts'
import * as logout from './use-cases/logout.ts'
import * as logoutEverywhere from './use-cases/logout-everywhere.ts'
import * as recordRefusals from './use-cases/record-refusals.ts'
import * as refreshSession from './use-cases/refresh-session.ts'
import * as register from './use-cases/register.ts'
import * as revokeSession from './use-cases/revoke-session.ts'
import * as setRole from './use-cases/set-role.ts'
import * as unblockUser from './use-cases/unblock-user.ts'

export const resolvers: Resolvers = {
  Query: {
    sessions: (_parent, args, context) => listSessions(context, args),
    signingKeys: async (_parent, _args, { services }) => JSON.stringify(await services.keys.published()),
    revocations: (_parent, { since }, context) => listRevocations(context, since ?? null),
  },
  Mutation: {
    register: mutation(register.input, register.register),
    login: mutation(login.input, login.login),
    refreshSession: mutation(refreshSession.input, refreshSession.refreshSession),
    logout: mutation(logout.input, logout.logout),
    logoutEverywhere: mutation(logoutEverywhere.input, logoutEverywhere.logoutEverywhere),
    revokeSession: mutation(revokeSession.input, revokeSession.revokeSession),
    changePassword: mutation(changePassword.input, changePassword.changePassword),
    deleteAccount: mutation(deleteAccount.input, deleteAccount.deleteAccount),
    cancelAccountDeletion: mutation(cancelAccountDeletion.input, cancelAccountDeletion.cancelAccountDeletion),
    setRole: mutation(setRole.input, setRole.setRole),
    blockUser: mutation(blockUser.input, blockUser.blockUser),
    unblockUser: mutation(unblockUser.input, unblockUser.unblockUser),
    recordRefusals: mutation(recordRefusals.input, recordRefusals.recordRefusals),
  },
  User: {
    // Anybody can name a user: each field below asks by itself whether the viewer may see it.
    __resolveReference: async ({ id }) => (userId.safeParse(id).success ? { id } : null),
    username: ofAccount((account) => account.username),
    email: ofAccount((account) => account.email),
    phone: ofAccount((account) => account.phone),
    role: ofAccount((account) => account.role),
    status: ofAccount((account) => account.status),
    deletionScheduledAt: ofAccount(({ status, deletionScheduledAt }) =>
      status === 'DELETION_PENDING' && deletionScheduledAt ? deletionScheduledAt.toISOString() : null,
    ),
  },
  Session: {
    current: ({ id }, _args, { viewer }) => viewer.kind === 'user' && viewer.sessionId === id,
  },
}

/** A field of an account; null when there is no such account. Those of one tick are read in one statement. */
function ofAccount<Value>(read: (account: AccountRow) => Value) {
  return async (ref: AccountRef, _args: unknown, { store, viewer }: Context): Promise<Value | null> => {
    requireAccountAccess(viewer, ref.id)
    const account = 'status' in ref ? ref : await store.account(ref.id)
    return account && read(account)
  }
}
