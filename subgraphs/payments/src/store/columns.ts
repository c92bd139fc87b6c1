import { Prisma, type Payment } from '../generated/prisma/client.ts'

/** A payment without what opens the way to paying it. */
export type PaymentState = Omit<Payment, 'clientSecret' | 'checkoutUrl'>

/** The columns of `payment`, named as Prisma's rows are. */
export const columns = Prisma.sql`id, enrollment_id AS "enrollmentId", user_id AS "userId", course_id AS "courseId", amount, currency,
  refunded_amount AS "refundedAmount", method, provider, transaction_id AS "transactionId", client_secret AS "clientSecret",
  checkout_url AS "checkoutUrl", attempt, status, failure_code AS "failureCode", failure_message AS "failureMessage",
  cancel_reason AS "cancelReason", expires_at AS "expiresAt", paid_at AS "paidAt", refund_days AS "refundDays",
  refund_below_basis_points AS "refundBelow", next_check_at AS "nextCheckAt", checks, version,
  created_at AS "createdAt", updated_at AS "updatedAt"`
