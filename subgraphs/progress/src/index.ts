import { createLimiter, defineSubgraph, limitSetting } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { z } from 'zod'
import { onEnrollmentChanged, onProfileUpdated, onVersionPublished } from './consumers.ts'
import { progressFeed } from './feed.ts'
import { enrollmentsProjection, outlinesProjection } from './projections.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const progress = defineSubgraph({
  name: 'progress',
  config: z.object({
    changesPerUser: limitSetting('PROGRESS_CHANGES_PER_USER', 240, 'lessons and batches of progress a user may report in a minute'),
  }),
  store,
  services: ({ settings }) => ({ limits: createLimiter({ changes: { points: settings.changesPerUser, seconds: 60 } }) }),
  resolvers,
  publishes: [topics.progress, topics.audit],
  feeds: [progressFeed],
  consumers: [onVersionPublished, ...onEnrollmentChanged, onProfileUpdated],
  projections: [outlinesProjection, enrollmentsProjection],
})
