import { Prisma } from '../generated/prisma/client.ts'

/** An enrollment's columns, as raw statements must name them to give the rows that Prisma would. */
export const columns = Prisma.sql`id, user_id AS "userId", course_id AS "courseId", instructor_id AS "instructorId",
  course_version AS "courseVersion", status, attempt, enrolled_at AS "enrolledAt", access_days AS "accessDays",
  expires_at AS "expiresAt", price_amount AS "priceAmount", price_currency AS "priceCurrency", pay_by AS "payBy",
  payment_id AS "paymentId", version, created_at AS "createdAt", updated_at AS "updatedAt"`

/** `effectiveStatus` in SQL. */
export function effectiveAt(now: Date): Prisma.Sql {
  return Prisma.sql`CASE WHEN status IN ('ACTIVE', 'SUSPENDED') AND expires_at <= ${now} THEN 'EXPIRED' ELSE status END`
}
