import { countStatements, manualClock, viewerOf } from '@stellr/kit/testing'
import type { UserViewer } from '@stellr/kit'
import { ProfileUpdated } from '@stellr/schema/events/users'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, openSchool, reports, type School } from '../testing/school.ts'

const clock = manualClock(new Date('2026-03-01T12:00:00.000Z'))
const report = reports(clock)
const HOUR = 3_600
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const FIELDS = 'learningMinutes learningMinutesThisWeek streakDays'
const dashboard = async (viewer: UserViewer) => (await school.entities('Dashboard', [viewer.id], FIELDS, viewer)).data._entities[0]

function live(viewer: UserViewer, timeZone: string, version: number): Promise<void> {
  const data = { userId: viewer.id, name: 'Ada', avatarUrl: null, locale: 'en', timeZone }
  return school.publish(ProfileUpdated, { id: viewer.id, version }, data)
}

test('two courses at the same time are one stretch of time', async () => {
  const [one, other] = [lessonOf(), lessonOf()]
  const first = await school.enroll(await school.publishCourse([one]))
  const second = await school.enroll(await school.publishCourse([other]), {}, first.learner)
  await school.record(first, [
    report(one.lessonId, 'PROGRESSED', 0, { activeSeconds: 120 }),
    report(one.lessonId, 'PROGRESSED', 60, { activeSeconds: 120 }),
  ])
  await school.record(second, [report(other.lessonId, 'PROGRESSED', 120, { activeSeconds: 120 })])
  expect(await dashboard(first.learner)).toEqual({ learningMinutes: 4, learningMinutesThisWeek: 4, streakDays: 1 })
  expect((await school.progressOf(first)).data.courseProgress.minutes).toBe(3)
  expect((await school.progressOf(second)).data.courseProgress.minutes).toBe(2)
})

test('of many courses that report at once no time is lost', async () => {
  const learner = viewerOf('STUDENT')
  const enrolled = await Promise.all(
    Array.from({ length: 8 }, async () => school.enroll(await school.publishCourse([lessonOf()]), {}, learner)),
  )
  clock.advance(HOUR)
  await Promise.all(
    enrolled.flatMap((one, n) =>
      Array.from({ length: 5 }, (_, m) =>
        school.record(one, [report(one.course.lessons[0]?.lessonId ?? '', 'PROGRESSED', -60 * (n * 5 + m), { activeSeconds: 60 })]),
      ),
    ),
  )
  expect((await dashboard(learner)).learningMinutes).toBe(40)
})

test('who has learned nothing yet has zeros', async () => {
  expect(await dashboard(viewerOf('STUDENT'))).toEqual({ learningMinutes: 0, learningMinutesThisWeek: 0, streakDays: 0 })
})

test('a streak follows the learner’s own midnight, and a lesson that is marked counts as learning', async () => {
  const lessons = Array.from({ length: 4 }, () => lessonOf())
  const { learner } = await school.enroll(await school.publishCourse(lessons))
  const mark = (n: number) => school.mark(lessons[n]?.lessonId ?? '', learner)
  await mark(0)
  clock.advance(10.75 * HOUR)
  // 23:45 in UTC, and the next day in Berlin.
  await mark(1)
  expect((await dashboard(learner)).streakDays).toBe(1)
  await live(learner, 'Europe/Berlin', 2)
  await live(learner, 'America/New_York', 1)
  expect((await dashboard(learner)).streakDays).toBe(2)

  clock.advance(24 * HOUR)
  await mark(2)
  expect((await dashboard(learner)).streakDays).toBe(3)
  clock.advance(24 * HOUR)
  expect((await dashboard(learner)).streakDays).toBe(3)
  clock.advance(24 * HOUR)
  expect((await dashboard(learner)).streakDays).toBe(0)
  await mark(3)
  expect((await dashboard(learner)).streakDays).toBe(1)
})

test('a week forgets, the whole does not; however long the history, two statements tell', async () => {
  const lesson = lessonOf()
  const enrolled = await school.enroll(await school.publishCourse([lesson]))
  const { learner } = enrolled
  for (let day = 0; day < 12; day += 1) {
    await school.record(enrolled, [report(lesson.lessonId, 'PROGRESSED', 0, { activeSeconds: 60 })])
    clock.advance((day === 5 ? 5 : 1) * 24 * HOUR)
  }
  expect(await dashboard(learner)).toEqual({ learningMinutes: 12, learningMinutesThisWeek: 6, streakDays: 6 })
  const { statements } = await countStatements(() => dashboard(learner))
  expect(statements.filter(({ database, text }) => database === 'progress' && text.includes('activity'))).toHaveLength(2)
  expect(await school.sql(`SELECT count(*)::int AS days FROM activity WHERE subject_id = $1`, [learner.id])).toEqual([{ days: 12 }])
})

test('a dashboard is its owner’s alone', async () => {
  const learner = viewerOf('STUDENT')
  for (const viewer of [viewerOf('STUDENT'), viewerOf('ADMIN')]) {
    expect((await school.entities('Dashboard', [learner.id], FIELDS, viewer)).data._entities).toEqual([null])
  }
})

test('a day of too many separate stretches is refused whole, and what was there before stays', async () => {
  const lesson = lessonOf()
  const enrolled = await school.enroll(await school.publishCourse([lesson]))
  clock.advance(HOUR)
  const moments = (from: number, count: number) =>
    Array.from({ length: count }, (_, n) => report(lesson.lessonId, 'PROGRESSED', -2 * (from + n), { activeSeconds: 1 }))
  expect((await school.record(enrolled, moments(0, 500))).codes).toEqual([])
  const before = await dashboard(enrolled.learner)
  const { codes, errors } = await school.record(enrolled, moments(500, 10))
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: 'input.events', rule: 'too_big' }])
  expect(await dashboard(enrolled.learner)).toEqual(before)
})
