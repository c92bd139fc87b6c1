import { CourseArchived, CoursePublished, CourseRestored, CourseUpdated } from '@stellr/schema/events/courses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, student, type CourseState, type School } from '../testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const publish = (course: CourseState, version: number, at: number) =>
  school.publish(CoursePublished, { id: course.courseId, version: at }, { ...course, version })
const pinned = async (id: string, viewer: ReturnType<typeof student>) => {
  const text = 'query ($id: ID!) { enrollment(id: $id) { version hasNewContent outline { courseId number } } }'
  return (await school.ask(text, { id }, viewer)).data.enrollment
}
const adopt = (enrollmentId: string, viewer: ReturnType<typeof student>) => school.change('adoptLatestVersion', { enrollmentId }, viewer)

test('learners keep the version that they began with until they adopt the latest', async () => {
  const [ada, course] = [student(), await school.course()]
  const { courseId } = course
  const { id } = await school.enroll(ada, courseId)
  expect(await pinned(id, ada)).toEqual({ version: 1, hasNewContent: false, outline: { courseId, number: 1 } })
  await publish(course, 2, 2)
  await publish(course, 3, 3)
  expect(await pinned(id, ada)).toEqual({ version: 1, hasNewContent: true, outline: { courseId, number: 1 } })
  for (const _time of [1, 2]) expect((await adopt(id, ada)).data.enrollment).toMatchObject({ version: 3, status: 'ACTIVE', attempt: 1 })
  expect(await pinned(id, ada)).toEqual({ version: 3, hasNewContent: false, outline: { courseId, number: 3 } })
  expect(await school.events(id)).toMatchObject([
    { type: 'enrollment.created', data: { courseVersion: 1 } },
    { type: 'enrollment.version_adopted', aggregateversion: 2, data: { courseVersion: 3, status: 'ACTIVE', previousStatus: 'ACTIVE' } },
  ])
})

test('who has completed a course may go over to what is new in it', async () => {
  const [ada, course] = [student(), await school.course()]
  const { id } = await school.enroll(ada, course.courseId)
  await school.sql(`UPDATE enrollment SET status = 'COMPLETED' WHERE id = $1`, [id])
  await publish(course, 2, 2)
  expect((await adopt(id, ada)).data.enrollment).toMatchObject({ version: 2, status: 'COMPLETED' })
})

test.each(['PENDING_PAYMENT', 'SUSPENDED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'])('what is %s adopts nothing', async (status) => {
  const [ada, course] = [student(), await school.course()]
  const { id } = await school.enroll(ada, course.courseId)
  await school.sql(`UPDATE enrollment SET status = '${status}' WHERE id = $1`, [id])
  await publish(course, 2, 2)
  const { codes, errors } = await adopt(id, ada)
  expect([codes, errors[0]?.extensions?.['details']]).toEqual([['CONFLICT'], { status }])
})

test('news of a course that comes late or twice changes nothing: the latest counts', async () => {
  const course = await school.course()
  const at = (version: number) => ({ id: course.courseId, version })
  const dear = { ...course, version: 2, accessDays: 7, price: { amount: 9900, currency: 'USD' } }
  await school.publish(CourseUpdated, at(5), dear)
  await publish(course, 1, 5)
  await publish(course, 1, 3)
  await school.publish(CourseArchived, at(4), { ...course, status: 'ARCHIVED' })
  expect(await school.sql('SELECT * FROM offer WHERE course_id = $1', [course.courseId])).toMatchObject([
    {
      status: 'PUBLISHED',
      price_amount: '9900',
      price_currency: 'USD',
      access_days: 7,
      version: 2,
      aggregate_version: 5,
      learner_count: 0,
    },
  ])
  await school.publish(CourseArchived, at(6), { ...dear, status: 'ARCHIVED' })
  expect((await school.change('enroll', { courseId: course.courseId }, student())).codes).toEqual(['COURSE_NOT_OPEN'])
  await school.publish(CourseRestored, at(7), dear)
  expect(await school.enroll(student(), course.courseId)).toMatchObject({ price: { amount: 9900, currency: 'USD' } })
})

test('whoever is enrolled keeps the price and the time that they were offered', async () => {
  const [ada, course] = [student(), await school.course({ accessDays: 30 })]
  const enrolled = await school.enroll(ada, course.courseId)
  const dear = { ...course, accessDays: 1, price: { amount: 9900, currency: 'USD' } }
  await school.publish(CourseUpdated, { id: course.courseId, version: 2 }, dear)
  expect(await school.enroll(ada, course.courseId)).toEqual(enrolled)
})
