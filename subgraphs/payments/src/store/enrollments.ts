import type { Batching } from '@stellr/kit'
import type { Course, Enrollment, Prisma } from '../generated/prisma/client.ts'

/** What the events of an enrollment say of it. */
export type EnrollmentState = Omit<Enrollment, 'percentBasisPoints' | 'progressVersion' | 'createdAt' | 'updatedAt'>

/** What this domain keeps of enrollments, progress and courses. */
export function enrollments(db: Prisma.TransactionClient, { batch }: Batching) {
  return {
    enrollment: batch(
      (ids) => db.enrollment.findMany({ where: { id: { in: [...ids] } } }),
      (row: Enrollment) => row.id,
    ),
    /** Reads anew each time, unlike the one above. */
    findEnrollment: (id: string) => db.enrollment.findUnique({ where: { id } }),
    /** The enrollments that payments gave access to. */
    enrollmentPaidBy: batch(
      (ids) => db.enrollment.findMany({ where: { paymentId: { in: [...ids] } }, orderBy: { attempt: 'asc' } }),
      (row: Enrollment) => row.paymentId ?? '',
    ),

    /** Takes over an enrollment's state unless a later one is known already. */
    async putEnrollment(state: EnrollmentState, now: Date): Promise<void> {
      const { id, version } = state
      const { count } = await db.enrollment.createMany({ data: { ...state, createdAt: now, updatedAt: now }, skipDuplicates: true })
      if (count > 0) return
      await db.enrollment.updateMany({ where: { id, version: { lt: version } }, data: { ...state, updatedAt: now } })
    },
    /** False when the enrollment is not known. */
    async putPercent(id: string, percentBasisPoints: number, progressVersion: number): Promise<boolean> {
      const { count } = await db.enrollment.updateMany({
        where: { id, progressVersion: { lt: progressVersion } },
        data: { percentBasisPoints, progressVersion },
      })
      return count > 0 || (await db.enrollment.count({ where: { id } })) > 0
    },
    async distrustEnrollment(id: string): Promise<void> {
      await db.enrollment.updateMany({ where: { id }, data: { version: 0 } })
    },
    async enrollmentIds(after: string | null, limit: number): Promise<string[]> {
      const where = after === null ? {} : { id: { gt: after } }
      const rows = await db.enrollment.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: limit })
      return rows.map(({ id }) => id)
    },

    findCourse: (id: string): Promise<Course | null> => db.course.findUnique({ where: { id } }),
    async putCourse(course: Omit<Course, 'createdAt' | 'updatedAt'>, now: Date): Promise<void> {
      const { id, version } = course
      const { count } = await db.course.createMany({ data: { ...course, createdAt: now, updatedAt: now }, skipDuplicates: true })
      if (count > 0) return
      await db.course.updateMany({ where: { id, version: { lt: version } }, data: { ...course, updatedAt: now } })
    },
    async distrustCourse(id: string): Promise<void> {
      await db.course.updateMany({ where: { id }, data: { version: 0 } })
    },
    async removeCourse(id: string): Promise<void> {
      await db.course.deleteMany({ where: { id } })
    },
    async courseIds(after: string | null, limit: number): Promise<string[]> {
      const where = after === null ? {} : { id: { gt: after } }
      const rows = await db.course.findMany({ where, select: { id: true }, orderBy: { id: 'asc' }, take: limit })
      return rows.map(({ id }) => id)
    },
  }
}
