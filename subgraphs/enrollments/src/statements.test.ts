import type { Viewer } from '@stellr/kit'
import { countStatements } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { paymentFor, tell } from './testing/payments.ts'
import { openSchool, student, type School } from './testing/school.ts'

let school: School
const ada = student()
const courseIds: string[] = []
const ids: string[] = []
beforeAll(async () => {
  school = await openSchool()
  for (let n = 0; n < 20; n += 1) {
    const { courseId } = await school.course()
    courseIds.push(courseId)
    ids.push((await school.enroll(ada, courseId)).id)
  }
  await school.settle()
})
afterAll(() => school.stop())

/** The tables that statements of ours read, in order; the kit's own tables, which others read meanwhile, left out. */
async function tablesRead<T>(work: () => Promise<T>): Promise<{ result: T; tables: string[] }> {
  const { result, statements } = await countStatements(work)
  const tables = statements.flatMap(
    ({ text }) => /FROM\s+(?:"public"\.)?"?(offer|enrollment_transition|enrollment)\b/.exec(text)?.[1] ?? [],
  )
  return { result, tables: tables.toSorted() }
}
const own = (type: string, keys: readonly string[], fields: string, viewer: Viewer = ada) =>
  tablesRead(() =>
    school.entities(
      type,
      keys.map((id) => ({ id })),
      fields,
      viewer,
    ),
  )

const everything =
  'id status hasNewContent course { id } outline { courseId number } payBy transitions { to actor { id } eventId payment { id } }'

test.each([1, 20])('a list of %i enrollments costs one statement per table', async (first) => {
  const { result, tables } = await own('User', [ada.id], `enrollments(first: ${first}) { edges { node { ${everything} } } }`)
  expect(result.data[0].enrollments.edges).toHaveLength(first)
  expect(tables).toEqual(['enrollment', 'enrollment_transition', 'offer'])
})

test.each([1, 20])('%i references to enrollments cost one statement per table', async (count) => {
  const { result, tables } = await own('Enrollment', ids.slice(0, count), everything)
  expect(result.data.filter(Boolean)).toHaveLength(count)
  expect(tables).toEqual(['enrollment', 'enrollment_transition', 'offer'])
})

test.each([1, 20])('%i courses with the viewer’s enrollment and their count cost one statement per table', async (count) => {
  const fields = 'enrollmentCount viewerEnrollment { id status hasNewContent }'
  const { result, tables } = await own('Course', courseIds.slice(0, count), fields)
  expect(result.data.map((course: { viewerEnrollment: { id: string } }) => course.viewerEnrollment.id)).toEqual(ids.slice(0, count))
  expect(result.data.every((course: { enrollmentCount: number }) => course.enrollmentCount === 1)).toBe(true)
  expect(tables).toEqual(['enrollment', 'offer'])
})

test('a home screen costs two statements, and one more for what is new', async () => {
  const fields = 'activeCourses completedCourses activeEnrollments { id hasNewContent }'
  const { result, tables } = await own('Dashboard', [ada.id], fields)
  expect(result.data[0]).toMatchObject({ activeCourses: 20 })
  expect(tables).toEqual(['enrollment', 'enrollment', 'offer'])
})

test('who is not signed in costs no look for their enrollments', async () => {
  expect((await own('Course', courseIds, 'viewerEnrollment { id }', { kind: 'anonymous' })).tables).toEqual([])
})

test('a checkout costs at most 16 statements from enrolling to ACTIVE', async () => {
  const { courseId } = await school.course({ price: { amount: 1999, currency: 'EUR' } })
  const bob = student()
  const { result: enrollment, statements } = await countStatements(async () => {
    const waiting = await school.enroll(bob, courseId)
    const payment = paymentFor({ ...waiting, userId: bob.id, courseId })
    await tell(school, payment.initiated(), payment.completed())
    return waiting
  })
  expect((await school.sql<{ status: string }>('SELECT status FROM enrollment WHERE id = $1', [enrollment.id]))[0]?.status).toBe('ACTIVE')
  // Without the ends of transactions, the kit's own, and the counting of learners, which has a group of its own.
  const others = /^(BEGIN|COMMIT|SAVEPOINT)|advisory|published_at|stellr\.(parked|take_in)|pg_notify|^UPDATE "public"."offer"/
  const sent = statements.filter(({ database, text }) => database === 'enrollments' && !others.test(text.trim()))
  expect(sent.length).toBeLessThanOrEqual(16)
})
