import { defineSubgraph } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { config } from './config.ts'
import { onCourse, onDropped, onEnrollment, onEnrollmentClosedToPaying, onProgress, onRefundRequested } from './consumers.ts'
import { paymentFeed } from './feed.ts'
import { forgetOld, reconcile, sweepNotices } from './jobs.ts'
import { coursesProjection, enrollmentsProjection } from './projections.ts'
import { onProfileUpdated, onUserRegistered } from './receipts/payers.ts'
import { resolvers } from './resolvers.ts'
import { routes } from './routes.ts'
import { createServices } from './services.ts'
import { store } from './store.ts'

export { openProvider } from './offline.ts'
export type { Provider, ProviderPayment } from './providers/provider.ts'
export { outcomeOf, type Fact } from './status.ts'

export const payments = defineSubgraph({
  name: 'payments',
  config,
  store,
  services: createServices,
  resolvers,
  publishes: [topics.payments, topics.audit],
  feeds: [paymentFeed],
  consumers: [
    ...onCourse,
    ...onEnrollment,
    onProgress,
    ...onEnrollmentClosedToPaying,
    onDropped,
    onRefundRequested,
    onUserRegistered,
    onProfileUpdated,
  ],
  projections: [coursesProjection, enrollmentsProjection],
  jobs: [reconcile, sweepNotices, forgetOld],
  routes,
})
