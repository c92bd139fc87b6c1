import { DomainError, isUser, requireUser } from '@stellr/kit'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { ProfileRow, UserRef } from '../models.ts'
import { maySeeProfile } from '../policy.ts'

/** The caller. Their profile may still be on its way from auth, so this does not depend on it. */
export function findMe({ viewer }: Context): UserRef {
  return { id: requireUser(viewer).id }
}

/** Throws NOT_FOUND for nobody and for somebody whom the viewer may not see, alike. */
export async function findUser(context: Context, id: string): Promise<UserRef> {
  const user = await visibleUser(context, id)
  if (!user) throw new DomainError('NOT_FOUND')
  return user
}

/** The person with this id; null for nobody and for somebody whom the viewer may not see. */
export async function visibleUser(context: Context, id: string): Promise<UserRef | null> {
  if (isUser(context.viewer, id)) return { id }
  if (!z.uuid().safeParse(id).success) return null
  const profile = await context.store.profile(id)
  return profile && maySeeProfile(context.viewer, profile) ? { id, profile } : null
}

/** A person's profile. */
export async function profileOf(context: Context, { id, profile }: UserRef): Promise<ProfileRow | null> {
  return profile ?? (await ownOr(context, id, context.store.profile, context.store.findProfile))
}

/** Loads something of a person. When the caller's own is missing, it is on its way: `find` reads it again when it has come. */
export async function ownOr<Row>(
  context: Context,
  id: string,
  load: (id: string) => Promise<Row | null>,
  find: (id: string) => Promise<Row | null>,
): Promise<Row | null> {
  const row = await load(id)
  if (row || !isUser(context.viewer, id)) return row
  // Profile, preferences and onboarding come in one transaction: whoever waits for one has waited for all.
  const arrived = await context.awaitOwn(id, () => context.store.findProfile(id))
  return arrived && find(id)
}
