import { defineSubgraph } from '@stellr/kit'
import { audit, sessions, users } from '@stellr/schema/events/topics'
import { config } from './config.ts'
import { ensureFirstAdmin } from './first-admin.ts'
import { forgetExpired, rotateSigningKeys } from './jobs.ts'
import { resolvers } from './resolvers.ts'
import { routes } from './routes.ts'
import { createServices } from './services.ts'
import { store } from './store.ts'

export { openAuth } from './offline.ts'
export { createAdmin } from './use-cases/create-admin.ts'

export const auth = defineSubgraph({
  name: 'auth',
  config,
  store,
  services: async (tools) => {
    const services = await createServices(tools)
    await services.keys.ensure()
    await ensureFirstAdmin({ ...tools, store: tools.store(), services, signal: new AbortController().signal })
    return services
  },
  resolvers,
  publishes: [users, sessions, audit],
  jobs: [rotateSigningKeys, forgetExpired],
  routes,
})
