import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must, publishCourse } from '../testkit/courses.ts'
import { logged } from '../testkit/published.ts'
import type { Person, School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { everyWay } from '../testkit/ways.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id status } alreadyEnrolled } }'
const AT_ONCE = 100
const ROUNDS = rounds(30)

describe.each(everyWay)('$name', ({ name, open }) => {
  let school: School
  let teacher: Person
  beforeAll(async () => {
    school = await open()
    teacher = await school.register({ role: 'INSTRUCTOR' })
  })
  afterAll(() => school.close())

  test.each([
    ['free', undefined, 'ACTIVE'],
    ['paid', { amount: 4900, currency: 'EUR' }, 'PENDING_PAYMENT'],
  ])('R01 a hundred requests at once make one enrollment (%s)', { timeout: 120_000 }, async (kind, price, status) => {
    for (let round = 0; round < ROUNDS; round++) {
      const course = await publishCourse(teacher.client, { lessons: 1, ...(price && { price }) })
      await school.settle()
      const ada = await school.register()
      const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => ada.client.query(ENROLL, { input: { courseId: course.id } })))
      expect(replies.filter(({ status: http, codes }) => http !== 200 || codes.length > 0)).toEqual([])
      const enrolled = replies.map(({ data }) => data.enroll)
      expect(new Set(enrolled.map(({ enrollment }) => JSON.stringify(enrollment))).size).toBe(1)
      expect(enrolled[0].enrollment.status).toBe(status)
      expect(enrolled.filter(({ alreadyEnrolled }) => !alreadyEnrolled)).toHaveLength(1)
      await school.settle()
      expect(await kept(ada, course.id)).toEqual({ rows: [{ status, attempt: 1 }], events: ['enrollment.created'] })
    }
    console.log(`R01 ${kind} (${name}): ${ROUNDS * AT_ONCE} requests, ${ROUNDS} enrollments`)
  })

  test('R01 the control: two people make two enrollments, and one person makes another after leaving', async () => {
    const course = await publishCourse(teacher.client, { lessons: 1 })
    await school.settle()
    const [ada, bob] = [await school.register(), await school.register()]
    const first = await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))
    const other = await must(bob.client.query(ENROLL, { input: { courseId: course.id } }))
    expect(other.enroll.enrollment.id).not.toBe(first.enroll.enrollment.id)
    const drop = 'mutation ($input: DropEnrollmentInput!) { dropEnrollment(input: $input) { enrollment { status } } }'
    await must(ada.client.query(drop, { input: { enrollmentId: first.enroll.enrollment.id } }))
    await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))
    await school.settle()
    expect((await kept(ada, course.id)).rows).toEqual([
      { status: 'DROPPED', attempt: 1 },
      { status: 'ACTIVE', attempt: 2 },
    ])
  })

  /** What the database and the event log hold of this person in this course. */
  async function kept({ id }: Person, courseId: string) {
    const rows = await query(
      school.env['ENROLLMENTS_DATABASE_URL'] ?? '',
      'SELECT status::text, attempt FROM enrollment WHERE user_id = $1 AND course_id = $2 ORDER BY attempt',
      [id, courseId],
    )
    const events = await logged(school, 'enrollments', { userId: id, courseId })
    return { rows, events: events.map(({ type }) => type) }
  }
})
