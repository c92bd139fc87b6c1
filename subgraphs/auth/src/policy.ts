import { DomainError, isAdmin, isUser, type Role, type Viewer } from '@stellr/kit'
import type { AccountStatus } from './models.ts'

const scopesByRole: Record<Role, readonly string[]> = {
  STUDENT: ['learn'],
  INSTRUCTOR: ['learn', 'author'],
  ADMIN: ['learn', 'author', 'admin'],
}

/** What an access token allows. Whoever is about to leave may only sign in, look, and change their mind. */
export function scopesOf(role: Role, status: AccountStatus): readonly string[] {
  return status === 'ACTIVE' ? scopesByRole[role] : []
}

/** Whether the password or a refresh token of such an account still opens a session. */
export function maySignIn(status: AccountStatus): boolean {
  return status === 'ACTIVE' || status === 'DELETION_PENDING'
}

/** An account is its owner's and the administrators' business. */
export function maySeeAccount(viewer: Viewer, accountId: string): boolean {
  return isUser(viewer, accountId) || isAdmin(viewer)
}

/** Throws FORBIDDEN unless the viewer may see the account. It need not exist: unknown and foreign answer alike. */
export function requireAccountAccess(viewer: Viewer, accountId: string): void {
  if (!maySeeAccount(viewer, accountId)) throw new DomainError('FORBIDDEN')
}

/** Throws FORBIDDEN unless the router asks on its own behalf: what it says of refusals is believed. */
export function requireRouter(viewer: Viewer): void {
  if (viewer.kind !== 'service' || viewer.name !== 'router') throw new DomainError('FORBIDDEN')
}
