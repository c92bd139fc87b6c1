import { UserRegistered } from '@stellr/schema/events/auth'
import { ProfileUpdated } from '@stellr/schema/events/users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { newId, openSchool, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const registers = (userId: string) => {
  const data = { userId, name: 'Ada', role: 'STUDENT', firstLoginAt: null } as const
  return school.publish(UserRegistered, { id: userId, version: 1 }, data)
}
const calls = (userId: string, name: string, version: number) => {
  const data = { userId, name, avatarUrl: null, locale: 'en', timeZone: 'UTC' }
  return school.publish(ProfileUpdated, { id: userId, version }, data)
}
const nameOf = async (userId: string) =>
  (await school.sql<{ name: string }>('SELECT name FROM payer WHERE user_id = $1', [userId]))[0]?.name ?? null

test('a receipt is for whom somebody said to be when they registered, or later', async () => {
  const [never, once, first] = [newId(), newId(), newId()]
  for (const id of [never, once]) await registers(id)
  await calls(once, 'Ada Lovelace', 2)
  // In another order than it happened.
  await calls(first, 'Countess Lovelace', 3)
  await calls(first, 'Ada Lovelace', 2)
  await registers(first)
  expect(await Promise.all([never, once, first, newId()].map(nameOf))).toEqual(['Ada', 'Ada Lovelace', 'Countess Lovelace', null])
})
