import type { Fact } from '@stellr/payments'
import type pg from 'pg'
import type { PaymentFacts, ReceiptFacts, RefundFacts } from './cases.ts'

/** Which payments are compared: those that were begun in a time, with one provider. */
export interface Wanted {
  provider: string
  since: Date
  until: Date
}

/** A payment with what payments itself knows of it. */
export interface OwnBooks {
  payment: PaymentFacts
  events: readonly Fact[]
  refunds: readonly RefundFacts[]
  receipt: ReceiptFacts | null
}

/** Payments in the order of their ids, a page at a time. Amounts come as text from the driver: as bigint they are exact. */
export async function* readPayments(db: pg.Client, { provider, since, until }: Wanted, pageSize: number): AsyncIterable<OwnBooks[]> {
  for (let after = ZERO; ;) {
    const { rows } = await db.query<Row<PaymentFacts, 'amount' | 'refundedAmount'>>(
      `SELECT id, user_id AS "userId", course_id AS "courseId", amount, currency, refunded_amount AS "refundedAmount",
         status::text, transaction_id AS "transactionId", paid_at AS "paidAt", updated_at AS "updatedAt"
       FROM payment WHERE id > $1 AND provider = $2 AND created_at >= $3 AND created_at < $4 ORDER BY id LIMIT $5`,
      [after, provider, since, until, pageSize],
    )
    if (rows.length > 0) yield await withBooks(db, rows)
    if (rows.length < pageSize) return
    after = rows.at(-1)?.id ?? ZERO
  }
}

/** Which of these payments there are, whenever and wherever they were begun. */
export async function knownPayments(db: pg.Client, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await db.query<{ id: string }>('SELECT id FROM payment WHERE id = ANY($1::uuid[])', [ids])
  return new Set(rows.map(({ id }) => id))
}

/** How many payments were begun in that time with other providers, whose books nobody can ask for now. */
export async function countElsewhere(db: pg.Client, { provider, since, until }: Wanted): Promise<number> {
  const { rows } = await db.query<{ count: string }>(
    'SELECT count(*) FROM payment WHERE provider <> $1 AND created_at >= $2 AND created_at < $3',
    [provider, since, until],
  )
  return Number(rows[0]?.count ?? 0)
}

/** The numbers of all receipts in order, a page at a time, up to where the counter stood at the beginning; and that. */
export async function* readReceiptNumbers(db: pg.Client, pageSize: number): AsyncGenerator<number[], number> {
  const { rows: counters } = await db.query<{ last: number }>('SELECT last FROM receipt_counter WHERE id = 1')
  const last = counters[0]?.last ?? 0
  for (let after = 0; ;) {
    const { rows } = await db.query<{ number: number }>('SELECT number FROM receipt WHERE number > $1 ORDER BY number LIMIT $2', [
      after,
      pageSize,
    ])
    const numbers = rows.map(({ number }) => number)
    if (numbers.length > 0) yield numbers
    if (numbers.length < pageSize) return last
    after = numbers.at(-1) ?? after
  }
}

/** Payments of which the school has something, where one person has several for one course; each page is of whole groups. */
export async function* readHeldTwice(db: pg.Client, pageSize: number): AsyncIterable<HeldPayment[]> {
  for (let after: readonly [string, string] = [ZERO, ZERO]; ;) {
    const { rows: groups } = await db.query<{ userId: string; courseId: string; ids: string[] }>(
      `SELECT user_id AS "userId", course_id AS "courseId", array_agg(id ORDER BY id) AS ids FROM payment
       WHERE status IN ('COMPLETED', 'PARTIALLY_REFUNDED', 'DISPUTED') AND (user_id, course_id) > ($1::uuid, $2::uuid)
       GROUP BY user_id, course_id HAVING count(*) > 1 ORDER BY user_id, course_id LIMIT $3`,
      [...after, pageSize],
    )
    if (groups.length > 0)
      yield await heldIn(
        db,
        groups.flatMap(({ ids }) => ids),
      )
    const last = groups.at(-1)
    if (!last || groups.length < pageSize) return
    after = [last.userId, last.courseId]
  }
}

export interface HeldPayment {
  paymentId: string
  userId: string
  courseId: string
  updatedAt: Date
  goesBack: boolean
}

const ZERO = '00000000-0000-0000-0000-000000000000'

/** As the driver gives it: columns of these names are bigints, as text. */
type Row<Facts, Amounts extends keyof Facts> = Omit<Facts, Amounts> & Record<Amounts, string>

async function withBooks(db: pg.Client, payments: readonly Row<PaymentFacts, 'amount' | 'refundedAmount'>[]): Promise<OwnBooks[]> {
  const ids = payments.map(({ id }) => id)
  const { rows: events } = await db.query<{ paymentId: string; type: Fact['type']; subject: string; amount: string | null }>(
    'SELECT payment_id AS "paymentId", type::text, subject, amount FROM payment_event WHERE payment_id = ANY($1::uuid[]) ORDER BY payment_id, seq',
    [ids],
  )
  const { rows: refunds } = await db.query<Row<RefundFacts & { paymentId: string }, 'amount'>>(
    `SELECT payment_id AS "paymentId", id, amount, status::text, provider_refund_id AS "providerRefundId"
     FROM refund WHERE payment_id = ANY($1::uuid[]) ORDER BY created_at, id`,
    [ids],
  )
  const { rows: receipts } = await db.query<Row<ReceiptFacts & { paymentId: string }, 'amount'>>(
    'SELECT payment_id AS "paymentId", number, amount, currency FROM receipt WHERE payment_id = ANY($1::uuid[])',
    [ids],
  )
  const [eventsOf, refundsOf, receiptsOf] = [byPayment(events), byPayment(refunds), byPayment(receipts)]
  return payments.map(({ amount, refundedAmount, ...payment }) => {
    const receipt = receiptsOf.get(payment.id)?.[0]
    return {
      payment: { ...payment, amount: BigInt(amount), refundedAmount: BigInt(refundedAmount) },
      events: (eventsOf.get(payment.id) ?? []).map((event) => ({ ...event, amount: event.amount === null ? null : BigInt(event.amount) })),
      refunds: (refundsOf.get(payment.id) ?? []).map((refund) => ({ ...refund, amount: BigInt(refund.amount) })),
      receipt: receipt ? { ...receipt, amount: BigInt(receipt.amount) } : null,
    }
  })
}

async function heldIn(db: pg.Client, ids: readonly string[]): Promise<HeldPayment[]> {
  const { rows } = await db.query<HeldPayment>(
    `SELECT id AS "paymentId", user_id AS "userId", course_id AS "courseId", updated_at AS "updatedAt",
       EXISTS (SELECT FROM refund r WHERE r.payment_id = p.id AND r.status = 'PENDING') AS "goesBack"
     FROM payment p WHERE id = ANY($1::uuid[]) ORDER BY user_id, course_id, id`,
    [ids],
  )
  return rows
}

function byPayment<T extends { paymentId: string }>(rows: readonly T[]): Map<string, T[]> {
  return Map.groupBy(rows, ({ paymentId }) => paymentId)
}
