import { defineFeed, feedBigInt, feedMoment, type Entry } from '@stellr/kit'
import { z } from 'zod'

const status = z.enum(['PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'])

const enrollment = z.object({
  id: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid(),
  instructorId: z.uuid(),
  courseVersion: z.int(),
  status,
  attempt: z.int(),
  enrolledAt: feedMoment,
  accessDays: z.int().nullable(),
  expiresAt: feedMoment.nullable(),
  priceAmount: feedBigInt,
  priceCurrency: z.string(),
  payBy: feedMoment.nullable().default(null),
  paymentId: z.uuid().nullable().default(null),
  version: z.int(),
  createdAt: feedMoment,
  updatedAt: feedMoment,
})

const transition = z.object({
  id: z.uuid(),
  enrollmentId: z.uuid(),
  version: z.int(),
  from: status.nullable(),
  to: status,
  reason: z.string(),
  actorId: z.uuid().nullable(),
  eventId: z.uuid().nullable(),
  paymentId: z.uuid().nullable().default(null),
  at: feedMoment,
})

/** What a learner's enrollments became: its stream is the learner's id. Written with each change. */
export const enrollmentFeed = defineFeed('enrollments', {
  keepHours: 7 * 24,
  // Without a transition, something else than the status changed.
  data: z.object({ enrollment, transition: transition.nullable() }),
})

/**
 * What learners do in a course: its stream is the course's id. Written by a consumer, as those who enroll in a popular course
 * would wait for each other at its head.
 */
export const courseActivityFeed = defineFeed('course-activity', {
  keepHours: 72,
  data: z.object({
    kind: z.enum(['ENROLLED', 'LESSON_COMPLETED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED']),
    enrollmentId: z.uuid(),
    lessonId: z.uuid().nullable(),
    at: feedMoment,
  }),
})

export type EnrollmentEntry = Entry<z.output<typeof enrollmentFeed.data>>
export type ActivityEntry = Entry<z.output<typeof courseActivityFeed.data>>
