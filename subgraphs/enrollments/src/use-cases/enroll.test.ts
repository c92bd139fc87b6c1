import { randomUUID } from 'node:crypto'
import { systemRandom } from '@stellr/kit'
import { manualClock, query } from '@stellr/kit/testing'
import { CoursePublished } from '@stellr/schema/events/courses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, shown, student, type School } from '../testing/school.ts'

const clock = manualClock()
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const enrolling = `alreadyEnrolled ${shown}`
const rowsOf = (userId: string, courseId: string, at = school) =>
  query<{ id: string }>(at.databaseUrl, 'SELECT id FROM enrollment WHERE user_id = $1 AND course_id = $2', [userId, courseId])

async function hundredAtOnce(at: School) {
  const [ada, { courseId }] = [student(), await at.course()]
  const answers = await Promise.all(Array.from({ length: 100 }, () => at.change('enroll', { courseId }, ada, enrolling)))
  return { answers, rows: await rowsOf(ada.id, courseId, at) }
}

test('a free course is learned at once, as it is now', async () => {
  const ada = student()
  const course = await school.course({ accessDays: 30, version: 4 })
  const { data, errors } = await school.change('enroll', { courseId: course.courseId }, ada, enrolling)
  expect(errors).toEqual([])
  const { id } = data.enrollment
  expect(data).toEqual({
    alreadyEnrolled: false,
    enrollment: {
      id,
      status: 'ACTIVE',
      attempt: 1,
      enrolledAt: '2026-03-01T09:00:00.000Z',
      expiresAt: '2026-03-31T09:00:00.000Z',
      version: 4,
      price: { amount: 0, currency: 'EUR' },
    },
  })
  expect(await school.events(id)).toMatchObject([
    {
      type: 'enrollment.created',
      aggregateversion: 1,
      data: {
        enrollmentId: id,
        userId: ada.id,
        courseId: course.courseId,
        instructorId: course.instructorId,
        courseVersion: 4,
        status: 'ACTIVE',
        previousStatus: null,
        attempt: 1,
        enrolledAt: '2026-03-01T09:00:00.000Z',
        expiresAt: '2026-03-31T09:00:00.000Z',
        price: { amount: 0, currency: 'EUR' },
      },
    },
  ])
  const text = 'query ($id: ID!) { enrollment(id: $id) { transitions { from to reason actor { id } at } } }'
  expect((await school.ask(text, { id }, ada)).data.enrollment.transitions).toEqual([
    { from: null, to: 'ACTIVE', reason: 'enrolled', actor: { id: ada.id }, at: '2026-03-01T09:00:00.000Z' },
  ])
})

test('a course that costs waits to be paid for, and its time has not begun', async () => {
  const price = { amount: 2 ** 40, currency: 'JPY' }
  const { courseId } = await school.course({ price, accessDays: 30 })
  expect(await school.enroll(student(), courseId)).toMatchObject({ status: 'PENDING_PAYMENT', expiresAt: null, price })
})

test('R01: a hundred requests at once make one enrollment and one event, and all are told the same', async () => {
  const { answers, rows } = await hundredAtOnce(school)
  expect(answers.flatMap(({ errors }) => errors)).toEqual([])
  expect(new Set(answers.map(({ data }) => JSON.stringify(data.enrollment))).size).toBe(1)
  expect(answers.filter(({ data }) => data.alreadyEnrolled === false)).toHaveLength(1)
  expect(rows).toEqual([{ id: answers[0]?.data.enrollment.id }])
  expect((await school.events(rows[0]?.id ?? '')).map(({ type }) => type)).toEqual(['enrollment.created'])
  expect(await school.sql('SELECT FROM enrollment_transition WHERE enrollment_id = $1', [rows[0]?.id])).toHaveLength(1)
})

test('it is the index that keeps them one: without it there are more', async () => {
  const scratch = await openSchool({ clock })
  try {
    await scratch.sql('DROP INDEX enrollment_live_key')
    expect((await hundredAtOnce(scratch)).rows.length).toBeGreaterThan(1)
  } finally {
    await scratch.stop()
  }
})

test('a hundred people at once are a hundred enrollments', async () => {
  const { courseId } = await school.course()
  const enrolled = await Promise.all(Array.from({ length: 100 }, () => school.enroll(student(), courseId)))
  expect(new Set(enrolled.map(({ id }) => id)).size).toBe(100)
})

test('enrolling and leaving at once, again and again, leave one attempt after another and one live at most', async () => {
  const [ada, { courseId }] = [student(), await school.course()]
  await Promise.all(
    Array.from({ length: 20 }, async () => {
      const { id } = await school.enroll(ada, courseId)
      await school.change('dropEnrollment', { enrollmentId: id }, ada)
    }),
  )
  const rows = await school.sql<{ attempt: number; status: string; version: number }>(
    'SELECT attempt, status, version FROM enrollment WHERE user_id = $1 ORDER BY attempt',
    [ada.id],
  )
  expect(rows).toEqual(rows.map((_, at) => ({ attempt: at + 1, status: 'DROPPED', version: 2 })))
})

test.each([
  ['unknown', async () => randomUUID()],
  ['no id at all', async () => 'drawing'],
  ['an attack', async () => `'; DROP TABLE enrollment; --`],
  ['archived', async () => (await school.course({ status: 'ARCHIVED' })).courseId],
])('a course that is %s is not open, and nothing else is told of it', async (_what, idOf) => {
  const courseId = await idOf()
  for (const [mutation, viewer, input] of [
    ['enroll', student(), { courseId }],
    ['enrollUser', person('ADMIN'), { courseId, userId: randomUUID() }],
  ] as const) {
    const { data, errors, codes } = await school.change(mutation, input, viewer)
    expect([data, codes]).toEqual([null, ['COURSE_NOT_OPEN']])
    expect(errors[0]?.extensions?.['details']).toEqual({ courseId })
  }
})

test('whoever is enrolled stays so when the course is archived, and is told so', async () => {
  const [ada, left, waiting] = [student(), student(), student()]
  const course = await school.course({ price: { amount: 1999, currency: 'EUR' } })
  const { courseId } = course
  const enrollUser = (userId: string) => school.change('enrollUser', { userId, courseId }, person('ADMIN'), enrolling)
  const { id } = (await enrollUser(ada.id)).data.enrollment
  await school.change('dropEnrollment', { enrollmentId: (await enrollUser(left.id)).data.enrollment.id }, left)
  await school.enroll(waiting, courseId)
  await school.publish(CoursePublished, { id: courseId, version: 2 }, { ...course, status: 'ARCHIVED' })
  const { data } = await school.change('enroll', { courseId }, ada, enrolling)
  expect(data).toMatchObject({ alreadyEnrolled: true, enrollment: { id, status: 'ACTIVE', attempt: 1 } })
  expect((await school.change('enroll', { courseId }, left)).codes).toEqual(['COURSE_NOT_OPEN'])
  expect((await enrollUser(waiting.id)).data).toMatchObject({ alreadyEnrolled: false, enrollment: { status: 'ACTIVE' } })
})

test('a course that was published this moment is waited for', async () => {
  const courseId = systemRandom.id()
  const enrolling = school.enroll(student(), courseId)
  await school.course({ courseId })
  expect(await enrolling).toMatchObject({ status: 'ACTIVE' })
})

test('an instructor may see their own course as a learner does', async () => {
  const teacher = person('INSTRUCTOR')
  const { courseId } = await school.course({ instructorId: teacher.id })
  expect(await school.enroll(teacher, courseId)).toMatchObject({ status: 'ACTIVE' })
})

test('whoever is about to leave, and so has no scopes, enrolls in nothing, and nobody does without signing in', async () => {
  const { courseId } = await school.course()
  expect((await school.change('enroll', { courseId }, { ...student(), scopes: [] })).codes).toEqual(['FORBIDDEN'])
  expect((await school.change('enroll', { courseId }, { kind: 'anonymous' })).codes).toEqual(['UNAUTHENTICATED'])
})
