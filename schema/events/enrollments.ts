import { defineEvent, type EventDef } from '@stellr/kit'
import { z } from 'zod'
import { price } from './money.ts'
import { enrollments, refundRequests } from './topics.ts'

const status = z.enum(['PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'])

const enrollment = z
  .looseObject({
    enrollmentId: z.uuid(),
    userId: z.uuid(),
    courseId: z.uuid(),
    instructorId: z.uuid(),
    courseVersion: z.int().positive().describe('The version of the course that is learned.'),
    status,
    previousStatus: status
      .nullable()
      .describe('The status before this event; null for a new enrollment, and the same as `status` when another fact changed.'),
    attempt: z.int().positive().describe('1 for the first enrollment of this person in this course.'),
    enrolledAt: z.iso.datetime(),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .describe('From then on the enrollment counts as expired, whether or not an event says so; null: never.'),
    price: price.describe('What the course cost when they enrolled.'),
    paymentId: z.uuid().nullable().optional().describe('The payment that gave access; null when none did or was needed.'),
  })
  .meta({ title: 'Enrollment', description: 'The whole enrollment, after the change.' })

function enrollmentEvent(happened: string, description: string): EventDef<typeof enrollment> {
  return defineEvent(`enrollment.${happened}`, 1, enrollments, enrollment, `${description} Aggregate: the enrollment.`)
}

export const EnrollmentCreated = enrollmentEvent('created', 'Somebody enrolled: ACTIVE in a free course, PENDING_PAYMENT in another.')
export const EnrollmentActivated = enrollmentEvent('activated', 'It was paid for.')
export const EnrollmentSuspended = enrollmentEvent('suspended', 'The course is withheld from the learner for the time being.')
export const EnrollmentResumed = enrollmentEvent('resumed', 'The course is open to the learner again.')
export const EnrollmentCompleted = enrollmentEvent('completed', 'Every required lesson is complete.')
export const EnrollmentDropped = enrollmentEvent('dropped', 'The learner gave up.')
export const EnrollmentRefunded = enrollmentEvent('refunded', 'The money went back.')
export const EnrollmentCanceled = enrollmentEvent('canceled', 'It was not paid for in time.')
export const EnrollmentExpired = enrollmentEvent('expired', 'The time for which the course was open is over.')
export const EnrollmentVersionAdopted = enrollmentEvent('version_adopted', 'The learner went over to the latest version.')

export const RefundRequested = defineEvent(
  'refund.requested',
  1,
  refundRequests,
  z.looseObject({
    paymentId: z.uuid(),
    enrollmentId: z.uuid().describe('What it was begun for.'),
    userId: z.uuid(),
    courseId: z.uuid(),
    reason: z
      .enum(['late_payment', 'already_enrolled'])
      .describe('It came when the enrollment had ended and the offer no longer held; or the course was open to the payer already.'),
  }),
  'A payment was made that can give access to nothing: all of it must go back. Aggregate: the payment, version 1.',
)

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
