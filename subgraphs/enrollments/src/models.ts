import type { Tally } from './store.ts'

export type { ActivityEntry, EnrollmentEntry } from './feeds.ts'
export type { EnrollmentRow, EnrollmentStatus, OfferRow, RefundReason, TransitionRow } from './store.ts'

export interface UserRef {
  readonly id: string
}

export interface PaymentRef {
  readonly id: string
}

export interface CourseRef {
  readonly id: string
}

export interface VersionRef {
  readonly courseId: string
  readonly number: number
}

/** The caller's own. */
export interface DashboardRef {
  readonly id: string
  /** Counted once, however many fields ask. */
  tally(): Promise<Tally>
}
