import { systemRandom } from '@stellr/kit'
import { withMigrations } from '@stellr/kit/testing'
import pg from 'pg'
import { audit, type AuditOptions } from './audit.ts'
import type { Ledger } from './ledger.ts'

type Entry = NonNullable<Awaited<ReturnType<Ledger['find']>>>

export interface Planted {
  id: string
  transactionId: string
  userId: string
  courseId: string
}

/** Databases of payments and enrollments, and a provider's ledger, in which tests write as they please. */
export async function plantBooks() {
  const [own, theirs] = await Promise.all([withMigrations('payments'), withMigrations('enrollments')])
  const databases = { payments: own, enrollments: theirs }
  const payments = new pg.Pool({ connectionString: own, max: 2 })
  const enrollments = new pg.Pool({ connectionString: theirs, max: 2 })
  await enrollments.query('ALTER TABLE enrollment ADD COLUMN IF NOT EXISTS payment_id uuid')
  const entries = new Map<string, Entry>()
  const now = new Date()
  const newId = () => systemRandom.id()

  const provider: Ledger = {
    name: 'fake',
    // The latest first, as providers have it.
    async *paymentsBetween(from, to) {
      for (const entry of [...entries.values()].toReversed()) if (entry.createdAt >= from && entry.createdAt < to) yield entry
    },
    find: async (transactionId) => entries.get(transactionId) ?? null,
  }

  const ledger = {
    add(entry: Partial<Entry> & Pick<Entry, 'transactionId' | 'paymentId'>) {
      const paid = { state: 'succeeded', price: { amount: 4900, currency: 'EUR' }, createdAt: began, paidAt: began } as const
      const nothing = { clientSecret: null, checkoutUrl: null, failure: null, refunds: [], disputes: [] }
      entries.set(entry.transactionId, { ...paid, ...nothing, ...entry })
    },
    change(transactionId: string, change: Partial<Entry>) {
      const entry = entries.get(transactionId)
      if (!entry) throw new Error(`the ledger has no ${transactionId}`)
      entries.set(transactionId, { ...entry, ...change })
    },
    delete: (transactionId: string) => entries.delete(transactionId),
  }

  /** Adds payments that are paid, with receipt, access and the provider's money. */
  async function addPaid(count: number, { currency = 'EUR', amount = 4900, at = began } = {}): Promise<Planted[]> {
    const rows = Array.from({ length: count }, () => {
      const id = newId()
      return { id, transactionId: `pi_${id}`, userId: newId(), courseId: newId(), enrollmentId: newId() }
    })
    const json = JSON.stringify(rows)
    await payments.query(
      `WITH r AS (SELECT * FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, "transactionId" text, "userId" uuid, "courseId" uuid, "enrollmentId" uuid)),
       p AS (INSERT INTO payment (id, enrollment_id, user_id, course_id, amount, currency, method, provider, transaction_id, status, expires_at,
               paid_at, refund_days, refund_below_basis_points, created_at, updated_at)
             SELECT id, "enrollmentId", "userId", "courseId", $2::bigint, $3, 'CARD', 'fake', "transactionId", 'COMPLETED', $4::timestamptz, $4, 14, 2000, $4, $4 FROM r
             RETURNING id),
       e AS (INSERT INTO payment_event (id, payment_id, seq, type, amount, at, created_at)
             SELECT gen_random_uuid(), id, 1, 'SUCCEEDED', $2, $4, $4 FROM r)
       INSERT INTO receipt (number, payment_id, course_title, amount, currency, issued_at, created_at)
       SELECT (SELECT last FROM receipt_counter) + row_number() OVER (), id, 'Drawing', $2, $3, $4, $4 FROM r`,
      [json, amount, currency, at],
    )
    await payments.query('UPDATE receipt_counter SET last = last + $1', [count])
    await enrollments.query(
      `INSERT INTO enrollment (id, user_id, course_id, instructor_id, course_version, status, attempt, enrolled_at, price_amount, price_currency,
         payment_id, created_at, updated_at)
       SELECT "enrollmentId", "userId", "courseId", "courseId", 1, 'ACTIVE', 1, $2::timestamptz, $3::bigint, $4, id, $2, $2
       FROM jsonb_to_recordset($1::jsonb) AS r(id uuid, "userId" uuid, "courseId" uuid, "enrollmentId" uuid)`,
      [json, at, amount, currency],
    )
    for (const { id, transactionId } of rows) {
      ledger.add({ transactionId, paymentId: id, price: { amount, currency }, createdAt: at, paidAt: at })
    }
    return rows
  }

  async function addOne(options: Parameters<typeof addPaid>[1] = {}): Promise<Planted> {
    const [planted] = await addPaid(1, options)
    if (!planted) throw new Error('nothing was planted')
    return planted
  }

  return {
    now,
    newId,
    ledger,
    addPaid,
    addOne,
    databases,
    provider,
    audit: (options: Partial<AuditOptions> = {}) => audit({ databases, provider, now, ...options }),
    sql: {
      payments: (text: string, values: unknown[] = []) => payments.query(text, values),
      enrollments: (text: string, values: unknown[] = []) => enrollments.query(text, values),
    },
    async close() {
      await Promise.all([payments.end(), enrollments.end()])
    },
  }
}

const began = new Date('2026-09-05T10:02:10.000Z')
