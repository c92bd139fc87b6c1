import { hasScope, isAdmin, isUser, type Viewer } from '@stellr/kit'
import type { EnrollmentRow } from './models.ts'

/** How far somebody is, is their own business, that of who teaches them, as long as they may teach, and of administrators. */
export function maySeeProgress(viewer: Viewer, { userId, instructorId }: Pick<EnrollmentRow, 'userId' | 'instructorId'>): boolean {
  return isUser(viewer, userId) || (isUser(viewer, instructorId) && hasScope(viewer, 'author')) || isAdmin(viewer)
}

/** Whether an enrollment lets its learner go on. A past `expiresAt` counts before any event says so. */
export function givesAccess({ status, expiresAt }: Pick<EnrollmentRow, 'status' | 'expiresAt'>, now: Date): boolean {
  return (status === 'ACTIVE' || status === 'COMPLETED') && (expiresAt === null || expiresAt > now)
}

/** Whether an enrollment ever gave access: one that was never paid for has no progress to show. */
export function hasBegun({ status }: Pick<EnrollmentRow, 'status'>): boolean {
  return status !== 'PENDING_PAYMENT' && status !== 'CANCELED'
}
