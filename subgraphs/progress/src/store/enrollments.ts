import type { Batching } from '@stellr/kit'
import { Prisma, type CourseProgress, type Enrollment } from '../generated/prisma/client.ts'

export type NewProgress = Pick<CourseProgress, 'enrollmentId' | 'required' | 'percentBp' | 'quizzesTotal'>
export type ProgressChange = Omit<CourseProgress, 'enrollmentId' | 'version' | 'createdAt' | 'updatedAt'>

type Found = Enrollment & { key: string }

/** Enrollments as their own domain tells of them, and how far each is. */
export function enrollments(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  // The enrollments of a person whose version has a thing, by `<person> <thing>`, the latest attempt first.
  const having =
    (column: 'lesson_id' | 'module_id') =>
    async (keys: readonly string[]): Promise<Found[]> => {
      const pairs = keys.map((key) => key.split(' '))
      return db.$queryRaw`
      SELECT concat_ws(' ', asked.person, asked.thing) AS key, ${columns}
      FROM unnest(${pairs.map(([person]) => person)}::uuid[], ${pairs.map(([, thing]) => thing)}::uuid[]) AS asked (person, thing)
      JOIN enrollment e ON e.user_id = asked.person AND EXISTS (
        SELECT FROM outline_lesson l
        WHERE l.${Prisma.raw(column)} = asked.thing AND l.course_id = e.course_id AND l.version = e.course_version)
      ORDER BY e.attempt DESC`
    }
  const loadByLesson = batchMany(having('lesson_id'), ({ key }) => key)
  const loadByModule = batchMany(having('module_id'), ({ key }) => key)

  return {
    enrollment: batch(
      (ids) => db.enrollment.findMany({ where: { id: { in: [...ids] } } }),
      ({ id }: Enrollment) => id,
    ),
    courseProgress: batch(
      (ids) => db.courseProgress.findMany({ where: { enrollmentId: { in: [...ids] } } }),
      ({ enrollmentId }: CourseProgress) => enrollmentId,
    ),
    enrollmentsWithLesson: (userId: string, lessonId: string): Promise<Enrollment[]> => loadByLesson(`${userId} ${lessonId}`),
    enrollmentsWithModule: (userId: string, moduleId: string): Promise<Enrollment[]> => loadByModule(`${userId} ${moduleId}`),

    // These read anew each time, unlike the ones above: for waiting until something is there.
    findEnrollment: (id: string): Promise<Enrollment | null> => db.enrollment.findUnique({ where: { id } }),
    findEnrollmentsWithLesson: (userId: string, lessonId: string): Promise<Enrollment[]> => having('lesson_id')([`${userId} ${lessonId}`]),

    /** The enrollment as it is now, and stays until the transaction ends: nobody else changes its progress meanwhile. */
    async lockEnrollment(id: string): Promise<Enrollment | null> {
      const rows = await db.$queryRaw<Enrollment[]>`SELECT ${columns} FROM enrollment e WHERE e.id = ${id}::uuid FOR UPDATE`
      return rows[0] ?? null
    },

    /** Keeps the newest of what its own domain tells. */
    async saveEnrollment(enrollment: Enrollment): Promise<'new' | 'newer' | 'older'> {
      const { id, version } = enrollment
      const created = await db.enrollment.createMany({ data: enrollment, skipDuplicates: true })
      if (created.count > 0) return 'new'
      const { count } = await db.enrollment.updateMany({ where: { id, version: { lt: version } }, data: enrollment })
      return count > 0 ? 'newer' : 'older'
    },

    /** Makes the next event be taken whatever its version. False when there is no such enrollment. */
    async distrustEnrollment(id: string): Promise<boolean> {
      return (await db.enrollment.updateMany({ where: { id }, data: { version: 0 } })).count > 0
    },
    async enrollmentIds(after: string | null, limit: number): Promise<string[]> {
      const where = after === null ? {} : { id: { gt: after } }
      const rows = await db.enrollment.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: limit })
      return rows.map(({ id }) => id)
    },

    async addCourseProgress(progress: NewProgress, now: Date): Promise<void> {
      await db.courseProgress.create({ data: { ...progress, createdAt: now, updatedAt: now } })
    },

    changeCourseProgress: (enrollmentId: string, change: ProgressChange, now: Date): Promise<CourseProgress> =>
      db.courseProgress.update({ where: { enrollmentId }, data: { ...change, version: { increment: 1 }, updatedAt: now } }),
  }
}

const columns = Prisma.sql`e.id, e.user_id AS "userId", e.course_id AS "courseId", e.instructor_id AS "instructorId",
  e.course_version AS "courseVersion", e.status::text AS status, e.attempt, e.enrolled_at AS "enrolledAt",
  e.expires_at AS "expiresAt", e.version`
