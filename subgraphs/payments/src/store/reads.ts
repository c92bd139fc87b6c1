import type { Batching } from '@stellr/kit'
import { Prisma, type Payment, type PaymentEvent, type PaymentStatus, type Receipt, type Refund } from '../generated/prisma/client.ts'
import { columns } from './columns.ts'

interface Slice {
  statuses: readonly PaymentStatus[] | null
  limit: number
  /** When the last one of the page before was begun, and its id. */
  after: readonly [string, string] | null
}

export function reads(db: Prisma.TransactionClient, { batch, batchMany }: Batching) {
  return {
    payment: batch(
      (ids) => db.payment.findMany({ where: { id: { in: [...ids] } } }),
      (row: Payment) => row.id,
    ),
    /** Reads anew each time, unlike the one above. */
    findPayment: (id: string) => db.payment.findUnique({ where: { id } }),
    paymentOfTransaction: (transactionId: string) => db.payment.findFirst({ where: { transactionId } }),

    /** An enrollment's latest payment. */
    latestPayment: batch(
      (ids) => db.$queryRaw<Payment[]>`
        SELECT DISTINCT ON (enrollment_id) ${columns} FROM payment WHERE enrollment_id = ANY(${[...ids]}::uuid[])
        ORDER BY enrollment_id, created_at DESC, id DESC`,
      (row: Payment) => row.enrollmentId,
    ),

    /** First to last. */
    events: batchMany(
      (ids) => db.paymentEvent.findMany({ where: { paymentId: { in: [...ids] } }, orderBy: { seq: 'asc' } }),
      (row: PaymentEvent) => row.paymentId,
    ),
    /** First to last. */
    refunds: batchMany(
      (ids) => db.refund.findMany({ where: { paymentId: { in: [...ids] } }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
      (row: Refund) => row.paymentId,
    ),
    receipt: batch(
      (ids) => db.receipt.findMany({ where: { paymentId: { in: [...ids] } } }),
      (row: Receipt) => row.paymentId,
    ),
    findReceipt: (number: number) => db.receipt.findUnique({ where: { number } }),

    /** Latest first, by keyset. */
    paymentsOfUser: (userId: string, { statuses, limit, after }: Slice): Promise<Payment[]> => db.$queryRaw`
      SELECT ${columns} FROM payment
      WHERE user_id = ${userId}::uuid ${statuses ? Prisma.sql`AND status::text = ANY(${[...statuses]}::text[])` : Prisma.empty}
        ${after ? Prisma.sql`AND (created_at, id) < (${after[0]}::timestamptz, ${after[1]}::uuid)` : Prisma.empty}
      ORDER BY created_at DESC, id DESC
      LIMIT ${limit}`,

    /** Payments about which the provider is to be asked by now, the longest due first. */
    async duePayments(now: Date, limit: number): Promise<string[]> {
      const due = await db.payment.findMany({
        where: { nextCheckAt: { lte: now } },
        orderBy: { nextCheckAt: 'asc' },
        take: limit,
        select: { id: true },
      })
      return due.map(({ id }) => id)
    },

    /** How many are open that could be paid until before `payableUntil`, and have a refund pending since before `refundSince`. */
    async countWaiting(payableUntil: Date, refundSince: Date): Promise<{ overdue: number; refunds: number }> {
      const [counts] = await db.$queryRaw<{ overdue: number; refunds: number }[]>`
        SELECT count(*) FILTER (WHERE status IN ('REQUIRES_ACTION', 'PENDING', 'FAILED') AND expires_at < ${payableUntil}::timestamptz)::int AS overdue,
          count(*) FILTER (WHERE EXISTS (SELECT FROM refund WHERE payment_id = payment.id AND refund.status = 'PENDING'
            AND refund.created_at < ${refundSince}::timestamptz))::int AS refunds
        FROM payment WHERE next_check_at IS NOT NULL`
      return counts ?? { overdue: 0, refunds: 0 }
    },
  }
}
