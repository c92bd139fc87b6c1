import { systemRandom } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { enrollmentEvents, EnrollmentCompleted, EnrollmentDropped } from '@stellr/schema/events/enrollments'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const learners = async (courseId: string) =>
  (await school.sql<{ learner_count: number }>('SELECT learner_count FROM course WHERE id = $1', [courseId]))[0]?.learner_count

const known = (enrollmentId: string) =>
  school.sql('SELECT status, version, course_version AS "courseVersion", attempt FROM enrollment WHERE id = $1', [enrollmentId])

test('every event of an enrollment is taken, and a course counts those who learn it or have completed it', async () => {
  const { id } = await school.published()
  const person = viewerOf('STUDENT')
  const enrollmentId = systemRandom.id()
  const life = ['PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'ACTIVE', 'COMPLETED', 'SUSPENDED', 'REFUNDED'] as const
  const counts: unknown[] = []
  for (const [at, status] of life.entries()) {
    await school.enroll(person, id, { enrollmentId, version: at + 1, status, event: enrollmentEvents[at] ?? EnrollmentDropped })
    counts.push(await learners(id))
  }
  expect(counts).toEqual([0, 1, 1, 1, 1, 1, 0])
  for (const event of enrollmentEvents) await school.enroll(viewerOf('STUDENT'), id, { event })
  expect(await learners(id)).toBe(enrollmentEvents.length)
})

test('news that is late, or comes twice, changes nothing', async () => {
  const { id } = await school.published()
  const person = viewerOf('STUDENT')
  const enrollmentId = systemRandom.id()
  const tell = (version: number, status: 'ACTIVE' | 'DROPPED' | 'COMPLETED') =>
    school.enroll(person, id, { enrollmentId, version, status, courseVersion: version })
  await tell(3, 'COMPLETED')
  await tell(1, 'ACTIVE')
  await tell(3, 'DROPPED')
  await tell(2, 'DROPPED')
  expect(await known(enrollmentId)).toEqual([{ status: 'COMPLETED', version: 3, courseVersion: 3, attempt: 1 }])
  expect(await learners(id)).toBe(1)
  await tell(4, 'DROPPED')
  await tell(4, 'DROPPED')
  expect(await learners(id)).toBe(0)
})

test('fifty enrollments of a course at once are all counted', async () => {
  const { id } = await school.published()
  await Promise.all(Array.from({ length: 50 }, () => school.enroll(viewerOf('STUDENT'), id)))
  expect(await learners(id)).toBe(50)
})

test('learners come and go while others rate and the instructor publishes: every count is exact', async () => {
  const { id, teacher, moduleId } = await school.published()
  const raters = Array.from({ length: 10 }, () => viewerOf('STUDENT'))
  await Promise.all(raters.map((rater) => school.enroll(rater, id)))
  await Promise.all([
    ...raters.map((rater) => school.done('rateCourse', { courseId: id, stars: 4 }, 'course { id }', rater)),
    ...Array.from({ length: 10 }, () => school.enroll(viewerOf('STUDENT'), id, { status: 'COMPLETED', event: EnrollmentCompleted })),
    ...Array.from({ length: 5 }, async () => {
      await school.addLesson(moduleId, teacher)
      await school.done('publishCourse', { courseId: id }, 'course { id }', teacher)
    }),
  ])
  const [row] = await school.sql('SELECT learner_count, rating_sum, rating_count, rating FROM course WHERE id = $1', [id])
  expect(row).toEqual({ learner_count: 20, rating_sum: 40, rating_count: 10, rating: 400 })
})

test('an enrollment in a course that is not known is kept, and held up by nothing', async () => {
  const enrollmentId = await school.enroll(viewerOf('STUDENT'), systemRandom.id())
  expect(await known(enrollmentId)).toHaveLength(1)
})
