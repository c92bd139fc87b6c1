import type { Data, Money } from '@stellr/kit'
import type { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import type { EnrollmentRow, EnrollmentStatus } from './models.ts'

/** What every event of an enrollment carries: all of it, after the change. */
export function wholeState(row: EnrollmentRow, previousStatus: EnrollmentStatus | null): Data<typeof EnrollmentCreated> {
  const { id, userId, courseId, instructorId, courseVersion, status, attempt } = row
  return {
    enrollmentId: id,
    userId,
    courseId,
    instructorId,
    courseVersion,
    status,
    previousStatus,
    attempt,
    enrolledAt: row.enrolledAt.toISOString(),
    expiresAt: row.expiresAt?.toISOString() ?? null,
    price: priceOf(row),
    paymentId: row.paymentId,
  }
}

/** What the course cost then. Prices arrive as numbers, so they are exact as one. */
export function priceOf({ priceAmount, priceCurrency }: Pick<EnrollmentRow, 'priceAmount' | 'priceCurrency'>): Money {
  return { amount: Number(priceAmount), currency: priceCurrency }
}
