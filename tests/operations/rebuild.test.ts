import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import type { EventLog } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fromRoot } from '../../kit/src/paths.ts'
import { must, publishCourse, type WrittenCourse } from '../testkit/courses.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'
import { openLog, operate, operations, stateOf, tellTimeZones } from './operator.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const DROP = 'mutation ($input: DropEnrollmentInput!) { dropEnrollment(input: $input) { enrollment { status } } }'
const COMPLETE = 'mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent } } }'

let school: School
let log: EventLog
let courses: WrittenCourse[]
let learners: Person[]
beforeAll(async () => {
  school = await openSchool('one-process')
  log = await openLog(school.env)
  const teacher = await school.register({ role: 'INSTRUCTOR' })
  courses = [await publishCourse(teacher.client), await publishCourse(teacher.client, { lessons: 3 }), await publishCourse(teacher.client)]
  learners = await Promise.all(Array.from({ length: 4 }, () => school.register()))
  await school.settle()
  for (const learner of learners) for (const { id } of courses) await enroll(learner, id)
  await must(learners[0]?.client.query(COMPLETE, { input: { lessonId: courses[1]?.lessonIds[0] } }) ?? Promise.reject())
  await school.settle()
})
afterAll(async () => {
  await log.close()
  await school.close()
})

const sql = (domain: string, text: string, ...values: unknown[]) =>
  query<Record<string, unknown>>(school.env[`${domain.toUpperCase()}_DATABASE_URL`] ?? '', text, values)
const events = (...argv: string[]) => operate(school.env, ...argv)

async function enroll(learner: Person, courseId: string): Promise<string> {
  return (await must(learner.client.query(ENROLL, { input: { courseId } }))).enroll.enrollment.id
}

// What each projection must say, asked of the domains that own it; and what it says.
const offers = {
  truth: () => sql('courses', `SELECT id, status::text, price_amount::text AS price, learner_count AS learners FROM course ORDER BY id`),
  found: () =>
    sql(
      'enrollments',
      `SELECT course_id AS id, status::text, price_amount::text AS price, learner_count AS learners FROM offer ORDER BY 1`,
    ),
}
const enrollmentsOf = (domain: string) => () =>
  sql(domain, `SELECT id, user_id, course_id, course_version, status::text, attempt, version FROM enrollment ORDER BY id`)
const inProgress = { truth: enrollmentsOf('enrollments'), found: enrollmentsOf('progress') }
const inCourses = {
  truth: async () => [
    ...(await enrollmentsOf('enrollments')()),
    ...(await sql(
      'enrollments',
      `SELECT course_id AS id, count(*)::int AS learners FROM enrollment WHERE status = 'ACTIVE' GROUP BY 1 ORDER BY 1`,
    )),
  ],
  found: async () => [
    ...(await enrollmentsOf('courses')()),
    ...(await sql('courses', `SELECT id, learner_count AS learners FROM course WHERE learner_count > 0 ORDER BY id`)),
  ],
}
const inPayments = {
  truth: () => sql('enrollments', `SELECT id, user_id, course_id, status::text, attempt, version FROM enrollment ORDER BY id`),
  found: () => sql('payments', `SELECT id, user_id, course_id, status::text, attempt, version FROM enrollment ORDER BY id`),
}
const titles = {
  truth: () => sql('courses', `SELECT id, title FROM course WHERE published_at IS NOT NULL ORDER BY id`),
  found: () => sql('payments', `SELECT id, title FROM course ORDER BY id`),
}
const outlines = {
  truth: () => sql('courses', `SELECT course_id, id AS lesson_id FROM lesson ORDER BY id`),
  found: () => sql('progress', `SELECT course_id, lesson_id FROM outline_lesson ORDER BY lesson_id`),
}

test.each([
  [
    'enrollments',
    'offers',
    offers,
    `UPDATE offer SET price_amount = 1, status = 'ARCHIVED', learner_count = 77, aggregate_version = aggregate_version + 50`,
  ],
  ['enrollments', 'offers', offers, `DELETE FROM offer`],
  ['courses', 'enrollments', inCourses, `UPDATE enrollment SET status = 'DROPPED', course_version = 9`],
  ['courses', 'enrollments', inCourses, `DELETE FROM enrollment`],
  ['courses', 'enrollments', inCourses, `UPDATE course SET learner_count = 3`],
  ['payments', 'enrollments', inPayments, `UPDATE enrollment SET status = 'DROPPED', attempt = 7, version = 1000`],
  ['payments', 'courses', titles, `UPDATE course SET title = 'Other', version = 1000`],
  ['payments', 'courses', titles, `DELETE FROM course`],
  ['progress', 'outlines', outlines, `DELETE FROM outline`],
  ['progress', 'outlines', outlines, `DELETE FROM outline_lesson WHERE position = 0`],
  ['progress', 'enrollments', inProgress, `UPDATE enrollment SET status = 'DROPPED', attempt = 7, version = 1000`],
])('%s.%s is made again while people enroll, after: %#', async (domain, projection, { truth, found }, spoil) => {
  const right = await found()
  expect(right).toEqual(await truth())
  await sql(domain, spoil)
  // The control: nothing but the rebuild puts it right.
  const spoiled = await found()
  expect(spoiled).not.toEqual(right)
  const states = await stateOf(school.env, domain)
  expect(await events('rebuild', domain, projection)).toMatchObject({ code: 0, out: expect.stringContaining('Nothing was changed') })
  expect(await stateOf(school.env, domain)).toBe(states)
  expect(await found()).toEqual(spoiled)

  const [course, ...others] = courses
  const busy = (async () => {
    // Those who come and go meanwhile, in a course whose offer may be missing for now.
    if (domain === 'enrollments' && spoil.startsWith('DELETE')) return
    const guest = await school.register()
    for (const { id } of [course, ...others].flatMap((each) => each ?? [])) {
      const reply = await guest.client.query(ENROLL, { input: { courseId: id } })
      const enrollmentId = reply.data?.enroll?.enrollment.id
      if (enrollmentId) await guest.client.query(DROP, { input: { enrollmentId } })
    }
  })()
  const rebuilt = await events('rebuild', domain, projection, '--yes', '--json')
  await busy
  expect(rebuilt).toMatchObject({ code: 0, json: { done: true, failed: [], orphans: [] } })
  await school.settle()
  expect(await events('rebuild', domain, projection, '--yes')).toMatchObject({ code: 0 })
  expect(await found()).toEqual(await truth())
  await school.settle()
  const said = (await operations(log)).filter(({ action }) => action === 'events.rebuild')
  expect(said).toContainEqual(expect.objectContaining({ subjectType: 'Projection', subjectId: `${domain}.${projection}`, actorId: null }))
})

test('a count that events are still going to change is not counted twice', async () => {
  // enrollments does not hear of the next ones.
  await sql(
    'events',
    `UPDATE event_log.group_offset SET paused_until = now() + interval '1 hour' WHERE group_name = 'enrollments' AND topic = 'enrollments'`,
  )
  const guest = await school.register()
  for (const { id } of courses) await enroll(guest, id)
  await sql('enrollments', 'UPDATE offer SET learner_count = learner_count + 5')
  expect((await events('rebuild', 'enrollments', 'offers', '--yes', '--json')).json.recounted).toBe(courses.length)
  const counted = await sql('enrollments', 'SELECT sum(learner_count)::int AS learners FROM offer')
  const active = await sql('enrollments', `SELECT count(*)::int AS learners FROM enrollment WHERE status = 'ACTIVE'`)
  expect(counted).toEqual([{ learners: Number(active[0]?.['learners']) - courses.length }])
  await sql('events', `UPDATE event_log.group_offset SET paused_until = now() WHERE group_name = 'enrollments'`)
  await school.settle()
  expect(await offers.found()).toEqual(await offers.truth())
})

test('how far learners are survives a rebuild, and what only a backup can bring back is said', async () => {
  const progress = () => sql('progress', 'SELECT * FROM course_progress ORDER BY enrollment_id')
  const before = await progress()
  expect(before.some((row) => row['completed_required'] === 1)).toBe(true)
  await events('rebuild', 'progress', 'enrollments', '--yes')
  expect(await progress()).toEqual(before)
  const saved = await sql(
    'progress',
    'SELECT row_to_json(e) AS e, row_to_json(p) AS p FROM enrollment e JOIN course_progress p ON p.enrollment_id = e.id WHERE p.completed_required = 1',
  )
  const id = before.find((row) => row['completed_required'] === 1)?.['enrollment_id']
  await sql('progress', 'DELETE FROM enrollment WHERE id = $1', id)
  const rebuilt = await events('rebuild', 'progress', 'enrollments', '--yes')
  expect(rebuilt).toMatchObject({ code: 1, err: expect.stringContaining(`${String(id)}: Error: the enrollment is gone`) })
  await sql('progress', `INSERT INTO enrollment SELECT * FROM jsonb_populate_record(NULL::enrollment, $1)`, JSON.stringify(saved[0]?.['e']))
  await sql(
    'progress',
    `INSERT INTO course_progress SELECT * FROM jsonb_populate_record(NULL::course_progress, $1)`,
    JSON.stringify(saved[0]?.['p']),
  )
})

test('what a topic does not know is listed, and taken away when that is asked for', async () => {
  const before = await offers.found()
  await sql(
    'enrollments',
    `INSERT INTO offer SELECT (jsonb_populate_record(o, jsonb_build_object('course_id', gen_random_uuid()))).* FROM offer o LIMIT 1`,
  )
  const kept = await events('rebuild', 'enrollments', 'offers', '--yes', '--json')
  expect(kept.json).toMatchObject({ orphans: [expect.any(String)], removed: 0 })
  const removed = await events('rebuild', 'enrollments', 'offers', '--yes', '--remove-orphans')
  expect(removed.out).toContain(`1 are not in the topic; 1 were taken away: ${kept.json.orphans[0]}`)
  expect(await offers.found()).toEqual(before)
})

test('what a restored database has lost is taken in again while the service runs', async () => {
  const from = new Date()
  const [userId, other] = [learners[0]?.id ?? '', learners[1]?.id ?? '']
  await tellTimeZones(log, userId, 'Europe/Paris', 'Asia/Tokyo')
  await tellTimeZones(log, other, 'Europe/Rome')
  await school.settle()
  const zones = () =>
    sql('progress', 'SELECT user_id, time_zone, version FROM learner WHERE user_id = ANY ($1) ORDER BY user_id', [userId, other])
  const before = await zones()
  await sql('progress', 'DELETE FROM learner WHERE user_id = $1', userId)
  await sql(
    'progress',
    `DELETE FROM stellr.inbox WHERE received_at >= $1 AND event_id IN (SELECT event_id FROM stellr.inbox ORDER BY received_at DESC LIMIT 3)`,
    from,
  )
  const states = await stateOf(school.env, 'progress')
  const command = ['replay-from', 'progress', from.toISOString(), '--topic', 'users']
  expect(await events(...command)).toMatchObject({ code: 0, out: expect.stringContaining('3 would be handled, 0 known already') })
  expect(await stateOf(school.env, 'progress')).toBe(states)
  expect(await zones()).not.toEqual(before)
  expect((await events(...command, '--yes', '--json')).json).toMatchObject({ handled: 3, known: 0, parked: 0 })
  expect(await zones()).toEqual(before)
  expect((await events(...command, '--yes')).out).toContain('0 handled, 3 known already')
  await school.settle()
  expect((await operations(log)).filter(({ action }) => action === 'events.replay_from')).toHaveLength(2)
})

test('it is a program beside the running service', async () => {
  const run = promisify(execFile)(process.execPath, [fromRoot('scripts/events.ts'), 'lag', '--json'], {
    env: { ...process.env, ...school.env },
  })
  const { stdout, stderr } = await run
  expect(JSON.parse(stdout).domains).toHaveLength(6)
  expect(stderr).toBe('')
  const wrong = promisify(execFile)(process.execPath, [fromRoot('scripts/events.ts'), 'lagg'], { env: { ...process.env, ...school.env } })
  await expect(wrong).rejects.toMatchObject({ code: 2, stderr: expect.stringContaining('No command is called lagg') })
})
