import type { Batching } from '@stellr/kit'
import { Prisma, type Enrollment, type EnrollmentStatus, type EnrollmentTransition } from '../generated/prisma/client.ts'
import { columns, effectiveAt } from './columns.ts'

/** How many courses a person is learning, and has completed. */
export interface Tally {
  active: number
  completed: number
}

interface Slice {
  limit: number
  /** When the last one of the page before was enrolled, and its id. */
  after: readonly [string, string] | null
}

export function reads(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  const latest = batch(
    (keys) => latestEnrollments(db, keys),
    (row: Enrollment) => pair(row.userId, row.courseId),
  )
  return {
    enrollment: batch(
      (ids) => db.enrollment.findMany({ where: { id: { in: [...ids] } } }),
      (row: Enrollment) => row.id,
    ),

    /** A person's latest attempt at a course. */
    latestEnrollment: (userId: string, courseId: string): Promise<Enrollment | null> => latest(pair(userId, courseId)),

    /** What happened to an enrollment, first to last. */
    transitions: batchMany(
      (ids) => db.enrollmentTransition.findMany({ where: { enrollmentId: { in: [...ids] } }, orderBy: { version: 'asc' } }),
      (row: EnrollmentTransition) => row.enrollmentId,
    ),

    /** Latest first, by keyset; with `statuses`, those that count as one of them at `now`. */
    enrollmentsOfUser(
      userId: string,
      { statuses, now, limit, after }: Slice & { statuses: readonly EnrollmentStatus[] | null; now: Date },
    ): Promise<Enrollment[]> {
      const counting = statuses ? Prisma.sql`AND (${effectiveAt(now)})::text = ANY(${[...statuses]}::text[])` : Prisma.empty
      return db.$queryRaw`
        SELECT ${columns} FROM enrollment
        WHERE user_id = ${userId}::uuid ${counting} ${beyond(after)}
        ORDER BY enrolled_at DESC, id DESC
        LIMIT ${limit}`
    },

    /** Latest first, by keyset. */
    enrollmentsOfCourse: (courseId: string, { limit, after }: Slice): Promise<Enrollment[]> => db.$queryRaw`
      SELECT ${columns} FROM enrollment
      WHERE course_id = ${courseId}::uuid ${beyond(after)}
      ORDER BY enrolled_at DESC, id DESC
      LIMIT ${limit}`,

    async tally(userId: string, now: Date): Promise<Tally> {
      const [tally] = await db.$queryRaw<Tally[]>`
        SELECT count(*) FILTER (WHERE ${effectiveAt(now)} = 'ACTIVE')::int AS active,
          count(*) FILTER (WHERE status = 'COMPLETED')::int AS completed
        FROM enrollment WHERE user_id = ${userId}::uuid`
      return tally ?? { active: 0, completed: 0 }
    },
  }
}

function beyond(after: Slice['after']): Prisma.Sql {
  return after ? Prisma.sql`AND (enrolled_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty
}

async function latestEnrollments(db: Prisma.TransactionClient, keys: readonly string[]): Promise<Enrollment[]> {
  const pairs = keys.map((key) => key.split(' '))
  const [userIds, courseIds] = [pairs.map(([userId]) => userId), pairs.map(([, courseId]) => courseId)]
  return db.$queryRaw`
    SELECT DISTINCT ON (user_id, course_id) ${columns}
    FROM enrollment JOIN unnest(${userIds}::uuid[], ${courseIds}::uuid[]) AS wanted (user_id, course_id) USING (user_id, course_id)
    ORDER BY user_id, course_id, attempt DESC`
}

function pair(userId: string, courseId: string): string {
  return `${userId} ${courseId}`
}
