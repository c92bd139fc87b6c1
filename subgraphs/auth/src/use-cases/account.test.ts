import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterAll(() => school.stop())

const refreshes = async (refreshToken: string) => (await school.change('refreshSession', { refreshToken }, 'expiresIn')).codes.length === 0
const changePassword = (who: Person, currentPassword: string, newPassword = 'another password') =>
  school.change(
    'changePassword',
    { currentPassword, newPassword },
    'accessToken refreshToken revokedSessions user { id email }',
    who.viewer,
  )
const deleteAccount = (who: Person, password = who.password) =>
  school.change('deleteAccount', { password }, 'deletionScheduledAt', who.viewer)
const keep = (who: Person) =>
  school.change('cancelAccountDeletion', { reason: 'stay' }, 'user { id status deletionScheduledAt }', who.viewer)
const accountOf = async ({ id }: Person) => (await school.sql('SELECT * FROM account WHERE id = $1', [id]))[0]

test('A03: a new password signs everyone out but the device that set it', async () => {
  const ada = await school.register()
  const phone = await school.login(ada)
  const { data, errors } = await changePassword(ada, ada.password)
  expect(errors).toEqual([])
  expect(data).toMatchObject({ revokedSessions: 2, user: { id: ada.id, email: ada.email } })
  for (const token of [ada.refreshToken, phone.refreshToken]) expect(await refreshes(token)).toBe(false)
  expect(await refreshes(data.refreshToken)).toBe(true)
  expect((await school.verify(data.accessToken)).claims['ver']).toBe(2)
  expect(await school.sql('SELECT min_ver FROM revocation WHERE account_id = $1', [ada.id])).toEqual([{ min_ver: 2 }])
  await school.login({ email: ada.email, password: 'another password' })
  await expect(school.login(ada)).rejects.toThrow('UNAUTHENTICATED')
})

test('a wrong password changes nothing', async () => {
  const ada = await school.register()
  const before = await accountOf(ada)
  expect((await changePassword(ada, 'not the password')).codes).toEqual(['FORBIDDEN'])
  expect((await deleteAccount(ada, 'not the password')).codes).toEqual(['FORBIDDEN'])
  expect(await accountOf(ada)).toEqual(before)
  expect(await refreshes(ada.refreshToken)).toBe(true)
})

test('of two new passwords at once one is set, and the other hears CONFLICT', async () => {
  const ada = await school.register()
  // Holds both back until each has confirmed the old password and waits for the account.
  const waiting = `(SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock')`
  const holding = school.sql(`DO $$ BEGIN
    PERFORM FROM account WHERE id = '${ada.id}' FOR UPDATE;
    FOR tries IN 1..3000 LOOP
      PERFORM pg_stat_clear_snapshot();
      EXIT WHEN ${waiting} = 2;
      PERFORM pg_sleep(0.01);
    END LOOP;
  END $$`)
  const held = () => school.sql(`SELECT FROM pg_locks WHERE relation = 'account'::regclass AND mode = 'RowShareLock' AND granted`)
  await expect.poll(held).not.toHaveLength(0)
  const replies = await Promise.all(['password one', 'password two'].map((password) => changePassword(ada, ada.password, password)))
  await holding
  expect(replies.flatMap(({ codes }) => codes)).toEqual(['CONFLICT'])
  const set = replies[0]?.codes.length === 0 ? 'password one' : 'password two'
  await school.login({ email: ada.email, password: set })
})

test('whoever leaves is signed out, has thirty days, and signs in without rights meanwhile', async () => {
  const ada = await school.register()
  const { data } = await deleteAccount(ada)
  const until = new Date(school.clock.now().getTime() + 30 * 86_400_000).toISOString()
  expect(data.deletionScheduledAt).toBe(until)
  expect(await refreshes(ada.refreshToken)).toBe(false)

  const back = await school.login(ada)
  expect(back.viewer.scopes).toEqual([])
  expect((await keep(back)).data.user).toEqual({ id: ada.id, status: 'ACTIVE', deletionScheduledAt: null })
  const { data: refreshed } = await school.change('refreshSession', { refreshToken: back.refreshToken }, 'accessToken')
  expect((await school.verify(refreshed.accessToken)).viewer.scopes).toEqual(['learn'])
  expect((await keep(back)).codes).toEqual(['CONFLICT'])
  expect((await school.events(ada.id)).map(({ type }) => type)).toEqual([
    'user.registered',
    'user.deletion_requested',
    'user.deletion_canceled',
  ])
})

test('asking twice, or at once, keeps the first date and tells it once', async () => {
  const ada = await school.register()
  const replies = await Promise.all(Array.from({ length: 5 }, () => deleteAccount(ada)))
  expect(replies.flatMap(({ codes }) => codes)).toEqual([])
  expect(new Set(replies.map(({ data }) => data.deletionScheduledAt)).size).toBe(1)
  expect((await school.events(ada.id)).map(({ type }) => type)).toEqual(['user.registered', 'user.deletion_requested'])
})

test('a blocked account cannot be deleted by who still holds a token of it', async () => {
  const ada = await school.register()
  await school.sql(`UPDATE account SET status = 'BLOCKED' WHERE id = $1`, [ada.id])
  expect((await deleteAccount(ada)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await changePassword(ada, ada.password)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await keep(ada)).codes).toEqual(['CONFLICT'])
})

test('the last administrator cannot leave', async () => {
  const admin = await school.registerAdmin()
  expect((await deleteAccount(admin)).codes).toEqual(['CONFLICT'])
  await school.registerAdmin()
  expect((await deleteAccount(admin)).codes).toEqual([])
})
