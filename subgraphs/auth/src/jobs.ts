import { defineJob, plusSeconds } from '@stellr/kit'
import type { Services } from './services.ts'
import type { Store } from './store.ts'

const HOUR = 60 * 60
const DAY = 24 * HOUR

/** Replaces the key that signs access tokens when it is old enough, and forgets those that nothing needs any more. */
export const rotateSigningKeys = defineJob<Store, Services>({
  name: 'rotate-signing-keys',
  everySeconds: HOUR,
  async run({ clock, services, store }) {
    const now = clock.now()
    await services.keys.rotate(plusSeconds(now, -services.settings.keyRotationDays * DAY))
    await store.forgetExpiredSigningKeys(now)
  },
})

/** Forgets sessions and revocations that have run out: nothing asks for them again. */
export const forgetExpired = defineJob<Store, Services>({
  name: 'forget-expired',
  everySeconds: 10 * 60,
  async run({ clock, store }) {
    await store.forgetExpiredRevocations(clock.now())
    await store.forgetExpiredSessions(clock.now())
  },
})
