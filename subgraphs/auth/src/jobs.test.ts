import { createLogger } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backstage } from './context.ts'
import { forgetExpired } from './jobs.ts'
import { openSchool, type School } from './testing/school.ts'

const DAY = 24 * 60 * 60

const clock = manualClock()
let school: School
beforeAll(async () => {
  school = await openSchool({ clock, settings: { sessionDays: 30 } })
})
afterAll(() => school.stop())

function backstage(): Backstage {
  const signal = new AbortController().signal
  const context = school.running.context({ viewer: { kind: 'anonymous' }, caller: { ipAddress: null, userAgent: null }, signal })
  // The kit knows the subgraph's store and services by no type.
  return { ...(context as unknown as Backstage), log: createLogger({ name: 'auth', level: 'silent' }) }
}

const count = async (table: string) => (await school.sql<{ count: number }>(`SELECT count(*)::int AS count FROM ${table}`))[0]?.count

test('sessions and revocations that have run out are forgotten, the others kept', async () => {
  const ada = await school.register()
  await school.change('logoutEverywhere', null, 'revokedSessions', ada.viewer)
  clock.advance(DAY)
  const later = await school.login(ada)
  await school.change('logoutEverywhere', { keepCurrent: true }, 'revokedSessions', (await school.login(ada)).viewer)
  clock.advance(29 * DAY + 1)
  expect([await count('session'), await count('revocation')]).toEqual([3, 2])
  await forgetExpired.run(backstage())
  expect([await count('session'), await count('revocation')]).toEqual([2, 0])
  expect(await school.sql('SELECT id FROM session WHERE id = $1', [later.viewer.sessionId])).toHaveLength(1)
  clock.advance(DAY)
  for (const _time of [1, 2]) await forgetExpired.run(backstage())
  expect(await count('session')).toBe(0)
})
