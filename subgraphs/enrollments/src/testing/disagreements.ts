import { transitions } from '../status.ts'
import type { EnrollmentStatus } from '../models.ts'
import type { School } from './school.ts'

interface Case {
  id: string
  enrollments: { id: string; status: EnrollmentStatus }[] | null
  asked: string | null
  told: number
}

/**
 * Where money and access do not agree, in a school in which administrators do nothing. `truth` is how each payment is: what
 * the school believes of it counts for nothing here.
 */
export async function disagreements(school: School, truth: ReadonlyMap<string, string>): Promise<string[]> {
  const cases = await school.sql<Case>(
    `SELECT p.id,
      (SELECT json_agg(json_build_object('id', e.id, 'status', e.status)) FROM enrollment e WHERE e.payment_id = p.id) AS enrollments,
      (SELECT reason FROM refund_request r WHERE r.payment_id = p.id) AS asked,
      (SELECT count(*)::int FROM stellr.outbox o WHERE o.aggregate_id = p.id::text AND event ->> 'type' = 'refund.requested') AS told
    FROM unnest($1::uuid[]) AS p (id)`,
    [[...truth.keys()]],
  )
  const unpaid = await school.sql<{ id: string }>(
    `SELECT id FROM enrollment WHERE payment_id IS NULL AND status IN ('ACTIVE', 'SUSPENDED', 'COMPLETED', 'REFUNDED')`,
  )
  const twice = await school.sql<{ user_id: string }>(
    `SELECT user_id FROM enrollment WHERE status IN ('PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED')
     GROUP BY user_id, course_id HAVING count(*) > 1`,
  )
  return [
    ...cases.flatMap((one) => compare(one, truth.get(one.id) ?? 'unknown')),
    ...unpaid.map(({ id }) => `${id}: access without money`),
    ...twice.map(({ user_id: id }) => `${id}: two live enrollments`),
    ...(await brokenLogs(school)),
  ]
}

function compare({ id, enrollments: found, asked, told }: Case, status: string): string[] {
  const enrollments = found ?? []
  const isPaid = ['COMPLETED', 'PARTIALLY_REFUNDED', 'DISPUTED', 'REFUNDED'].includes(status)
  const uses = enrollments.length + (asked === null ? 0 : 1)
  return [
    ...(uses === (isPaid ? 1 : 0) ? [] : [`${id}: ${status}, ${enrollments.length} enrollments, and asked back: ${asked}`]),
    ...(told === (asked === null ? 0 : 1) ? [] : [`${id}: asked back ${told} times`]),
    ...enrollments.flatMap((enrollment) => {
      const { status: access } = enrollment
      const agree =
        (access === 'REFUNDED') === (status === 'REFUNDED') &&
        (access !== 'ACTIVE' || status !== 'DISPUTED') &&
        (access !== 'SUSPENDED' || status === 'DISPUTED')
      return agree ? [] : [`${id}: ${status}, and its enrollment ${access}`]
    }),
  ]
}

async function brokenLogs(school: School): Promise<string[]> {
  const log = await school.sql<{ id: string; from: EnrollmentStatus | null; to: EnrollmentStatus; before: EnrollmentStatus | null }>(`
    SELECT enrollment_id AS id, "from", "to", lag("to") OVER (PARTITION BY enrollment_id ORDER BY version) AS before
    FROM enrollment_transition`)
  return log
    .filter(({ from, to, before }) => from !== before || (from !== null && !transitions.allows(from, to)))
    .map(({ id, from, to }) => `${id}: from ${from} to ${to}`)
}
