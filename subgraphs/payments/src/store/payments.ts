import type { Prisma, Payment, PaymentEvent, Receipt, Refund } from '../generated/prisma/client.ts'
import { columns } from './columns.ts'

export type NewPayment = Pick<
  Payment,
  | 'id'
  | 'enrollmentId'
  | 'userId'
  | 'courseId'
  | 'amount'
  | 'currency'
  | 'method'
  | 'provider'
  | 'expiresAt'
  | 'refundDays'
  | 'refundBelow'
  | 'nextCheckAt'
  | 'createdAt'
>
export type PaymentChange = Partial<Omit<Payment, 'id' | 'createdAt' | 'updatedAt'>>
export type NewEvent = Omit<PaymentEvent, 'id' | 'createdAt'>
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'amount' | 'reason' | 'requestedBy' | 'status' | 'providerRefundId' | 'createdAt'>
export type RefundChange = Partial<Pick<Refund, 'status' | 'providerRefundId' | 'failure' | 'attempt'>>

/** What an idempotency key stands for. */
export interface RequestKey {
  userId: string
  key: string
  requestHash: Uint8Array
  paymentId: string
  refundId: string | null
}

/** What is only done in a transaction. */
export function payments(db: Prisma.TransactionClient) {
  const only = async <Row>(rows: Promise<Row[]>) => (await rows)[0] ?? null
  return {
    /** Adds an open payment; null when the enrollment has one, however many ask at once: the index lets one in. */
    insertPayment: (row: NewPayment): Promise<Payment | null> =>
      only(db.$queryRaw<Payment[]>`
        INSERT INTO payment (id, enrollment_id, user_id, course_id, amount, currency, method, provider, status, expires_at,
          refund_days, refund_below_basis_points, next_check_at, created_at, updated_at)
        VALUES (${row.id}::uuid, ${row.enrollmentId}::uuid, ${row.userId}::uuid, ${row.courseId}::uuid, ${row.amount}::bigint,
          ${row.currency}, ${row.method}::"PaymentMethod", ${row.provider}, 'PENDING', ${row.expiresAt}::timestamptz,
          ${row.refundDays}::int, ${row.refundBelow}::int,
          ${row.nextCheckAt}::timestamptz, ${row.createdAt}::timestamptz, ${row.createdAt}::timestamptz)
        ON CONFLICT DO NOTHING
        RETURNING ${columns}`),

    /** The payment as it is now, and stays until the transaction ends. */
    lockPayment: (id: string): Promise<Payment | null> =>
      only(db.$queryRaw<Payment[]>`SELECT ${columns} FROM payment WHERE id = ${id}::uuid FOR UPDATE`),

    /** The one open payment of an enrollment, likewise. */
    lockOpen: (enrollmentId: string): Promise<Payment | null> =>
      only(db.$queryRaw<Payment[]>`
        SELECT ${columns} FROM payment
        WHERE enrollment_id = ${enrollmentId}::uuid AND status IN ('REQUIRES_ACTION', 'PENDING', 'FAILED')
        FOR UPDATE`),

    /** Whether an enrollment has a payment that was made, as of now: asked after adding one, it sees whatever let that in. */
    async isPaid(enrollmentId: string): Promise<boolean> {
      const paid = await db.payment.findFirst({
        where: { enrollmentId, status: { in: ['COMPLETED', 'PARTIALLY_REFUNDED', 'DISPUTED'] } },
        select: { id: true },
      })
      return paid !== null
    },

    /** Changes a row whose lock is held. */
    changePayment: (id: string, change: PaymentChange, now: Date): Promise<Payment> =>
      db.payment.update({ where: { id }, data: { ...change, updatedAt: now } }),

    /** Puts off when the provider is asked again, unless something was heard since `version`. */
    async putOff(id: string, version: number, nextCheckAt: Date): Promise<void> {
      await db.payment.updateMany({ where: { id, version, nextCheckAt: { not: null } }, data: { nextCheckAt, checks: { increment: 1 } } })
    },

    /** First to last. */
    eventsOf: (paymentId: string): Promise<PaymentEvent[]> => db.paymentEvent.findMany({ where: { paymentId }, orderBy: { seq: 'asc' } }),

    async addEvents(ids: readonly string[], events: readonly NewEvent[], now: Date): Promise<void> {
      await db.paymentEvent.createMany({ data: events.map((event, index) => ({ ...event, id: ids[index] ?? '', createdAt: now })) })
    },

    /** First to last. */
    refundsOf: (paymentId: string): Promise<Refund[]> =>
      db.refund.findMany({ where: { paymentId }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),

    addRefund: (refund: NewRefund): Promise<Refund> => db.refund.create({ data: { ...refund, updatedAt: refund.createdAt } }),

    changeRefund: (id: string, change: RefundChange, now: Date): Promise<Refund> =>
      db.refund.update({ where: { id }, data: { ...change, updatedAt: now } }),

    /**
     * Writes the receipt of a payment under the next number. Everybody who wants one waits at the counter until the transaction before has
     * ended: one that is rolled back gives its number back.
     */
    async addReceipt(receipt: Omit<Receipt, 'number' | 'createdAt'>): Promise<void> {
      await db.$executeRaw`
        WITH counter AS (UPDATE receipt_counter SET last = last + 1 RETURNING last)
        INSERT INTO receipt (number, payment_id, course_title, amount, currency, issued_at, created_at)
        SELECT last, ${receipt.paymentId}::uuid, ${receipt.courseTitle}, ${receipt.amount}::bigint, ${receipt.currency},
          ${receipt.issuedAt}::timestamptz, ${receipt.issuedAt}::timestamptz
        FROM counter`
    },

    /** False when the key stands for something already. */
    async addRequestKey(key: RequestKey, now: Date): Promise<boolean> {
      const data = { ...key, requestHash: Buffer.from(key.requestHash), createdAt: now }
      const { count } = await db.requestKey.createMany({ data, skipDuplicates: true })
      return count > 0
    },
    requestKey: (userId: string, key: string): Promise<RequestKey | null> =>
      db.requestKey.findUnique({ where: { userId_key: { userId, key } } }),
    async changeRequestKey({ userId, key, paymentId, refundId }: RequestKey): Promise<void> {
      await db.requestKey.update({ where: { userId_key: { userId, key } }, data: { paymentId, refundId } })
    },
    async forgetRequestKeys(before: Date): Promise<void> {
      await db.requestKey.deleteMany({ where: { createdAt: { lt: before } } })
    },

    /** False when the provider's event was taken in before. */
    async addWebhookEvent(event: Prisma.WebhookEventCreateManyInput): Promise<boolean> {
      const { count } = await db.webhookEvent.createMany({ data: event, skipDuplicates: true })
      return count > 0
    },

    async knowsWebhookEvent(provider: string, eventId: string): Promise<boolean> {
      return (await db.webhookEvent.count({ where: { provider, eventId } })) > 0
    },
    /** Those of some events that were taken in before. */
    async knownWebhookEvents(provider: string, eventIds: readonly string[]): Promise<Set<string>> {
      const known = await db.webhookEvent.findMany({ where: { provider, eventId: { in: [...eventIds] } }, select: { eventId: true } })
      return new Set(known.map(({ eventId }) => eventId))
    },
    async forgetWebhookEvents(before: Date): Promise<void> {
      await db.webhookEvent.deleteMany({ where: { receivedAt: { lt: before } } })
    },

    async sweptUntil(provider: string): Promise<Date | null> {
      return (await db.sweep.findUnique({ where: { provider } }))?.until ?? null
    },
    async noteSweep(provider: string, until: Date, now: Date): Promise<void> {
      await db.sweep.upsert({
        where: { provider },
        create: { provider, until, updatedAt: now },
        update: { until, updatedAt: now },
      })
    },
  }
}
