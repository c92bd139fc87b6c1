import { DomainError, isAdmin, isUser, type Viewer } from '@stellr/kit'

/** An enrollment is the learner's, the business of whoever teaches the course, and of administrators. */
export function maySeeEnrollment(viewer: Viewer, { userId, instructorId }: { userId: string; instructorId: string }): boolean {
  return isUser(viewer, userId) || maySeeLearners(viewer, { instructorId })
}

/** Who learns in a course is for its instructor, while they may teach, and administrators. */
export function maySeeLearners(viewer: Viewer, { instructorId }: { instructorId: string }): boolean {
  return (viewer.kind === 'user' && viewer.id === instructorId && viewer.scopes.includes('author')) || isAdmin(viewer)
}

/** Throws FORBIDDEN unless the viewer may see who learns in the course. */
export function requireLearnersAccess(viewer: Viewer, course: { instructorId: string }): void {
  if (!maySeeLearners(viewer, course)) throw new DomainError('FORBIDDEN')
}

/** What somebody pays is told to nobody who teaches. */
export function maySeePayments(viewer: Viewer, { userId }: { userId: string }): boolean {
  return isUser(viewer, userId) || isAdmin(viewer)
}

/** All that a person learns is their own and the administrators' business: an instructor sees only their own courses' part. */
export function requireListAccess(viewer: Viewer, userId: string): void {
  if (!isUser(viewer, userId) && !isAdmin(viewer)) throw new DomainError('FORBIDDEN')
}
