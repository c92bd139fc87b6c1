import { Prisma, type SandboxDispute, type SandboxEvent, type SandboxPayment, type SandboxRefund } from '../generated/prisma/client.ts'

export type { SandboxDispute, SandboxEvent, SandboxPayment, SandboxRefund } from '../generated/prisma/client.ts'

/** What the sandbox has of one payment. */
export interface SandboxFile {
  payment: SandboxPayment
  /** First to last. */
  refunds: readonly SandboxRefund[]
  disputes: readonly SandboxDispute[]
}

export type SandboxChange = Partial<Pick<SandboxPayment, 'state' | 'failure' | 'outcome' | 'settlesAt' | 'mischief' | 'paidAt'>>

type Timed = 'createdAt' | 'updatedAt'

const first = [{ createdAt: 'asc' }, { id: 'asc' }] as const

/** The sandbox's own books. */
export function sandbox(db: Prisma.TransactionClient) {
  const files = async (payments: readonly SandboxPayment[]): Promise<SandboxFile[]> => {
    // Of what was not paid nothing went back, and nothing is disputed.
    const paid = payments.filter(({ paidAt }) => paidAt !== null)
    const ofThese = { where: { paymentId: { in: paid.map(({ id }) => id) } }, orderBy: [...first] }
    const [refunds, disputes] =
      paid.length > 0 ? [await db.sandboxRefund.findMany(ofThese), await db.sandboxDispute.findMany(ofThese)] : [[], []]
    return payments.map((payment) => ({
      payment,
      refunds: refunds.filter(({ paymentId }) => paymentId === payment.id),
      disputes: disputes.filter(({ paymentId }) => paymentId === payment.id),
    }))
  }
  const file = async (where: Prisma.SandboxPaymentWhereInput): Promise<SandboxFile | null> => {
    const payment = await db.sandboxPayment.findFirst({ where })
    return payment && ((await files([payment]))[0] ?? null)
  }
  return {
    sandboxFile: (id: string) => file({ id }),
    sandboxFileOfKey: (key: string) => file({ key }),
    sandboxFileOfSecret: (clientSecret: string) => file({ clientSecret }),

    /** The same, and nobody else changes it until the transaction ends. */
    async lockSandboxFile(id: string): Promise<SandboxFile | null> {
      await db.$queryRaw`SELECT id FROM sandbox_payment WHERE id = ${id} FOR UPDATE`
      return file({ id })
    },

    /** False when the key has begun a payment already. */
    async addSandboxPayment(payment: Omit<SandboxPayment, keyof SandboxChange | Timed> & { state: string }, now: Date): Promise<boolean> {
      const { count } = await db.sandboxPayment.createMany({ data: { ...payment, createdAt: now, updatedAt: now }, skipDuplicates: true })
      return count > 0
    },
    async changeSandboxPayment(id: string, change: SandboxChange, now: Date): Promise<void> {
      await db.sandboxPayment.update({ where: { id }, data: { ...change, updatedAt: now } })
    },
    async addSandboxRefund(refund: Omit<SandboxRefund, Timed>, now: Date): Promise<void> {
      await db.sandboxRefund.create({ data: { ...refund, createdAt: now, updatedAt: now } })
    },
    async addSandboxDispute(dispute: Omit<SandboxDispute, Timed>, now: Date): Promise<void> {
      await db.sandboxDispute.create({ data: { ...dispute, createdAt: now, updatedAt: now } })
    },
    async changeSandboxDispute(id: string, state: string, now: Date): Promise<void> {
      await db.sandboxDispute.update({ where: { id }, data: { state, updatedAt: now } })
    },

    /** Payments about which the bank decides by now. */
    async dueSandboxPayments(now: Date, limit: number): Promise<string[]> {
      const due = await db.sandboxPayment.findMany({
        where: { settlesAt: { lte: now } },
        orderBy: { settlesAt: 'asc' },
        take: limit,
        select: { id: true },
      })
      return due.map(({ id }) => id)
    },

    /** Those that were begun from `from` on and before `to`, first to last, by keyset. */
    async sandboxFiles(from: Date, to: Date, after: { createdAt: Date; id: string } | null, limit: number): Promise<SandboxFile[]> {
      const payments = await db.$queryRaw<{ id: string }[]>`
        SELECT id FROM sandbox_payment
        WHERE created_at >= ${from}::timestamptz AND created_at < ${to}::timestamptz
          AND (created_at, id) > (${after?.createdAt ?? new Date(0)}::timestamptz, ${after?.id ?? ''})
        ORDER BY created_at, id LIMIT ${limit}`
      const ids = payments.map(({ id }) => id)
      return files(await db.sandboxPayment.findMany({ where: { id: { in: ids } }, orderBy: [...first] }))
    },

    async addSandboxEvents(events: SandboxEvent[]): Promise<void> {
      await db.sandboxEvent.createMany({ data: events })
    },
    /** What was told since a moment, first to last, by keyset. */
    sandboxEvents: (since: Date, after: { createdAt: Date; id: string } | null, limit: number): Promise<SandboxEvent[]> =>
      db.$queryRaw`
        SELECT ${eventColumns} FROM sandbox_event
        WHERE created_at >= ${since}::timestamptz
          AND (created_at, id) > (${after?.createdAt ?? new Date(0)}::timestamptz, ${after?.id ?? ''})
        ORDER BY created_at, id LIMIT ${limit}`,
    sandboxEventsOf: (paymentId: string): Promise<SandboxEvent[]> =>
      db.sandboxEvent.findMany({ where: { paymentId }, orderBy: [...first] }),

    /** Takes what is to be sent by now, and puts each off in case that it does not arrive: whoever else asks gets other ones. */
    async takeSandboxEvents(now: Date, limit: number): Promise<SandboxEvent[]> {
      const taken = await db.$queryRaw<SandboxEvent[]>`
        UPDATE sandbox_event SET tries = tries + 1, send_at = ${now}::timestamptz + least(power(2, tries + 1), 3600) * interval '1 second'
        WHERE id IN (SELECT id FROM sandbox_event WHERE send_at <= ${now}::timestamptz ORDER BY send_at, id LIMIT ${limit}
          FOR UPDATE SKIP LOCKED)
        RETURNING ${eventColumns}`
      return taken.toSorted((one, other) => one.createdAt.getTime() - other.createdAt.getTime() || (one.id < other.id ? -1 : 1))
    },
    /** Says that it has arrived once, or is sent no more. */
    async sandboxEventArrived(id: string, now: Date): Promise<void> {
      await db.$executeRaw`
        UPDATE sandbox_event SET copies = copies - 1, tries = 0, send_at = CASE WHEN copies > 1 THEN ${now}::timestamptz END
        WHERE id = ${id}`
    },
    async giveUpSandboxEvent(id: string): Promise<void> {
      await db.sandboxEvent.update({ where: { id }, data: { sendAt: null } })
    },
    async sendSandboxEventsAgain(paymentId: string, now: Date): Promise<void> {
      await db.sandboxEvent.updateMany({ where: { paymentId, sendAt: null }, data: { sendAt: now, copies: 1, tries: 0 } })
    },

    /** When there is something to do next; null when nothing waits. */
    async nextSandboxMoment(): Promise<Date | null> {
      const [row] = await db.$queryRaw<{ at: Date | null }[]>`
        SELECT least((SELECT min(send_at) FROM sandbox_event), (SELECT min(settles_at) FROM sandbox_payment)) AS at`
      return row?.at ?? null
    },
  }
}

const eventColumns = Prisma.sql`id, payment_id AS "paymentId", type, created_at AS "createdAt", send_at AS "sendAt", copies, tries`
