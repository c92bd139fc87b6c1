import { defineProjection } from '@stellr/kit'
import { courses } from '@stellr/schema/events/topics'
import { onCourse } from './consumers.ts'
import type { Store } from './store.ts'

/** What each course offers. How many learn in it is counted from this domain's own enrollments. */
export const offersProjection = defineProjection<Store>({
  name: 'offers',
  topic: courses,
  consumers: onCourse,
  version: async (tx, courseId) => (await tx.findOffer(courseId))?.aggregateVersion ?? null,
  // The row stays: the number of learners in it does not come from the topic.
  reset: (tx, courseId) => tx.distrustOffer(courseId),
  remove: (tx, courseId) => tx.removeOffer(courseId),
  aggregates: (tx, after, limit) => tx.offerIds(after, limit),
  async recount(store) {
    let wrong = 0
    for (const courseId of await store.doubtfulCounts()) {
      wrong += await store.transaction(async (tx) => {
        await tx.lockOffer(courseId)
        return Number(await tx.recountLearners(courseId))
      })
    }
    return wrong
  },
})
