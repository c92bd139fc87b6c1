import { createLimiter, defineSubgraph, limitSetting } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { z } from 'zod'
import { onCourse, onCourseCompleted, onEnrollment } from './consumers.ts'
import { recordExpired } from './jobs.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const enrollments = defineSubgraph({
  name: 'enrollments',
  config: z.object({
    changesPerUser: limitSetting('ENROLLMENT_CHANGES_PER_USER', 120, 'changes of enrollments a user may make in a minute'),
  }),
  store,
  services: ({ settings }) => ({ limits: createLimiter({ changes: { points: settings.changesPerUser, seconds: 60 } }) }),
  resolvers,
  publishes: [topics.enrollments, topics.audit],
  consumers: [...onCourse, onCourseCompleted, ...onEnrollment],
  jobs: [recordExpired],
})
