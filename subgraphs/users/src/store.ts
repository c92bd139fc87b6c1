import { defineStore, type Batching } from '@stellr/kit'
import { Prisma, PrismaClient, type Onboarding, type Preferences, type Profile, type Role } from './generated/prisma/client.ts'

export type ProfileRow = Profile
export type PreferencesRow = Preferences
export type OnboardingRow = Onboarding
export type ProfileChange = Pick<Prisma.ProfileUpdateInput, 'name' | 'avatarUrl' | 'bio' | 'locale' | 'timeZone'>
export type PreferencesChange = Pick<Prisma.PreferencesUpdateInput, 'language' | 'marketing' | 'quietStart' | 'quietEnd'>
export type Store = ReturnType<typeof build>

interface NewPerson {
  userId: string
  name: string
  role: Role
  accountVersion: number
  firstLoginAt: Date | null
}

export const store = defineStore(PrismaClient, build)

function build(db: Prisma.TransactionClient, { batch }: Batching) {
  return {
    profile: batch(
      (ids) => db.profile.findMany({ where: { userId: { in: [...ids] } } }),
      (row: ProfileRow) => row.userId,
    ),
    preferences: batch(
      (ids) => db.preferences.findMany({ where: { userId: { in: [...ids] } } }),
      (row: PreferencesRow) => row.userId,
    ),
    onboarding: batch(
      (ids) => db.onboarding.findMany({ where: { userId: { in: [...ids] } } }),
      (row: OnboardingRow) => row.userId,
    ),

    // These read anew each time, unlike the ones above: for waiting until something is there.
    findProfile: (userId: string) => db.profile.findUnique({ where: { userId } }),
    findPreferences: (userId: string) => db.preferences.findUnique({ where: { userId } }),
    findOnboarding: (userId: string) => db.onboarding.findUnique({ where: { userId } }),

    /** Newest first, by keyset: Prisma's own cursor would read everything before the page. */
    profiles: ({ limit, after }: { limit: number; after: readonly [string, string] | null }): Promise<ProfileRow[]> => db.$queryRaw`
      SELECT user_id AS "userId", name, avatar_url AS "avatarUrl", bio, locale, time_zone AS "timeZone", role,
             account_version AS "accountVersion", version, created_at AS "createdAt", updated_at AS "updatedAt"
      FROM profile
      ${after ? Prisma.sql`WHERE (created_at, user_id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty}
      ORDER BY created_at DESC, user_id DESC
      LIMIT ${limit}`,

    /** Makes everything that a new person has. Does nothing when it is there already. */
    async addPerson({ userId, name, role, accountVersion, firstLoginAt }: NewPerson, now: Date): Promise<void> {
      const times = { createdAt: now, updatedAt: now }
      await db.profile.createMany({ data: { userId, name, role, accountVersion, ...times }, skipDuplicates: true })
      await db.preferences.createMany({ data: { userId, ...times }, skipDuplicates: true })
      await db.onboarding.createMany({ data: { userId, firstLoginAt, ...times }, skipDuplicates: true })
    },

    /** False when there is no such profile. */
    async setRole(userId: string, role: Role, accountVersion: number): Promise<boolean> {
      const known = await db.profile.findUnique({ where: { userId }, select: { userId: true } })
      if (!known) return false
      await db.profile.updateMany({ where: { userId, accountVersion: { lt: accountVersion } }, data: { role, accountVersion } })
      return true
    },

    /** False when there is no such person. */
    async setFirstLogin(userId: string, at: Date): Promise<boolean> {
      const { count } = await db.onboarding.updateMany({ where: { userId }, data: { firstLoginAt: at } })
      return count > 0
    },

    changeProfile: (userId: string, change: ProfileChange, now: Date): Promise<ProfileRow> =>
      db.profile.update({ where: { userId }, data: { ...change, version: { increment: 1 }, updatedAt: now } }),

    changePreferences: (userId: string, change: PreferencesChange, now: Date): Promise<PreferencesRow> =>
      db.preferences.update({ where: { userId }, data: { ...change, version: { increment: 1 }, updatedAt: now } }),

    /** One statement, so that two devices at once record the step once. */
    async addOnboardingStep(userId: string, step: string, now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE onboarding
        SET completed_steps = array_append(completed_steps, ${step}),
            tutorial_completed_at = CASE WHEN ${step} = 'TUTORIAL' THEN ${now} ELSE tutorial_completed_at END,
            updated_at = ${now}
        WHERE user_id = ${userId}::uuid AND NOT ${step} = ANY (completed_steps)`
    },
  }
}
