import type pg from 'pg'
import type { EnrollmentFacts } from './cases.ts'

const COLUMNS = `id, user_id AS "userId", course_id AS "courseId", status::text, payment_id AS "paymentId", updated_at AS "updatedAt"`

/** The enrollments to which these payments gave access. */
export async function enrollmentsPaidBy(db: pg.Client, paymentIds: readonly string[]): Promise<EnrollmentFacts[]> {
  const { rows } = await db.query<EnrollmentFacts>(
    `SELECT ${COLUMNS} FROM enrollment WHERE payment_id = ANY($1::uuid[]) ORDER BY attempt, id`,
    [paymentIds],
  )
  return rows
}

/** Every enrollment that a payment gave access to, in the order of their ids, a page at a time. */
export async function* readPaidEnrollments(db: pg.Client, pageSize: number): AsyncIterable<EnrollmentFacts[]> {
  for (let after = '00000000-0000-0000-0000-000000000000'; ;) {
    const { rows } = await db.query<EnrollmentFacts>(
      `SELECT ${COLUMNS} FROM enrollment WHERE payment_id IS NOT NULL AND id > $1 ORDER BY id LIMIT $2`,
      [after, pageSize],
    )
    if (rows.length > 0) yield rows
    if (rows.length < pageSize) return
    after = rows.at(-1)?.id ?? after
  }
}
