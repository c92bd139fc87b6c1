import { hash } from '@node-rs/argon2'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
})
afterAll(() => school.stop())

const payload = 'accessToken refreshToken expiresIn user { id status deletionScheduledAt }'

test('the e-mail address, the username and the phone number all name the account', async () => {
  const ada = await school.register()
  await school.sql(`UPDATE account SET username = 'ada', phone = '+49301234567' WHERE id = $1`, [ada.id])
  for (const identifier of [ada.email.toUpperCase(), 'Ada', '+49 30 1234567']) {
    const { data, codes } = await school.change('login', { identifier, password: ada.password }, payload)
    expect(codes).toEqual([])
    expect(data.user.id).toBe(ada.id)
  }
})

test('A10: an access token says who, in which session, with which rights and for how long', async () => {
  const ada = await school.register()
  const { data } = await school.change('login', { identifier: ada.email, password: ada.password }, payload)
  const { claims } = await school.verify(data.accessToken)
  const now = Math.floor(school.clock.now().getTime() / 1000)
  const [session] = await school.sql<{ id: string }>('SELECT id FROM session WHERE account_id = $1 ORDER BY id DESC LIMIT 1', [ada.id])
  expect(claims).toEqual({
    iss: 'stellr',
    aud: 'stellr',
    sub: ada.id,
    sid: session?.id,
    role: 'STUDENT',
    scope: 'learn',
    ver: 1,
    iat: now,
    nbf: now,
    exp: now + 300,
    jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
  })
})

test('A08: a wrong password and an unknown account answer alike, and after the same work', async () => {
  const ada = await school.register()
  const ask = (identifier: string) => school.change('login', { identifier, password: 'not the password' }, payload)
  const replies = await Promise.all([ada.email, 'nobody@example.org', 'nobody', '+49301111111'].map(ask))
  for (const { data, errors } of replies) expect([data, errors]).toEqual([null, replies[0]?.errors])
  expect(replies[0]?.codes).toEqual(['UNAUTHENTICATED'])

  const known = await cpuOf(() => ask(ada.email))
  const unknown = await cpuOf(() => ask('nobody@example.org'))
  expect(unknown / known).toBeGreaterThan(0.5)
  expect(unknown / known).toBeLessThan(2)
})

test('A08: an account that was tried too often by another name answers like an unknown one, and after the same work', async () => {
  const narrow = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 6 } })
  const ada = await narrow.register()
  await narrow.sql(`UPDATE account SET username = 'ada' WHERE id = $1`, [ada.id])
  const ask = (identifier: string) => narrow.change('login', { identifier, password: ada.password }, payload)
  for (let times = 0; times < 6; times += 1) await narrow.change('login', { identifier: 'ada', password: 'not mine' }, payload)
  expect(await ask(ada.email)).toEqual(await ask('nobody@example.org'))

  const spent = await cpuOf(() => ask(ada.email))
  const unknown = await cpuOf(() => ask('nobody@example.org'))
  expect(unknown / spent).toBeGreaterThan(0.5)
  expect(unknown / spent).toBeLessThan(2)
  await narrow.stop()
})

test('a blocked account hears so only with the right password', async () => {
  const ada = await school.register()
  await school.sql(`UPDATE account SET status = 'BLOCKED' WHERE id = $1`, [ada.id])
  const ask = (password: string) => school.change('login', { identifier: ada.email, password }, payload)
  expect((await ask(ada.password)).codes).toEqual(['ACCOUNT_BLOCKED'])
  expect((await ask('not the password')).codes).toEqual(['UNAUTHENTICATED'])
})

test('a deleted account, and one without a password, are as good as unknown', async () => {
  for (const change of [`status = 'DELETED'`, 'password_hash = NULL']) {
    const ada = await school.register()
    await school.sql(`UPDATE account SET ${change} WHERE id = $1`, [ada.id])
    expect((await school.change('login', { identifier: ada.email, password: ada.password }, payload)).codes).toEqual(['UNAUTHENTICATED'])
  }
})

test.each([`status = 'BLOCKED'`, `password_hash = 'another'`])(
  'who was shut out (%s) while the password was checked does not get in',
  async (change) => {
    const ada = await school.register()
    // Holds the change back until somebody waits for the account.
    const changing = school.sql(`DO $$ BEGIN
    UPDATE account SET ${change} WHERE id = '${ada.id}';
    FOR tries IN 1..1000 LOOP
      PERFORM pg_stat_clear_snapshot();
      EXIT WHEN EXISTS (SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock');
      PERFORM pg_sleep(0.01);
    END LOOP;
  END $$`)
    const held = () => school.sql(`SELECT FROM pg_locks WHERE relation = 'account'::regclass AND mode = 'RowExclusiveLock' AND granted`)
    await expect.poll(held).not.toHaveLength(0)
    expect((await school.change('login', { identifier: ada.email, password: ada.password }, payload)).codes).toEqual(['UNAUTHENTICATED'])
    await changing
    expect(await school.sql('SELECT FROM session WHERE account_id = $1', [ada.id])).toHaveLength(1)
  },
)

test('the first sign-in is told once, however many come at once', async () => {
  const ada = await school.register()
  await school.sql('UPDATE account SET first_login_at = NULL WHERE id = $1', [ada.id])
  await Promise.all(Array.from({ length: 5 }, () => school.login(ada)))
  expect((await school.events(ada.id)).map(({ type }) => type)).toEqual(['user.registered', 'user.first_login'])
})

test('a password hashed at another cost is hashed again at sign-in, and still fits', async () => {
  const ada = await school.register()
  await school.sql('UPDATE account SET password_hash = $2 WHERE id = $1', [
    ada.id,
    await hash(ada.password, { memoryCost: 8192, timeCost: 1 }),
  ])
  await school.login(ada)
  const [account] = await school.sql<{ hash: string }>('SELECT password_hash AS hash FROM account WHERE id = $1', [ada.id])
  expect(account?.hash).toMatch(/m=19456,t=2,p=1/)
  await school.login(ada)
})

test('guesses at one account are limited, wherever they come from; the right password clears the count', async () => {
  const narrow = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 3 } })
  const ada = await narrow.register()
  const ask = async (password: string) => (await narrow.change('login', { identifier: ada.email, password }, payload)).codes[0] ?? 'in'
  const answers = []
  for (const password of ['wrong 1', 'wrong 2', ada.password, 'wrong 3', 'wrong 4', 'wrong 5', ada.password])
    answers.push(await ask(password))
  const no = 'UNAUTHENTICATED'
  expect(answers).toEqual([no, no, 'in', no, no, no, 'RATE_LIMITED'])
  await narrow.stop()
})

test('of many guesses at once no more than the limit are looked at', async () => {
  const narrow = await openSchool({ clock: manualClock(), settings: { loginPerAccount: 3 } })
  const guesses = Array.from({ length: 30 }, (_, at) => narrow.change('login', { identifier: 'nobody', password: `guess ${at}` }, payload))
  const codes = (await Promise.all(guesses)).flatMap(({ codes }) => codes)
  expect(codes.filter((code) => code === 'UNAUTHENTICATED')).toHaveLength(3)
  expect(codes.filter((code) => code === 'RATE_LIMITED')).toHaveLength(27)
  await narrow.stop()
})

/** Milliseconds of this process's work: unlike time, it does not depend on who else uses the machine. */
async function cpuOf(work: () => Promise<unknown>): Promise<number> {
  // The least of five: the process collects garbage and does other things now and then.
  let least = Infinity
  for (let times = 0; times < 5; times += 1) {
    const before = process.cpuUsage()
    await work()
    const { user, system } = process.cpuUsage(before)
    least = Math.min(least, (user + system) / 1000)
  }
  return least
}
