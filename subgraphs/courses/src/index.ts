import { createLimiter, defineSubgraph, limitSetting } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { z } from 'zod'
import { onEnrollmentEvents } from './consumers.ts'
import type { Facets } from './catalogue/facets.ts'
import { createRecent } from './catalogue/recent.ts'
import { enrollmentsProjection } from './projections.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const courses = defineSubgraph({
  name: 'courses',
  config: z.object({
    changesPerUser: limitSetting('COURSE_CHANGES_PER_USER', 120, 'changes a user may make in a minute'),
    facetsKeptSeconds: z.coerce.number().min(0).default(30).meta({ description: 'How old the facets of the catalogue may be' }),
  }),
  store,
  services: ({ settings, clock }) => ({
    limits: createLimiter({ changes: { points: settings.changesPerUser, seconds: 60 } }),
    facets: createRecent<Facets>({ seconds: settings.facetsKeptSeconds, limit: 1000, clock }),
  }),
  resolvers,
  publishes: [topics.courses, topics.courseVersions, topics.reviews, topics.audit],
  consumers: onEnrollmentEvents,
  projections: [enrollmentsProjection],
})
