import type { Batching } from '@stellr/kit'
import { Prisma, type Course } from '../generated/prisma/client.ts'

export type CourseRow = Course

/** What a course shows of itself; a page by keyset selects them from `course`. */
export const courseColumns = Prisma.sql`
  id, slug, title, description, instructor_id AS "instructorId", category_id AS "categoryId", difficulty,
  price_amount AS "priceAmount", price_currency AS "priceCurrency", access_days AS "accessDays", cover_image_url AS "coverImageUrl",
  status, published_version AS "publishedVersion", published_at AS "publishedAt", duration_seconds AS "durationSeconds",
  rating_sum AS "ratingSum", rating_count AS "ratingCount", rating, learner_count AS "learnerCount", version,
  created_at AS "createdAt", updated_at AS "updatedAt"`

export function courses(db: Prisma.TransactionClient, { batch }: Batching) {
  return {
    course: batch(
      (ids) => db.course.findMany({ where: { id: { in: [...ids] } } }),
      (course) => course.id,
    ),
    courseBySlug: (slug: string): Promise<CourseRow | null> => db.course.findUnique({ where: { slug } }),
    insertCourse: (course: Prisma.CourseUncheckedCreateInput): Promise<CourseRow> => db.course.create({ data: course }),

    /** The course as it is now, and stays until the transaction ends. */
    async lockCourse(id: string): Promise<CourseRow | null> {
      const [course] = await db.$queryRaw<CourseRow[]>`SELECT ${courseColumns} FROM course WHERE id = ${id}::uuid FOR UPDATE`
      return course ?? null
    },

    /** Raises the version. */
    changeCourse: (id: string, changes: Prisma.CourseUncheckedUpdateInput, now: Date): Promise<CourseRow> =>
      db.course.update({ where: { id }, data: { ...changes, version: { increment: 1 }, updatedAt: now } }),

    /** With its modules, lessons and tags. */
    async deleteCourse(id: string): Promise<void> {
      await db.course.delete({ where: { id } })
    },

    /** Newest first. */
    coursesTaughtBy(
      instructorId: string,
      { limit, after, published }: { limit: number; after: readonly [string, string] | null; published: boolean },
    ): Promise<CourseRow[]> {
      return db.$queryRaw`
        SELECT ${courseColumns} FROM course
        WHERE instructor_id = ${instructorId}::uuid
          ${published ? Prisma.sql`AND status = 'PUBLISHED'` : Prisma.empty}
          ${after ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty}
        ORDER BY created_at DESC, id DESC
        LIMIT ${limit}`
    },

    /** Hold the course's lock: the new mean is made from the sum that stands there. */
    changeRating: (id: string, { ratingSum, ratingCount }: Pick<CourseRow, 'ratingSum' | 'ratingCount'>): Promise<CourseRow> =>
      db.course.update({ where: { id }, data: { ratingSum, ratingCount, rating: Math.round((ratingSum * 100) / ratingCount) } }),

    async changeLearnerCount(id: string, difference: number): Promise<void> {
      await db.course.update({ where: { id }, data: { learnerCount: { increment: difference } }, select: { id: true } })
    },
  }
}
