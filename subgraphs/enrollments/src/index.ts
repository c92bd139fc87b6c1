import { createLimiter, defineSubgraph, limitSetting } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { z } from 'zod'
import { onEnrollmentActivity, onLessonCompleted } from './activity.ts'
import { onCourse, onCourseCompleted, onEnrollment, onPayment } from './consumers.ts'
import { courseActivityFeed, enrollmentFeed } from './feeds.ts'
import { cancelUnpaid, recordExpired } from './jobs.ts'
import { offersProjection } from './projections.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const enrollments = defineSubgraph({
  name: 'enrollments',
  config: z.object({
    changesPerUser: limitSetting('ENROLLMENT_CHANGES_PER_USER', 120, 'changes of enrollments a user may make in a minute'),
    unpaidAfterMinutes: z.coerce
      .number()
      .int()
      .min(1)
      .max(10_080)
      .default(30)
      .meta({ description: 'Minutes after which an enrollment that nobody has paid for, or is paying for, is canceled' }),
  }),
  store,
  services: ({ settings }) => ({
    limits: createLimiter({ changes: { points: settings.changesPerUser, seconds: 60 } }),
    unpaidAfterMinutes: settings.unpaidAfterMinutes,
  }),
  resolvers,
  publishes: [topics.enrollments, topics.refundRequests, topics.audit],
  feeds: [enrollmentFeed, courseActivityFeed],
  consumers: [...onCourse, onCourseCompleted, ...onPayment, ...onEnrollment, ...onEnrollmentActivity, onLessonCompleted],
  projections: [offersProjection],
  jobs: [recordExpired, cancelUnpaid],
})
