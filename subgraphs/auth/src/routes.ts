import type { SubgraphDefinition } from '@stellr/kit'
import type { config } from './config.ts'
import type { Services } from './services.ts'
import type { Store } from './store.ts'

// Well below the time in which a new key is published but does not sign yet.
const JWKS_MAX_AGE_SECONDS = 30

/** Plain HTTP: the public keys that verify access tokens (RFC 7517). */
export const routes: NonNullable<SubgraphDefinition<typeof config, Store, Services>['routes']> = (app, backstage) => {
  app.get('/.well-known/jwks.json', async (_request, reply) => {
    const { keys } = backstage().services
    return reply
      .header('cache-control', `public, max-age=${JWKS_MAX_AGE_SECONDS}`)
      .type('application/json')
      .send(await keys.published())
  })
}
