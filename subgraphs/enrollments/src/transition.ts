import { plusSeconds } from '@stellr/kit'
import * as events from '@stellr/schema/events/enrollments'
import { announce } from './announce.ts'
import type { Tx } from './context.ts'
import type { EnrollmentRow, EnrollmentStatus, TransitionRow } from './models.ts'
import { effectiveStatus, transitions } from './status.ts'

/** Why a status changes, as clients are told. */
export type Reason =
  | 'enrolled'
  | 'enrolled_by_admin'
  | 'paid'
  | 'paid_late'
  | 'not_paid'
  | 'dropped'
  | 'suspended'
  | 'resumed'
  | 'course_completed'
  | 'expired'
  | 'payment_disputed'
  | 'dispute_won'
  | 'dispute_lost'
  | 'refunded'

export interface Cause {
  reason: Reason
  /** Null when the platform does it. */
  actorId: string | null
  /** The event of another domain that makes it happen. */
  eventId?: string
  /** The payment that it is about. Of one that gives access, the enrollment keeps the id. */
  paymentId?: string
  now: Date
}

/**
 * The one way in which a status changes: row, log and event together. The row's lock must be held. Throws CONFLICT where
 * the table knows no such way; an enrollment whose time is over counts as EXPIRED, and can only become that, or REFUNDED.
 */
export async function transition(tx: Tx, row: EnrollmentRow, to: EnrollmentStatus, cause: Cause): Promise<EnrollmentRow> {
  const counted = effectiveStatus(row, cause.now)
  transitions.require(to === 'EXPIRED' && counted === 'EXPIRED' ? row.status : counted, to)
  const begins = row.status === 'PENDING_PAYMENT' && to === 'ACTIVE'
  const change = { status: to, ...(begins && accessBy(cause, row.accessDays)) }
  const changed = await tx.changeEnrollment(row.id, change, cause.now)
  const noted = await note(tx, changed, row.status, cause)
  await announce(tx, eventOf(row.status, to, cause.reason), changed, { previousStatus: row.status, transition: noted })
  return changed
}

/** Gives access back to what is suspended: it is again what it was before. Likewise. */
export async function resume(tx: Tx, row: EnrollmentRow, cause: Cause): Promise<EnrollmentRow> {
  // Progress says only once that a course was completed, so nobody would complete it again.
  const to = (await tx.statusBeforeSuspension(row.id)) === 'COMPLETED' ? 'COMPLETED' : 'ACTIVE'
  return transition(tx, row, to, cause)
}

/** Keeps what happened to an enrollment's status: its row has been written. */
export async function note(tx: Tx, row: EnrollmentRow, from: EnrollmentStatus | null, cause: Cause): Promise<TransitionRow> {
  const { reason, actorId, eventId = null, paymentId = null, now: at } = cause
  const { id: enrollmentId, version, status: to } = row
  return tx.addTransition({ enrollmentId, version, from, to, reason, actorId, eventId, paymentId, at })
}

/** Of access that begins now: when it ends, where it does, and the payment that gives it, where one does. */
export function accessBy({ now, paymentId }: Cause, accessDays: number | null) {
  const expiresAt = accessDays === null ? null : plusSeconds(now, accessDays * DAY_SECONDS)
  return { expiresAt, paymentId: paymentId ?? null }
}

const DAY_SECONDS = 24 * 60 * 60

const becoming = {
  PENDING_PAYMENT: events.EnrollmentCreated,
  ACTIVE: events.EnrollmentActivated,
  SUSPENDED: events.EnrollmentSuspended,
  COMPLETED: events.EnrollmentCompleted,
  DROPPED: events.EnrollmentDropped,
  EXPIRED: events.EnrollmentExpired,
  REFUNDED: events.EnrollmentRefunded,
  CANCELED: events.EnrollmentCanceled,
} as const satisfies Record<EnrollmentStatus, unknown>

// Being resumed may lead to COMPLETED, but nobody has completed anything then.
function eventOf(from: EnrollmentStatus, to: EnrollmentStatus, reason: Reason) {
  const resumed = from === 'SUSPENDED' && (to === 'ACTIVE' || reason === 'resumed' || reason === 'dispute_won')
  return resumed ? events.EnrollmentResumed : becoming[to]
}
