import { defineProjection } from '@stellr/kit'
import { enrollments } from '@stellr/schema/events/topics'
import { onEnrollmentEvents } from './consumers.ts'
import type { Store } from './store.ts'

/** Who may read what, and how many learn in each course. */
export const enrollmentsProjection = defineProjection<Store>({
  name: 'enrollments',
  topic: enrollments,
  consumers: onEnrollmentEvents,
  version: async (tx, id) => (await tx.enrollment(id))?.version ?? null,
  // The row stays: what it was tells by how much the count of learners changes.
  reset: (tx, id) => tx.distrustEnrollment(id),
  remove: (tx, id) => tx.removeEnrollment(id),
  aggregates: (tx, after, limit) => tx.enrollmentIds(after, limit),
  async recount(store) {
    let wrong = 0
    for (const courseId of await store.miscountedCourses()) {
      wrong += await store.transaction(async (tx) => {
        await tx.lockCourse(courseId)
        return Number(await tx.recountLearners(courseId))
      })
    }
    return wrong
  },
})
