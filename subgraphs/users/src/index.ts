import { createLimiter, defineSubgraph, limitSetting } from '@stellr/kit'
import * as topics from '@stellr/schema/events/topics'
import { z } from 'zod'
import { onFirstLogin, onRoleChanged, onUserRegistered } from './consumers.ts'
import { resolvers } from './resolvers.ts'
import { store } from './store.ts'

export const users = defineSubgraph({
  name: 'users',
  config: z.object({
    changesPerUser: limitSetting(
      'PROFILE_CHANGES_PER_USER',
      60,
      'changes of profile, preferences and onboarding a user may make in a minute',
    ),
  }),
  store,
  services: ({ settings }) => ({ limits: createLimiter({ changes: { points: settings.changesPerUser, seconds: 60 } }) }),
  resolvers,
  publishes: [topics.users, topics.audit],
  consumers: [onUserRegistered, onFirstLogin, onRoleChanged],
})
