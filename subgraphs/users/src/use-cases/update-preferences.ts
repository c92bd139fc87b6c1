import { DomainError, requireUser } from '@stellr/kit'
import { PreferencesUpdated } from '@stellr/schema/events/users'
import { z } from 'zod'
import type { Context } from '../context.ts'
import { language } from '../locale.ts'
import type { UserRef } from '../models.ts'
import { formatQuietHours, minutesOf } from '../quiet-hours.ts'

const wallClock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be a time from 00:00 to 23:59')

export const input = z.object({
  language: language.optional(),
  marketing: z.boolean().optional(),
  quietHours: z
    .object({ start: wallClock, end: wallClock })
    .refine(({ start, end }) => start !== end, 'must not start and end at the same time')
    .nullish(),
})

/** Changes what is given and publishes all preferences. */
export async function updatePreferences(context: Context, change: z.output<typeof input>): Promise<{ user: UserRef }> {
  const { id } = requireUser(context.viewer)
  await context.services.limits.spend('changes', id)
  if (!(await context.awaitOwn(id, () => context.store.findProfile(id)))) throw new DomainError('NOT_FOUND')
  if (Object.keys(change).length === 0) return { user: { id } }
  await context.store.transaction(async (tx) => {
    const row = await tx.changePreferences(id, columns(change), context.clock.now())
    const { language: tongue, marketing } = row
    const data = { userId: id, language: tongue, marketing, quietHours: formatQuietHours(row) }
    await tx.outbox.add(PreferencesUpdated, { id, version: row.version }, data)
  })
  return { user: { id } }
}

function columns({ quietHours, ...rest }: z.output<typeof input>) {
  if (quietHours === undefined) return rest
  return { ...rest, quietStart: quietHours && minutesOf(quietHours.start), quietEnd: quietHours && minutesOf(quietHours.end) }
}
