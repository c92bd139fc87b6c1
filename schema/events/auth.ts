import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { sessions, users } from './topics.ts'

const role = z.enum(['STUDENT', 'INSTRUCTOR', 'ADMIN'])
const actor = z.uuid().nullable().describe('The administrator who did it; null when the platform did.')

export const UserRegistered = defineEvent(
  'user.registered',
  1,
  users,
  z.looseObject({
    userId: z.uuid(),
    name: z.string(),
    role,
    firstLoginAt: z.iso.datetime().nullable().describe('Null for an account that somebody else made.'),
  }),
  'Somebody has an account now. The one event of auth that carries a name, so that users can make the profile. Aggregate: the account.',
)

export const UserFirstLogin = defineEvent(
  'user.first_login',
  1,
  users,
  z.looseObject({ userId: z.uuid(), at: z.iso.datetime() }),
  'Somebody whose account an administrator or the platform made has signed in for the first time. Aggregate: the account.',
)

export const UserRoleChanged = defineEvent(
  'user.role_changed',
  1,
  users,
  z.looseObject({ userId: z.uuid(), from: role, to: role, actorId: actor }),
  'Somebody may do more or less than before. Aggregate: the account.',
)

export const UserBlocked = defineEvent(
  'user.blocked',
  1,
  users,
  z.looseObject({ userId: z.uuid(), actorId: actor }),
  'Somebody has been shut out; their sessions have ended. Aggregate: the account.',
)

export const UserUnblocked = defineEvent(
  'user.unblocked',
  1,
  users,
  z.looseObject({ userId: z.uuid(), actorId: actor }),
  'Somebody who was shut out may sign in again. Aggregate: the account.',
)

export const UserDeletionRequested = defineEvent(
  'user.deletion_requested',
  1,
  users,
  z.looseObject({ userId: z.uuid(), scheduledAt: z.iso.datetime().describe('When the account is going to be deleted.') }),
  'Somebody wants their account deleted, and may change their mind until then. Aggregate: the account.',
)

export const UserDeletionCanceled = defineEvent(
  'user.deletion_canceled',
  1,
  users,
  z.looseObject({ userId: z.uuid() }),
  'An account that was to be deleted stays. Aggregate: the account.',
)

export const SessionRevoked = defineEvent(
  'session.revoked',
  1,
  sessions,
  z.looseObject({
    sessionId: z.uuid(),
    userId: z.uuid(),
    reason: z.enum(['LOGOUT', 'LOGOUT_EVERYWHERE', 'REVOKED', 'PASSWORD_CHANGED', 'TOKEN_REUSED', 'BLOCKED', 'DELETION_REQUESTED']),
  }),
  'A session has ended before its time. Aggregate: the session.',
)
