import { manualClock } from '@stellr/kit/testing'
import { CourseCompleted } from '@stellr/schema/events/progress'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { recordExpired } from './jobs.ts'
import { openSchool, person, student, type School } from './testing/school.ts'

const DAY = 24 * 60 * 60

let clock = manualClock()
let school: School
beforeEach(async () => {
  await school?.stop()
  clock = manualClock()
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const typesOf = async (id: string) => (await school.events(id)).map(({ type }) => type)
const stored = async (id: string) => (await school.sql<{ status: string }>('SELECT status FROM enrollment WHERE id = $1', [id]))[0]?.status

async function enrolledFor(accessDays: number) {
  const [ada, { courseId }] = [student(), await school.course({ accessDays })]
  return { ada, courseId, ...(await school.enroll(ada, courseId)) }
}

test('access counts as over from the very moment on, everywhere, before anything has recorded it', async () => {
  const { ada, courseId, id } = await enrolledFor(30)
  const seen = async () => {
    const text = 'query ($id: ID!) { enrollment(id: $id) { status } }'
    const list = (statuses: string) =>
      school.entities('User', [{ id: ada.id }], `enrollments(statuses: [${statuses}]) { edges { node { id } } }`, ada)
    const dashboard = await school.entities('Dashboard', [{ id: ada.id }], 'activeCourses activeEnrollments { id }', ada)
    const course = await school.entities('Course', [{ id: courseId }], 'viewerEnrollment { status }', ada)
    return {
      status: (await school.ask(text, { id }, ada)).data.enrollment.status,
      viewer: course.data[0].viewerEnrollment.status,
      active: (await list('ACTIVE')).data[0].enrollments.edges.length,
      expired: (await list('EXPIRED')).data[0].enrollments.edges.length,
      dashboard: [dashboard.data[0].activeCourses, dashboard.data[0].activeEnrollments.length],
    }
  }
  clock.advance(30 * DAY - 0.001)
  expect(await seen()).toEqual({ status: 'ACTIVE', viewer: 'ACTIVE', active: 1, expired: 0, dashboard: [1, 1] })
  clock.advance(0.001)
  expect(await seen()).toEqual({ status: 'EXPIRED', viewer: 'EXPIRED', active: 0, expired: 1, dashboard: [0, 0] })
  expect(await stored(id)).toBe('ACTIVE')
})

test('what is over can be changed no more', async () => {
  const { ada, courseId, id } = await enrolledFor(1)
  clock.advance(DAY)
  const change = (mutation: string, input: object = {}, viewer = ada) => school.change(mutation, { enrollmentId: id, ...input }, viewer)
  expect((await change('dropEnrollment')).errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { from: 'EXPIRED' } })
  expect((await change('adoptLatestVersion')).codes).toEqual(['CONFLICT'])
  expect((await change('suspendEnrollment', { reason: 'late' }, person('ADMIN'))).codes).toEqual(['CONFLICT'])
  expect((await change('resumeEnrollment', {}, person('ADMIN'))).codes).toEqual(['CONFLICT'])
  // The event is made now, by the real clock, which is later still.
  const data = { enrollmentId: id, userId: ada.id, courseId, courseVersion: 1, completedAt: '2026-03-05T00:00:00.000Z' }
  await school.publish(CourseCompleted, { id, version: 1 }, data)
  expect(await typesOf(id)).toEqual(['enrollment.created'])
  expect(await school.sql('SELECT FROM stellr.parked')).toEqual([])
  const suspended = await enrolledFor(1)
  const again = () => school.change('suspendEnrollment', { enrollmentId: suspended.id, reason: 'a dispute' }, person('ADMIN'))
  await again()
  clock.advance(DAY)
  expect((await again()).codes).toEqual(['CONFLICT'])
})

test('enrolling again ends the stale row first, in one go, also when many do it at once', async () => {
  const { ada, courseId, id } = await enrolledFor(30)
  clock.advance(31 * DAY)
  const again = await Promise.all(Array.from({ length: 20 }, () => school.enroll(ada, courseId)))
  expect(new Set(again.map((enrollment) => enrollment.id)).size).toBe(1)
  expect(again[0]).toMatchObject({ status: 'ACTIVE', attempt: 2, expiresAt: '2026-05-01T09:00:00.000Z' })
  expect(await stored(id)).toBe('EXPIRED')
  expect(await school.events(id)).toMatchObject([
    { type: 'enrollment.created' },
    { type: 'enrollment.expired', aggregateversion: 2, data: { previousStatus: 'ACTIVE', status: 'EXPIRED' } },
  ])
})

test('the job records each end once, however often and at once it runs, and leaves the others alone', async () => {
  const over = await Promise.all(Array.from({ length: 3 }, () => enrolledFor(30)))
  const [later, endless] = [await enrolledFor(31), await school.enroll(student(), (await school.course()).courseId)]
  const suspended = await enrolledFor(30)
  await school.change('suspendEnrollment', { enrollmentId: suspended.id, reason: 'a dispute' }, person('ADMIN'))
  clock.advance(30 * DAY)
  await Promise.all([1, 2, 3].map(() => recordExpired.run(school.backstage())))
  await recordExpired.run(school.backstage())
  for (const { id } of over) {
    expect(await stored(id)).toBe('EXPIRED')
    expect(await typesOf(id)).toEqual(['enrollment.created', 'enrollment.expired'])
    const log = await school.sql('SELECT reason, actor_id FROM enrollment_transition WHERE enrollment_id = $1 ORDER BY version', [id])
    expect(log[1]).toEqual({ reason: 'expired', actor_id: null })
  }
  expect(await typesOf(suspended.id)).toEqual(['enrollment.created', 'enrollment.suspended', 'enrollment.expired'])
  for (const { id } of [later, endless]) expect(await stored(id)).toBe('ACTIVE')
})

test('more than one batch is recorded in one turn', async () => {
  const { courseId } = await school.course({ accessDays: 1 })
  await Promise.all(Array.from({ length: 120 }, () => school.enroll(student(), courseId)))
  clock.advance(DAY)
  await recordExpired.run(school.backstage())
  expect(await school.sql(`SELECT FROM enrollment WHERE status = 'EXPIRED'`)).toHaveLength(120)
})

test('what was completed stays completed when its time is over', async () => {
  const { ada, courseId, id } = await enrolledFor(30)
  await school.sql(`UPDATE enrollment SET status = 'COMPLETED' WHERE id = $1`, [id])
  clock.advance(31 * DAY)
  await recordExpired.run(school.backstage())
  expect(await school.change('enroll', { courseId }, ada, 'alreadyEnrolled enrollment { id status }')).toMatchObject({
    data: { alreadyEnrolled: true, enrollment: { id, status: 'COMPLETED' } },
  })
})
