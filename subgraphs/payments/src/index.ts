import { defineSubgraph } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { config } from './config.ts'
import { paymentFeed } from './feed.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const payments = defineSubgraph({
  name: 'payments',
  config,
  store,
  resolvers,
  publishes: [topics.payments, topics.audit],
  feeds: [paymentFeed],
})
