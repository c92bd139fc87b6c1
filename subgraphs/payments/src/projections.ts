import { defineProjection } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { onCourse, onEnrollment } from './consumers.ts'
import type { Store } from './store.ts'

/** Who learns what at which price. How far they are comes from another topic: no row is taken away. */
export const enrollmentsProjection = defineProjection<Store>({
  name: 'enrollments',
  topic: topics.enrollments,
  consumers: onEnrollment,
  version: async (tx, id) => (await tx.findEnrollment(id))?.version ?? null,
  reset: (tx, id) => tx.distrustEnrollment(id),
  aggregates: (tx, after, limit) => tx.enrollmentIds(after, limit),
})

/** What courses are called. */
export const coursesProjection = defineProjection<Store>({
  name: 'courses',
  topic: topics.courses,
  consumers: onCourse,
  version: async (tx, id) => (await tx.findCourse(id))?.version ?? null,
  reset: (tx, id) => tx.distrustCourse(id),
  remove: (tx, id) => tx.removeCourse(id),
  aggregates: (tx, after, limit) => tx.courseIds(after, limit),
})
