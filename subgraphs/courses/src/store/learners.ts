import type { Batching } from '@stellr/kit'
import { Prisma, type Enrollment, type Review } from '../generated/prisma/client.ts'
import { pair, unpair } from './pairs.ts'

/** An enrollment as its last event told of it. */
export type EnrollmentRow = Enrollment
export type ReviewRow = Review

export function learners(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  const among = (keys: readonly string[]) => ({ OR: keys.map(unpair).map(([userId, courseId]) => ({ userId, courseId })) })
  const keyOf = (row: { userId: string; courseId: string }) => pair(row.userId, row.courseId)
  const loadEnrollments = batchMany((keys) => db.enrollment.findMany({ where: among(keys), orderBy: { attempt: 'asc' } }), keyOf)
  const loadReview = batch((keys) => db.review.findMany({ where: among(keys) }), keyOf)

  return {
    /** Every attempt of this person at this course, the first first. */
    enrollmentsOf: (userId: string, courseId: string): Promise<EnrollmentRow[]> => loadEnrollments(pair(userId, courseId)),
    /** The same, read anew each time: for waiting until one is there. */
    findEnrollments: (userId: string, courseId: string): Promise<EnrollmentRow[]> =>
      db.enrollment.findMany({ where: { userId, courseId }, orderBy: { attempt: 'asc' } }),
    enrollment: (id: string): Promise<EnrollmentRow | null> => db.enrollment.findUnique({ where: { id } }),
    /** False when what is there is as new, or newer. */
    async saveEnrollment(row: EnrollmentRow): Promise<boolean> {
      const saved = await db.$executeRaw`
        INSERT INTO enrollment (id, user_id, course_id, course_version, status, attempt, expires_at, version, created_at, updated_at)
        VALUES (${row.id}::uuid, ${row.userId}::uuid, ${row.courseId}::uuid, ${row.courseVersion}, ${row.status}::"EnrollmentStatus",
          ${row.attempt}, ${row.expiresAt}, ${row.version}, ${row.createdAt}, ${row.updatedAt})
        ON CONFLICT (id) DO UPDATE SET
          user_id = EXCLUDED.user_id, course_id = EXCLUDED.course_id, course_version = EXCLUDED.course_version, status = EXCLUDED.status,
          attempt = EXCLUDED.attempt, expires_at = EXCLUDED.expires_at, version = EXCLUDED.version, created_at = EXCLUDED.created_at,
          updated_at = EXCLUDED.updated_at
        WHERE enrollment.version < EXCLUDED.version`
      return saved > 0
    },
    /** Makes the next event be taken whatever its version. */
    async distrustEnrollment(id: string): Promise<void> {
      await db.enrollment.updateMany({ where: { id }, data: { version: 0 } })
    },
    async removeEnrollment(id: string): Promise<void> {
      await db.enrollment.deleteMany({ where: { id } })
    },
    async enrollmentIds(after: string | null, limit: number): Promise<string[]> {
      const where = after === null ? {} : { id: { gt: after } }
      const rows = await db.enrollment.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: limit })
      return rows.map(({ id }) => id)
    },
    /** Courses whose learners are not as many as their enrollments say. */
    async miscountedCourses(): Promise<string[]> {
      const rows = await db.$queryRaw<{ id: string }[]>`
        SELECT c.id FROM course c LEFT JOIN (
          SELECT course_id, count(*) AS learners FROM enrollment WHERE status IN ('ACTIVE', 'SUSPENDED', 'COMPLETED') GROUP BY course_id
        ) e ON e.course_id = c.id
        WHERE c.learner_count <> coalesce(e.learners, 0)`
      return rows.map(({ id }) => id)
    },
    /** Counts a course's learners anew. Hold its lock: whoever changes an enrollment does. False when they were right. */
    async recountLearners(courseId: string): Promise<boolean> {
      const changed = await db.$executeRaw`
        UPDATE course SET learner_count = counted.learners FROM (
          SELECT count(*) AS learners FROM enrollment
          WHERE course_id = ${courseId}::uuid AND status IN ('ACTIVE', 'SUSPENDED', 'COMPLETED')) AS counted
        WHERE id = ${courseId}::uuid AND learner_count <> counted.learners`
      return changed > 0
    },

    reviewOf: (userId: string, courseId: string): Promise<ReviewRow | null> => loadReview(pair(userId, courseId)),
    /** One per learner and course, by the index. A comment that is left out stays. */
    saveReview: (
      { id, courseId, userId, stars }: Pick<ReviewRow, 'id' | 'courseId' | 'userId' | 'stars'>,
      comment: string | null | undefined,
      now: Date,
    ): Promise<ReviewRow> =>
      db.review.upsert({
        where: { courseId_userId: { courseId, userId } },
        create: { id, courseId, userId, stars, comment: comment ?? null, createdAt: now, updatedAt: now },
        update: { stars, ...(comment !== undefined && { comment }), version: { increment: 1 }, updatedAt: now },
      }),
    /** Newest first. */
    reviewsOf(courseId: string, { limit, after }: { limit: number; after: readonly [string, string] | null }): Promise<ReviewRow[]> {
      return db.$queryRaw`
        SELECT id, course_id AS "courseId", user_id AS "userId", stars, comment, version, created_at AS "createdAt", updated_at AS "updatedAt"
        FROM review
        WHERE course_id = ${courseId}::uuid
          ${after ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty}
        ORDER BY created_at DESC, id DESC
        LIMIT ${limit}`
    },
  }
}
