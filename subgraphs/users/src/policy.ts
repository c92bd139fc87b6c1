import { DomainError, isAdmin, isUser, type Viewer } from '@stellr/kit'

/** Those who teach and run the place are known to everybody; learners to whoever is signed in. */
export function maySeeProfile(viewer: Viewer, profile: { userId: string; role: string }): boolean {
  return profile.role !== 'STUDENT' || viewer.kind !== 'anonymous'
}

/** Preferences, onboarding, locale and time zone are the person's own business, and an administrator's. */
export function maySeePrivate(viewer: Viewer, userId: string): boolean {
  return isUser(viewer, userId) || isAdmin(viewer)
}

/** Throws FORBIDDEN: the person is visible, this part of them is not. */
export function requirePrivate(viewer: Viewer, userId: string): void {
  if (!maySeePrivate(viewer, userId)) throw new DomainError('FORBIDDEN')
}
