import { defineEvent } from '@stellr/kit'
import { z } from 'zod'
import { price } from './money.ts'
import { enrollments } from './topics.ts'

const status = z.enum(['PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'])

/** The whole enrollment, after the change. Aggregate: the enrollment. */
const enrollment = z.looseObject({
  enrollmentId: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid(),
  instructorId: z.uuid(),
  /** The version of the course that is learned. */
  courseVersion: z.int().positive(),
  status,
  /** The status before this event; null for a new enrollment, and the same as `status` when another fact changed. */
  previousStatus: status.nullable(),
  /** 1 for the first enrollment of this person in this course. */
  attempt: z.int().positive(),
  enrolledAt: z.iso.datetime(),
  /** From then on the enrollment counts as expired, whether or not an event says so; null: never. */
  expiresAt: z.iso.datetime().nullable(),
  /** What the course cost when they enrolled. */
  price,
})

/** Somebody enrolled: ACTIVE in a free course, PENDING_PAYMENT in another. */
export const EnrollmentCreated = defineEvent('enrollment.created', 1, enrollments, enrollment)
/** It was paid for. */
export const EnrollmentActivated = defineEvent('enrollment.activated', 1, enrollments, enrollment)
export const EnrollmentSuspended = defineEvent('enrollment.suspended', 1, enrollments, enrollment)
export const EnrollmentResumed = defineEvent('enrollment.resumed', 1, enrollments, enrollment)
export const EnrollmentCompleted = defineEvent('enrollment.completed', 1, enrollments, enrollment)
export const EnrollmentDropped = defineEvent('enrollment.dropped', 1, enrollments, enrollment)
export const EnrollmentRefunded = defineEvent('enrollment.refunded', 1, enrollments, enrollment)
export const EnrollmentCanceled = defineEvent('enrollment.canceled', 1, enrollments, enrollment)
export const EnrollmentExpired = defineEvent('enrollment.expired', 1, enrollments, enrollment)
/** The learner went over to the latest version. */
export const EnrollmentVersionAdopted = defineEvent('enrollment.version_adopted', 1, enrollments, enrollment)

/** Every event of an enrollment: each carries the whole state, so a projection treats them alike. */
export const enrollmentEvents = [
  EnrollmentCreated,
  EnrollmentActivated,
  EnrollmentSuspended,
  EnrollmentResumed,
  EnrollmentCompleted,
  EnrollmentDropped,
  EnrollmentRefunded,
  EnrollmentCanceled,
  EnrollmentExpired,
  EnrollmentVersionAdopted,
] as const
