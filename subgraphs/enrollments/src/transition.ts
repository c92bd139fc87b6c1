import { plusSeconds } from '@stellr/kit'
import * as events from '@stellr/schema/events/enrollments'
import { announce } from './announce.ts'
import type { Tx } from './context.ts'
import type { EnrollmentRow, EnrollmentStatus, TransitionRow } from './models.ts'
import { effectiveStatus, transitions } from './status.ts'

/** Why a status changes, as clients are told. */
export type Reason = 'enrolled' | 'enrolled_by_admin' | 'dropped' | 'suspended' | 'resumed' | 'course_completed' | 'expired'

export interface Cause {
  reason: Reason
  /** Null when the platform does it. */
  actorId: string | null
  /** The event of another domain that makes it happen. */
  eventId?: string
  now: Date
}

/**
 * The one way in which a status changes: row, log and event together. The row's lock must be held. Throws CONFLICT where
 * the table knows no such way; an enrollment whose time is over counts as EXPIRED, and can only become that.
 */
export async function transition(tx: Tx, row: EnrollmentRow, to: EnrollmentStatus, cause: Cause): Promise<EnrollmentRow> {
  const counted = effectiveStatus(row, cause.now)
  transitions.require(to === 'EXPIRED' && counted === 'EXPIRED' ? row.status : counted, to)
  const begins = row.status === 'PENDING_PAYMENT' && to === 'ACTIVE'
  const change = { status: to, ...(begins && { expiresAt: accessEnd(cause.now, row.accessDays) }) }
  const changed = await tx.changeEnrollment(row.id, change, cause.now)
  const noted = await note(tx, changed, row.status, cause)
  await announce(tx, eventOf(row.status, to, cause.reason), changed, { previousStatus: row.status, transition: noted })
  return changed
}

/** Keeps what happened to an enrollment's status: its row has been written. */
export async function note(tx: Tx, row: EnrollmentRow, from: EnrollmentStatus | null, cause: Cause): Promise<TransitionRow> {
  const { reason, actorId, eventId = null, now: at } = cause
  return tx.addTransition({ enrollmentId: row.id, version: row.version, from, to: row.status, reason, actorId, eventId, at })
}

/** When access that begins now ends; null: never. */
export function accessEnd(now: Date, accessDays: number | null): Date | null {
  return accessDays === null ? null : plusSeconds(now, accessDays * DAY_SECONDS)
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
  const resumed = from === 'SUSPENDED' && (to === 'ACTIVE' || reason === 'resumed')
  return resumed ? events.EnrollmentResumed : becoming[to]
}
