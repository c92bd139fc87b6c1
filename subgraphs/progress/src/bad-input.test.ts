import { anonymous } from '@stellr/kit'
import { manualClock, viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, newId, openSchool, reports, verdictsOf, type Enrolled, type School } from './testing/school.ts'

const clock = manualClock()
const report = reports(clock)
const lesson = lessonOf({ kind: 'VIDEO', durationSeconds: 100 })
let school: School
let enrolled: Enrolled
beforeAll(async () => {
  school = await openSchool({ clock })
  enrolled = await school.enroll(await school.publishCourse([lesson]))
})
afterAll(() => school.stop())

const good = () => report(lesson.lessonId, 'OPENED')
const ranges = (count: number) => Array.from({ length: count }, (_, n) => ({ start: n, end: n + 1 }))

test.each([
  ['no events', () => [], 'input.events'],
  ['501 events', () => Array.from({ length: 501 }, good), 'input.events'],
  ['10,000 events, all wrong', () => Array.from({ length: 10_000 }, () => ({ ...good(), clientEventId: '' })), 'input.events'],
  ['an event without a proper id', () => [good(), { ...good(), clientEventId: 'x' }], 'input.events.1.clientEventId'],
  ['a lesson without a proper id', () => [{ ...good(), lessonId: "' OR 1=1 --" }], 'input.events.0.lessonId'],
  ['101 ranges', () => [{ ...good(), ranges: ranges(101) }], 'input.events.0.ranges'],
])('a report with %s is refused as a whole, and says where', async (_what, events, path) => {
  const { errors, codes } = await school.record(enrolled, [...events()])
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path }])
  expect(await school.events(enrolled.id)).toEqual([])
})

test('500 events and 100 ranges are accepted', async () => {
  const other = await school.enroll(enrolled.course)
  const events = Array.from({ length: 500 }, () => ({ ...good(), ranges: ranges(100) }))
  expect(verdictsOf(await school.record(other, events)).every((verdict) => verdict === 'ACCEPTED')).toBe(true)
})

test('an id that is none is refused', async () => {
  const { learner } = enrolled
  const marked = await school.mark('x', learner)
  expect(marked.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path: 'input.lessonId' }] })
  const recorded = await school.record({ ...enrolled, id: '\u0000' }, [good()])
  expect(recorded.errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path: 'input.enrollmentId' }] })
})

test('a day that does not exist is refused', async () => {
  expect((await school.record(enrolled, [{ ...good(), occurredAt: '2026-02-30T09:00:00Z' }])).codes).toEqual(['BAD_USER_INPUT'])
})

test('who learned a lesson in more pieces than anybody can is told so', async () => {
  const endless = lessonOf({ kind: 'VIDEO' })
  const other = await school.enroll(await school.publishCourse([endless]))
  const batch = (first: number) =>
    Array.from({ length: 100 }, (_, n) =>
      report(endless.lessonId, 'PROGRESSED', 0, {
        ranges: ranges(100).map((_r, m) => ({ start: (first + n * 100 + m) * 2, end: (first + n * 100 + m) * 2 + 1 })),
      }),
    )
  const first = await school.record(other, batch(0))
  expect(first.data.recordProgress.courseProgress.lessons[0].watchedSeconds).toBe(10_000)
  const [result] = (await school.record(other, batch(10_000).slice(0, 1))).data.recordProgress.results
  expect(result).toMatchObject({ status: 'REJECTED', code: 'BAD_USER_INPUT' })
})

test('nobody reports without being signed in, or with a token that allows nothing', async () => {
  expect((await school.record(enrolled, [good()], anonymous)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await school.mark(lesson.lessonId, anonymous)).codes).toEqual(['UNAUTHENTICATED'])
  const leaving = { ...enrolled.learner, scopes: [] }
  expect((await school.record(enrolled, [good()], leaving)).codes).toEqual(['FORBIDDEN'])
  expect((await school.mark(lesson.lessonId, leaving)).codes).toEqual(['FORBIDDEN'])
})

test('who reports too often is asked to wait, and others are not', async () => {
  const busy = await openSchool({ clock, changesPerUser: 2 })
  try {
    const course = await busy.publishCourse([lesson])
    const one = await busy.enroll(course)
    await busy.mark(lesson.lessonId, one.learner)
    await busy.record(one, [good()])
    const limited = await busy.mark(lesson.lessonId, one.learner)
    expect(limited.errors[0]?.extensions).toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: expect.any(Number) } })
    expect((await busy.record(one, [good()])).codes).toEqual(['RATE_LIMITED'])
    const other = await busy.enroll(course, {}, viewerOf('STUDENT', newId()))
    expect((await busy.mark(lesson.lessonId, other.learner)).codes).toEqual([])
  } finally {
    await busy.stop()
  }
})
