import type { Payment, PaymentStatus, Prisma, RefundRequest } from '../generated/prisma/client.ts'

/** What the events of a payment say of it. */
export type PaymentState = Omit<Payment, 'createdAt' | 'updatedAt'>

/** What is kept of payments, which are another domain's. Only done in a transaction. */
export function payments(db: Prisma.TransactionClient) {
  return {
    /**
     * Takes over a payment's state; false when that or a later one is known already. Either way its row stays as it is until
     * the transaction ends: of two events of one payment, the second is worked on when the first is done.
     */
    async putPayment({ id, enrollmentId, status, initiatedAt, version }: PaymentState, now: Date): Promise<boolean> {
      const put = await db.$executeRaw`
        INSERT INTO payment (id, enrollment_id, status, initiated_at, version, created_at, updated_at)
        VALUES (${id}::uuid, ${enrollmentId}::uuid, ${status}::"PaymentStatus", ${initiatedAt}::timestamptz, ${version}::int,
          ${now}::timestamptz, ${now}::timestamptz)
        ON CONFLICT (id) DO UPDATE
        SET status = excluded.status, version = excluded.version, updated_at = excluded.updated_at
        WHERE payment.version < excluded.version`
      return put > 0
    },

    async paymentStatus(id: string): Promise<PaymentStatus | null> {
      return (await db.payment.findUnique({ where: { id }, select: { status: true } }))?.status ?? null
    },

    /** False when the money of this payment was asked back before. */
    async addRefundRequest(request: Omit<RefundRequest, 'createdAt'>, now: Date): Promise<boolean> {
      const { count } = await db.refundRequest.createMany({ data: { ...request, createdAt: now }, skipDuplicates: true })
      return count > 0
    },

    async wasAskedBack(paymentId: string): Promise<boolean> {
      return (await db.refundRequest.count({ where: { paymentId } })) > 0
    },
  }
}
