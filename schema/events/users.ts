import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { users } from './topics.ts'

export const ProfileUpdated = defineEvent(
  'profile.updated',
  1,
  users,
  z.looseObject({
    userId: z.uuid(),
    name: z.string(),
    avatarUrl: z.string().nullable(),
    locale: z.string().describe('BCP 47: how dates and numbers are written.'),
    timeZone: z.string().describe('Of the IANA database: `Europe/Madrid`.'),
  }),
  'Somebody changed their profile, the whole of which this is. Aggregate: the profile.',
)

export const PreferencesUpdated = defineEvent(
  'preferences.updated',
  1,
  users,
  z.looseObject({
    userId: z.uuid(),
    language: z.string().describe('BCP 47: in which to write to them.'),
    marketing: z.boolean().describe('Whether they want to hear of offers.'),
    quietHours: z
      .object({ start: z.string(), end: z.string() })
      .nullable()
      .describe('Not to be disturbed between these, `HH:MM` in their time zone.'),
  }),
  'Somebody changed what they want to be sent, and when. Aggregate: the preferences.',
)
