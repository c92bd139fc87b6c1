import type { Enrollment, EnrollmentStatus, EnrollmentTransition, Prisma } from '../generated/prisma/client.ts'
import { columns } from './columns.ts'

export type NewEnrollment = Omit<Enrollment, 'attempt' | 'version' | 'createdAt' | 'updatedAt'>

/** What is only done in a transaction. */
export function changes(db: Prisma.TransactionClient) {
  const only = async (rows: Promise<Enrollment[]>) => (await rows)[0] ?? null
  return {
    /**
     * Adds the next attempt; null when there is a live one, however many ask at once: the indexes let one in. No index is named
     * as the one that may conflict, because of two at once the second may meet the number of the attempt first.
     */
    insertEnrollment: (row: NewEnrollment): Promise<Enrollment | null> =>
      only(db.$queryRaw<Enrollment[]>`
        INSERT INTO enrollment (id, user_id, course_id, instructor_id, course_version, status, attempt, enrolled_at, access_days,
          expires_at, price_amount, price_currency, pay_by, payment_id, created_at, updated_at)
        SELECT ${row.id}::uuid, ${row.userId}::uuid, ${row.courseId}::uuid, ${row.instructorId}::uuid, ${row.courseVersion}::int,
          ${row.status}::"EnrollmentStatus", coalesce(max(attempt), 0) + 1, ${row.enrolledAt}::timestamptz, ${row.accessDays}::int,
          ${row.expiresAt}::timestamptz, ${row.priceAmount}::bigint, ${row.priceCurrency}, ${row.payBy}::timestamptz,
          ${row.paymentId}::uuid, ${row.enrolledAt}::timestamptz, ${row.enrolledAt}::timestamptz
        FROM enrollment WHERE user_id = ${row.userId}::uuid AND course_id = ${row.courseId}::uuid
        ON CONFLICT DO NOTHING
        RETURNING ${columns}`),

    /** The enrollment as it is now, and stays until the transaction ends. */
    lockEnrollment: (id: string): Promise<Enrollment | null> =>
      only(db.$queryRaw<Enrollment[]>`SELECT ${columns} FROM enrollment WHERE id = ${id}::uuid FOR UPDATE`),

    /** The one live enrollment, likewise. */
    lockLive: (userId: string, courseId: string): Promise<Enrollment | null> =>
      only(db.$queryRaw<Enrollment[]>`
        SELECT ${columns} FROM enrollment
        WHERE user_id = ${userId}::uuid AND course_id = ${courseId}::uuid
          AND status IN ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED')
        FOR UPDATE`),

    /** Some whose time is over without anybody having recorded it, the longest first; those that others work on are left out. */
    lockOverdue: (now: Date, limit: number): Promise<Enrollment[]> => db.$queryRaw`
      SELECT ${columns} FROM enrollment
      WHERE status IN ('ACTIVE', 'SUSPENDED') AND expires_at <= ${now}
      ORDER BY expires_at
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED`,

    /** The enrollment that a payment gave access to, likewise. */
    lockPaidBy: (paymentId: string): Promise<Enrollment | null> =>
      only(db.$queryRaw<Enrollment[]>`SELECT ${columns} FROM enrollment WHERE payment_id = ${paymentId}::uuid FOR UPDATE`),

    /**
     * Some that should have been paid for by now, the longest first; those that others work on are left out, and those with a
     * payment that is open and was begun after `openSince`.
     */
    lockUnpaid: (now: Date, { openSince, limit }: { openSince: Date; limit: number }): Promise<Enrollment[]> => db.$queryRaw`
      SELECT ${columns} FROM enrollment
      WHERE status = 'PENDING_PAYMENT' AND pay_by <= ${now} AND NOT EXISTS (
        SELECT FROM payment WHERE enrollment_id = enrollment.id AND payment.status IN ('REQUIRES_ACTION', 'PENDING', 'FAILED')
          AND initiated_at > ${openSince})
      ORDER BY pay_by
      LIMIT ${limit}
      FOR UPDATE SKIP LOCKED`,

    /** Changes a row whose lock is held, and raises its version. */
    changeEnrollment: (
      id: string,
      change: Partial<Pick<Enrollment, 'status' | 'expiresAt' | 'courseVersion' | 'paymentId'>>,
      now: Date,
    ): Promise<Enrollment> => db.enrollment.update({ where: { id }, data: { ...change, version: { increment: 1 }, updatedAt: now } }),

    addTransition: (transition: Prisma.EnrollmentTransitionUncheckedCreateInput): Promise<EnrollmentTransition> =>
      db.enrollmentTransition.create({ data: transition }),

    /** What a suspended enrollment was before. */
    async statusBeforeSuspension(enrollmentId: string): Promise<EnrollmentStatus | null> {
      const last = await db.enrollmentTransition.findFirst({
        where: { enrollmentId, to: 'SUSPENDED', from: { not: 'SUSPENDED' } },
        orderBy: { version: 'desc' },
        select: { from: true },
      })
      return last?.from ?? null
    },

    /** Why an enrollment is suspended, as was said last. */
    async reasonOfSuspension(enrollmentId: string): Promise<string | null> {
      const last = await db.enrollmentTransition.findFirst({
        where: { enrollmentId, to: 'SUSPENDED' },
        orderBy: { version: 'desc' },
        select: { reason: true },
      })
      return last?.reason ?? null
    },
  }
}
