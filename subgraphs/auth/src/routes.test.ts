import { createHttpHost, createLogger } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { createLocalJWKSet, jwtVerify } from 'jose'
import { expect, test } from 'vitest'
import { openSchool } from './testing/school.ts'

test('anybody can verify an access token by /.well-known/jwks.json, which holds nothing private', async () => {
  const school = await openSchool({ clock: manualClock() })
  const app = createHttpHost({ name: 'auth', log: createLogger({ name: 'auth', level: 'silent' }), ready: () => school.running.ready() })
  school.running.routes(app)
  const ada = await school.register()

  const reply = await app.inject('/.well-known/jwks.json')
  expect(reply.headers).toMatchObject({
    'content-type': expect.stringContaining('application/json'),
    'cache-control': 'public, max-age=30',
  })
  const keys = reply.json()
  expect(keys.keys.flatMap(Object.keys)).not.toContain('d')
  const { payload } = await jwtVerify(ada.accessToken, createLocalJWKSet(keys), {
    issuer: 'stellr',
    audience: 'stellr',
    currentDate: school.clock.now(),
  })
  expect(payload.sub).toBe(ada.id)
  await app.close()
  await school.stop()
})
