import { DomainError, line, prose, requireUser } from '@stellr/kit'
import { ProfileUpdated } from '@stellr/schema/events/users'
import { z } from 'zod'
import type { Context } from '../context.ts'
import type { UserRef } from '../models.ts'
import { language, timeZone } from '../locale.ts'

export const input = z.object({
  name: line(1, 100).optional(),
  avatarUrl: z
    .url({ protocol: /^https$/, error: 'must be an https address' })
    .max(2000)
    .regex(/^[!-~]+$/, 'must be written in printable ASCII')
    .nullish(),
  bio: prose(2000).nullish(),
  locale: language.optional(),
  timeZone: timeZone.optional(),
})

/** Changes what is given and publishes what other domains show. */
export async function updateProfile(context: Context, change: z.output<typeof input>): Promise<{ user: UserRef }> {
  const { id } = requireUser(context.viewer)
  await context.services.limits.spend('changes', id)
  const present = await context.awaitOwn(id, () => context.store.findProfile(id))
  if (!present) throw new DomainError('NOT_FOUND')
  if (Object.keys(change).length === 0) return { user: { id, profile: present } }
  const profile = await context.store.transaction(async (tx) => {
    const row = await tx.changeProfile(id, change, context.clock.now())
    const { name, avatarUrl, locale, timeZone: zone } = row
    await tx.outbox.add(ProfileUpdated, { id, version: row.version }, { userId: id, name, avatarUrl, locale, timeZone: zone })
    return row
  })
  return { user: { id, profile } }
}
