import { systemRandom } from '@stellr/kit'
import { CourseCompleted } from '@stellr/schema/events/progress'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, student, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

async function enrolled(status?: string) {
  const [ada, { courseId }] = [student(), await school.course()]
  const { id } = await school.enroll(ada, courseId)
  if (status) await school.sql(`UPDATE enrollment SET status = '${status}' WHERE id = $1`, [id])
  return { ada, courseId, id }
}
const completed = ({ ada, courseId, id }: { ada: { id: string }; courseId: string; id: string }, version = 1) =>
  school.publish(
    CourseCompleted,
    { id, version },
    { enrollmentId: id, userId: ada.id, courseId, courseVersion: 1, completedAt: '2026-03-01T09:00:00.000Z' },
  )
const stored = async (id: string) => (await school.sql<{ status: string }>('SELECT status FROM enrollment WHERE id = $1', [id]))[0]?.status
const counted = async (courseId: string) => {
  await school.settle()
  return (await school.entities('Course', [{ id: courseId }], 'enrollmentCount')).data[0].enrollmentCount
}

test('what is learned is completed by its progress, once, however often that is said', async () => {
  const status = 'ACTIVE'
  const enrollment = await enrolled(status)
  await completed(enrollment)
  await completed(enrollment, 2)
  expect(await school.events(enrollment.id)).toMatchObject([
    { type: 'enrollment.created' },
    { type: 'enrollment.completed', aggregateversion: 2, data: { previousStatus: status, status: 'COMPLETED' } },
  ])
  const log = await school.sql<{ event_id: string | null }>(
    'SELECT "from", "to", reason, actor_id, event_id FROM enrollment_transition WHERE enrollment_id = $1 AND version = 2',
    [enrollment.id],
  )
  expect(log).toEqual([{ from: status, to: 'COMPLETED', reason: 'course_completed', actor_id: null, event_id: expect.any(String) }])
})

test('what is suspended stays so, and is completed when it is resumed', async () => {
  const enrollment = await enrolled('SUSPENDED')
  await completed(enrollment)
  expect(await stored(enrollment.id)).toBe('SUSPENDED')
  await school.sql(`UPDATE enrollment SET status = 'ACTIVE' WHERE id = $1`, [enrollment.id])
  await expect.poll(() => stored(enrollment.id), { timeout: 10_000 }).toBe('COMPLETED')
})

test.each(['PENDING_PAYMENT', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'])(
  'what is %s stays so when its completion arrives, and nothing is held up',
  async (status) => {
    const enrollment = await enrolled(status)
    await completed(enrollment)
    expect(await stored(enrollment.id)).toBe(status)
    expect(await school.events(enrollment.id)).toHaveLength(1)
    expect(await school.sql('SELECT FROM stellr.parked')).toEqual([])
  },
)

test('a completion of what never was waits for a person, and holds up nobody else', async () => {
  const id = systemRandom.id()
  await completed({ ada: student(), courseId: systemRandom.id(), id })
  expect(await school.sql('SELECT aggregate_id FROM stellr.parked')).toEqual([{ aggregate_id: id }])
  const enrollment = await enrolled()
  await completed(enrollment)
  expect(await stored(enrollment.id)).toBe('COMPLETED')
  await school.sql('DELETE FROM stellr.parked')
})

test('a course counts those who learn or have learned, whatever happens at once', async () => {
  const { courseId } = await school.course()
  const admin = person('ADMIN')
  expect(await counted(courseId)).toBe(0)
  const people = Array.from({ length: 30 }, () => student())
  const ids = await Promise.all(people.map(async (viewer) => (await school.enroll(viewer, courseId)).id))
  expect(await counted(courseId)).toBe(30)
  await Promise.all(people.slice(0, 10).map((viewer, at) => school.change('dropEnrollment', { enrollmentId: ids[at] }, viewer)))
  await Promise.all(ids.slice(10, 20).map((enrollmentId) => school.change('suspendEnrollment', { enrollmentId, reason: 'why' }, admin)))
  await Promise.all(people.slice(20).map((ada, at) => completed({ ada, courseId, id: ids[20 + at] ?? '' })))
  expect(await counted(courseId)).toBe(20)
  await Promise.all(people.slice(0, 5).map((viewer) => school.enroll(viewer, courseId)))
  expect(await counted(courseId)).toBe(25)
})

test('who has not paid does not count until they have', async () => {
  const { courseId } = await school.course({ price: { amount: 1999, currency: 'EUR' } })
  const ada = student()
  await school.enroll(ada, courseId)
  expect(await counted(courseId)).toBe(0)
  await school.change('enrollUser', { userId: ada.id, courseId }, person('ADMIN'))
  expect(await counted(courseId)).toBe(1)
})

test('a course that nobody has heard of has no learners', async () => {
  expect(await counted(systemRandom.id())).toBe(0)
})
