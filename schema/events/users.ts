import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { users } from './topics.ts'

/** Aggregate: the profile. */
export const ProfileUpdated = defineEvent(
  'profile.updated',
  1,
  users,
  z.looseObject({
    userId: z.uuid(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    locale: z.string(),
    timeZone: z.string(),
  }),
)

/** Aggregate: the preferences. */
export const PreferencesUpdated = defineEvent(
  'preferences.updated',
  1,
  users,
  z.looseObject({
    userId: z.uuid(),
    language: z.string(),
    marketing: z.boolean(),
    quietHours: z.object({ start: z.string(), end: z.string() }).nullable(),
  }),
)
