import { defineTransitions } from '@stellr/kit'
import type { EnrollmentRow, EnrollmentStatus } from './models.ts'

/** Which status of an enrollment may follow which. */
export const transitions = defineTransitions<EnrollmentStatus>({
  PENDING_PAYMENT: ['ACTIVE', 'CANCELED'],
  ACTIVE: ['SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED'],
  SUSPENDED: ['ACTIVE', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED'],
  COMPLETED: ['SUSPENDED', 'REFUNDED'],
  DROPPED: ['REFUNDED'],
  EXPIRED: ['REFUNDED'],
  REFUNDED: [],
  CANCELED: [],
})

/**
 * What an enrollment counts as at a moment. A row keeps its status for up to a minute after its time was over, until the
 * job records it: whoever decides or shows anything by `row.status` gives access for too long.
 */
export function effectiveStatus({ status, expiresAt }: Pick<EnrollmentRow, 'status' | 'expiresAt'>, now: Date): EnrollmentStatus {
  const mayExpire = transitions.allows(status, 'EXPIRED')
  return mayExpire && expiresAt !== null && expiresAt <= now ? 'EXPIRED' : status
}

/** Those of learners. Suspended ones are: they are expected back. */
export const learnerStatuses: readonly EnrollmentStatus[] = ['ACTIVE', 'SUSPENDED', 'COMPLETED']

/** Whether such an enrollment counts as a learner of its course. */
export function isLearner(status: EnrollmentStatus | null): boolean {
  return status !== null && learnerStatuses.includes(status)
}
