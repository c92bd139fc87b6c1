import { systemRandom, type EventLog } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { openSchool, type School } from '../testkit/school.ts'
import { openLog, operate, operations, stateOf, tellTimeZones } from './operator.ts'

// While the constraint stands, progress cannot handle that somebody moved to Atlantis.
const POISON = 'Atlantic/Atlantis'

let school: School
let log: EventLog
beforeAll(async () => {
  school = await openSchool('one-process')
  log = await openLog(school.env)
})
afterAll(async () => {
  await log.close()
  await school.close()
})

beforeEach(() => progress(`ALTER TABLE learner ADD CONSTRAINT no_atlantis CHECK (time_zone <> '${POISON}')`))
afterEach(async () => {
  await repair()
  await progress('TRUNCATE stellr.parked')
})

const progress = (text: string, ...values: unknown[]) => query<Record<string, unknown>>(urlOf('progress'), text, values)
const urlOf = (domain: string) => school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? ''
const repair = () => progress('ALTER TABLE learner DROP CONSTRAINT IF EXISTS no_atlantis')
const events = (...argv: string[]) => operate(school.env, ...argv)
const timeZone = async (userId: string) => (await progress('SELECT time_zone FROM learner WHERE user_id = $1', userId))[0]?.['time_zone']

/** Somebody whose move to Atlantis is dead, and whose next move waits behind it. */
async function stranded() {
  const userId = systemRandom.id()
  const [, poison, next] = await tellTimeZones(log, userId, 'Europe/Paris', POISON, 'Asia/Tokyo')
  await school.settle()
  const rows = await progress(
    `UPDATE stellr.parked SET state = 'DEAD', tries = 5, next_try_at = NULL WHERE event ->> 'id' = $1 RETURNING id`,
    poison?.id,
  )
  const behind = await progress(`SELECT id FROM stellr.parked WHERE event ->> 'id' = $1`, next?.id)
  return { userId, eventId: poison?.id, id: String(rows[0]?.['id']), behind: String(behind[0]?.['id']) }
}

test('lag tells of every group, topic and partition, of outboxes, and of what is parked', async () => {
  await stranded()
  const { code, json } = await events('lag', '--json')
  expect(code).toBe(0)
  const topics = new Set(json.groups.map(({ group, topic }: Record<string, string>) => `${group} ${topic}`))
  expect([...topics]).toEqual([
    'users users',
    'courses enrollments',
    'enrollments courses',
    'enrollments enrollments',
    'enrollments payments',
    'enrollments progress',
    'progress course-versions',
    'progress enrollments',
    'progress users',
    'payments courses',
    'payments enrollments',
    'payments progress',
    'payments refund-requests',
    'payments users',
  ])
  expect(json.groups).toHaveLength(14 * 6)
  expect(json.groups.every(({ next, end, lag }: Record<string, number>) => next === end && lag === 0)).toBe(true)
  expect(json.domains).toContainEqual({ domain: 'progress', outbox: 0, oldestSeconds: 0, RETRYING: 0, BEHIND: 1, DEAD: 1 })
  const { out } = await events('lag')
  expect(out).toMatch(/^GROUP +TOPIC +PARTITION +NEXT +END +LAG$/m)
  expect(out).toMatch(/^progress +0 +0 s +0 +1 +1$/m)
})

test('lag counts what is not handled and not published, and a database that is away hides no other', async () => {
  await query(urlOf('events'), `UPDATE event_log.partition SET next_offset = next_offset + 7 WHERE topic = 'progress' AND partition = 2`)
  await query(
    urlOf('events'),
    `UPDATE event_log.group_offset SET paused_until = now() + interval '1 hour' WHERE topic = 'progress' AND partition = 2`,
  )
  await query(
    urlOf('auth'),
    `INSERT INTO stellr.outbox (event_id, topic, aggregate_type, aggregate_id, aggregate_version, event, created_at, published_at)
     VALUES (gen_random_uuid(), 'users', 'user', 'a', 1, '{}', now() - interval '1 hour', now())`,
  )
  const { code, err, out } = await operate({ ...school.env, USERS_DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' }, 'lag')
  await query(
    urlOf('events'),
    `UPDATE event_log.group_offset SET paused_until = now(), next_offset = next_offset + 7 WHERE topic = 'progress' AND partition = 2`,
  )
  await query(urlOf('auth'), `DELETE FROM stellr.outbox WHERE aggregate_id = 'a'`)
  expect(code).toBe(1)
  expect(err).toContain('users: ')
  expect(out).toMatch(/^enrollments +progress +2 +\d+ +\d+ +7$/m)
  expect(out).toMatch(/^auth +0 /m)
})

test('lag shows the outboxes also while the event log is away', async () => {
  const { code, err, json } = await operate({ ...school.env, EVENTS_DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' }, 'lag', '--json')
  expect(code).toBe(1)
  expect(err).toContain('event log: ')
  expect(json).toMatchObject({ groups: [], domains: { length: 6 } })
})

test('parked lists heads, the oldest first, and how many wait behind each', async () => {
  const [first, second] = [await stranded(), await stranded()]
  const { json } = await events('parked', '--json')
  expect(json).toMatchObject([
    { id: first.id, group: 'progress', state: 'DEAD', behind: 1, aggregateId: first.userId },
    { id: second.id, group: 'progress', state: 'DEAD', behind: 1 },
  ])
  expect((await events('parked', '--group', 'users')).out).toBe('Nothing is parked.')
  expect((await events('parked', '--state', 'RETRYING')).out).toBe('Nothing is parked.')
  expect((await events('parked', '--limit', '1')).out.split('\n')).toEqual([
    expect.stringMatching(/^ID +GROUP +STATE +EVENT +AGGREGATE +TRIES +BEHIND +SINCE +ERROR$/),
    expect.stringMatching(new RegExp(`^${first.id} +progress +DEAD +profile.updated v2 +${first.userId} +5 +1 +\\d s +.*no_atlantis`)),
  ])
})

test('what is parked is listed and found also while the database of another domain is away', async () => {
  const { id } = await stranded()
  const away = { ...school.env, USERS_DATABASE_URL: 'postgresql://127.0.0.1:1/nowhere' }
  const listed = await operate(away, 'parked', '--json')
  expect(listed).toMatchObject({ code: 1, err: expect.stringContaining('users: '), json: [{ id }] })
  expect((await operate(away, 'parked')).out).toContain(id)
  expect(await operate(away, 'show', id)).toMatchObject({ code: 0, out: expect.stringContaining(id) })
  // It may be there.
  const unknown = await operate(away, 'show', systemRandom.id())
  expect(unknown).toMatchObject({ code: 1, err: expect.stringContaining('users: ') })
})

test('show tells all of one: envelope, error, tries, times, and where the log held it', async () => {
  const { id, behind, eventId } = await stranded()
  const { out, json } = { ...(await events('show', id, '--json')), out: (await events('show', id)).out }
  expect(json).toMatchObject({
    id,
    state: 'DEAD',
    tries: 5,
    topic: 'users',
    partition: expect.any(Number),
    event: { id: eventId, type: 'profile.updated' },
  })
  for (const part of [id, 'no_atlantis', '5 failed', `"id": "${eventId}"`, 'topic users, partition']) {
    expect(out.replaceAll(/ +/g, ' ')).toContain(part)
  }
  expect((await events('show', behind)).out).toContain('it waits for the one before it')
})

test('a replay only says what it would do, until it is told to do it', async () => {
  const { id, userId } = await stranded()
  const before = await stateOf(school.env, 'progress')
  const dry = await events('replay', id)
  expect(dry).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Would replay .*profile\.updated v2.*; then 1 behind it\nNothing was changed/),
  })
  expect(await stateOf(school.env, 'progress')).toBe(before)
  expect(await timeZone(userId)).toBe('Europe/Paris')
})

test('a replay after the repair has its effect, those behind it follow, and the audit log tells of it once', async () => {
  const { id, userId, eventId } = await stranded()
  await repair()
  expect(await events('replay', id, '--yes')).toMatchObject({ code: 0, out: expect.stringContaining('1 replayed') })
  await expect.poll(() => timeZone(userId)).toBe('Asia/Tokyo')
  await expect.poll(async () => (await events('parked')).out).toBe('Nothing is parked.')
  expect(await events('replay', id, '--yes')).toMatchObject({ code: 1, err: expect.stringContaining(`No parked event has the id ${id}`) })
  await school.settle()
  expect((await operations(log)).filter(({ subjectId }) => subjectId === id)).toEqual([
    expect.objectContaining({
      action: 'events.replay',
      actorId: null,
      actorRole: null,
      subjectType: 'ParkedEvent',
      outcome: 'DONE',
      before: { group: 'progress', eventId, eventType: 'profile.updated', aggregateId: userId, state: 'DEAD', tries: 5 },
      after: expect.objectContaining({ state: 'RETRYING', tries: 0 }),
    }),
  ])
})

test('all heads of a group are replayed together', async () => {
  const all = [await stranded(), await stranded(), await stranded()]
  expect((await events('replay', '--group', 'progress', '--all', '--json')).json.would).toEqual(all.map(({ id }) => id))
  expect((await events('replay', '--group', 'users', '--all', '--yes')).out).toBe('Nothing is parked.')
  await repair()
  expect((await events('replay', '--group', 'progress', '--all', '--yes', '--json')).json.replayed).toEqual(all.map(({ id }) => id))
  for (const { userId } of all) await expect.poll(() => timeZone(userId)).toBe('Asia/Tokyo')
})

test('a discarded event never has its effect, and those behind it do', async () => {
  const { id, userId } = await stranded()
  const before = await stateOf(school.env, 'progress')
  expect(await events('discard', id)).toMatchObject({ code: 0, out: expect.stringContaining('1 behind it would go on without it') })
  expect(await stateOf(school.env, 'progress')).toBe(before)
  expect(await events('discard', id, '--yes')).toMatchObject({ code: 0, out: expect.stringContaining(POISON) })
  await expect.poll(() => timeZone(userId)).toBe('Asia/Tokyo')
  expect(await events('discard', id, '--yes')).toMatchObject({ code: 1, err: expect.stringContaining(id) })
  await school.settle()
  expect((await operations(log)).filter(({ subjectId }) => subjectId === id)).toEqual([
    expect.objectContaining({ action: 'events.discard', before: expect.objectContaining({ state: 'DEAD' }), after: null }),
  ])
})

test('one that only waits can be neither replayed nor discarded: the one before it is named', async () => {
  const { id, behind } = await stranded()
  for (const command of ['replay', 'discard']) {
    expect(await events(command, behind, '--yes')).toMatchObject({ code: 1, err: expect.stringContaining(id) })
  }
})

test.each([
  [[], 'pnpm events lag'],
  [['unknown'], 'No command is called unknown'],
  [['lag', 'extra'], 'One argument too many: extra'],
  [['lag', '--wrong'], '--wrong'],
  [['parked', '--group', 'nobody'], 'No group is called nobody'],
  [['parked', '--state', 'BEHIND'], 'RETRYING or DEAD'],
  [['parked', '--limit', '0'], '1 to 10000'],
  [['show'], 'Missing: <id>'],
  [['show', 'seven'], 'Not the id of a parked event: seven'],
  [['replay', '--all'], '--group <group> --all'],
  [['replay', '--group', 'progress'], '--group <group> --all'],
  [['replay-from', 'progress', 'yesterday'], 'Not a time: yesterday'],
  [['replay-from', 'progress', '2100-01-01T00:00:00Z'], 'still to come'],
  [['rebuild', 'progress'], 'Missing: <projection>'],
])('wrong arguments get the usage and the exit code 2: %j', async (argv, says) => {
  const { code, out, err } = await events(...argv)
  expect(code).toBe(2)
  expect(`${out}${err}`).toContain(says)
  expect(`${out}${err}`).toContain('pnpm events')
})

test.each([
  [['show', '01890000-0000-7000-8000-000000000000'], 'No parked event has the id'],
  [['replay-from', 'auth', '2026-01-01T00:00:00Z'], 'auth reads no topic'],
  [['replay-from', 'progress', '2026-01-01T00:00:00Z', '--topic', 'audit'], 'progress does not read audit'],
  [['replay-from', 'progress', '2020-01-01T00:00:00Z', '--topic', 'users'], 'remembered for 7 days'],
  [['replay-from', 'progress', '2020-01-01T00:00:00Z', '--topic', 'enrollments'], 'rebuild the projection instead'],
  [['rebuild', 'progress', 'nothing'], 'it has outlines, enrollments'],
  [['rebuild', 'users', 'nothing'], 'it has none'],
])('what cannot be is said with the exit code 1: %j', async (argv, says) => {
  const { code, err } = await events(...argv)
  expect(code).toBe(1)
  expect(err).toContain(says)
})
