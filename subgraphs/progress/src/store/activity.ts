import type { Batching } from '@stellr/kit'
import { DAY_MS, type ActiveDay } from '../activity.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { lengthOf, type Range } from '../ranges.ts'

/** A day of an enrollment or of a learner. */
export type SubjectDay = ActiveDay & { subjectId: string }

export interface LearnerRow {
  userId: string
  timeZone: string
  /** How long they were active so far, in any course. */
  activeMs: number
}

export function activity(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  return {
    /** Waits until no other transaction is about to change when this learner was active. */
    async lockActivity(userId: string): Promise<void> {
      await db.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${`progress:activity:${userId}`}, 0))`
    },

    async activeDays(subjectIds: readonly string[], days: readonly number[]): Promise<SubjectDay[]> {
      const where = { subjectId: { in: [...subjectIds] }, day: { in: days.map(toDate) } }
      const rows = await db.activity.findMany({ where })
      return rows.map((row) => ({ subjectId: row.subjectId, ...toActiveDay(row) }))
    },

    /** One statement, however many there are. */
    async saveActiveDays(days: readonly SubjectDay[]): Promise<void> {
      const rows = days.map(({ subjectId, day, stretches }) => ({
        subject_id: subjectId,
        day: toDate(day),
        stretches: stretches.flat(),
        ms: lengthOf(stretches),
      }))
      await db.$executeRaw`
        INSERT INTO activity SELECT * FROM jsonb_populate_recordset(NULL::activity, ${JSON.stringify(rows)}::jsonb)
        ON CONFLICT (subject_id, day) DO UPDATE SET stretches = excluded.stretches, ms = excluded.ms`
    },

    learner: batch(
      (userIds) => db.$queryRaw<LearnerRow[]>`
        SELECT asked.id AS "userId", coalesce(l.time_zone, 'UTC') AS "timeZone", coalesce(sum(a.ms), 0)::float8 AS "activeMs"
        FROM unnest(${[...userIds]}::uuid[]) AS asked (id)
        LEFT JOIN learner l ON l.user_id = asked.id LEFT JOIN activity a ON a.subject_id = asked.id
        GROUP BY asked.id, l.time_zone`,
      ({ userId }: LearnerRow) => userId,
    ),

    /**
     * The days of the last week, and those in a row up to the last, by a clock in any time zone: days that follow each other
     * there are at most three apart in UTC, and a week there lies within ten.
     */
    recentDays: batchMany(
      async (userIds) => {
        const rows = await db.$queryRaw<{ subjectId: string; day: Date; stretches: number[] }[]>`
          SELECT a.subject_id AS "subjectId", a.day, a.stretches
          FROM activity a JOIN (
            SELECT subject_id, least(max(day) - 9, max(day) FILTER (WHERE gap IS NULL OR gap > 3)) AS day
            FROM (
              SELECT subject_id, day, day - lag(day) OVER (PARTITION BY subject_id ORDER BY day) AS gap
              FROM activity WHERE subject_id = ANY (${[...userIds]}::uuid[])) AS steps
            GROUP BY subject_id) AS since ON since.subject_id = a.subject_id AND since.day <= a.day`
        return rows.map((row) => ({ subjectId: row.subjectId, ...toActiveDay(row) }))
      },
      ({ subjectId }: SubjectDay) => subjectId,
    ),

    /** Keeps the newest of what the profile's own domain tells. */
    async saveLearner(userId: string, timeZone: string, version: number): Promise<void> {
      await db.$executeRaw`
        INSERT INTO learner (user_id, time_zone, version) VALUES (${userId}::uuid, ${timeZone}, ${version})
        ON CONFLICT (user_id) DO UPDATE SET time_zone = excluded.time_zone, version = excluded.version
        WHERE learner.version < excluded.version`
    },
  }
}

function toDate(day: number): Date {
  return new Date(day * DAY_MS)
}

function toActiveDay({ day, stretches }: { day: Date; stretches: readonly number[] }): ActiveDay {
  const pairs = Array.from({ length: stretches.length / 2 }, (_, n): Range => [stretches[n * 2] ?? 0, stretches[n * 2 + 1] ?? 0])
  return { day: day.getTime() / DAY_MS, stretches: pairs }
}
