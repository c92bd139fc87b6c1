import { randomUUID } from 'node:crypto'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, shown, student, type School } from '../testing/school.ts'

const DAY = 24 * 60 * 60

const clock = manualClock()
let school: School
const admin = person('ADMIN')
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const paid = { price: { amount: 1999, currency: 'EUR' }, accessDays: 30 }
const suspend = (enrollmentId: string) => school.change('suspendEnrollment', { enrollmentId, reason: 'a dispute' }, admin)
const resume = (enrollmentId: string) => school.change('resumeEnrollment', { enrollmentId }, admin)
const enrollUser = (userId: string, courseId: string) =>
  school.change('enrollUser', { userId, courseId }, admin, `alreadyEnrolled ${shown}`)
const typesOf = async (id: string) => (await school.events(id)).map(({ type }) => type)
const setStatus = (id: string, status: string) => school.sql(`UPDATE enrollment SET status = '${status}' WHERE id = $1`, [id])

test('access is taken away and given back, and each is kept for the audit log', async () => {
  const [ada, { courseId }] = [student(), await school.course()]
  const { id } = await school.enroll(ada, courseId)
  for (const _time of [1, 2]) expect((await suspend(id)).data.enrollment.status).toBe('SUSPENDED')
  for (const _time of [1, 2]) expect((await resume(id)).data.enrollment.status).toBe('ACTIVE')
  expect(await typesOf(id)).toEqual(['enrollment.created', 'enrollment.suspended', 'enrollment.resumed'])
  const facts = (status: string) => ({ userId: ada.id, courseId, status, attempt: 1 })
  const who = { actorId: admin.id, actorRole: 'ADMIN', subjectType: 'Enrollment', subjectId: id, outcome: 'DONE', count: 1 }
  const suspended = { ...who, action: 'suspendEnrollment', after: { ...facts('SUSPENDED'), reason: 'a dispute' } }
  const resumed = { ...who, action: 'resumeEnrollment', after: facts('ACTIVE') }
  expect(await school.deeds(id)).toEqual([
    { ...suspended, before: facts('ACTIVE') },
    { ...suspended, before: facts('SUSPENDED') },
    { ...resumed, before: facts('SUSPENDED') },
    { ...resumed, before: facts('ACTIVE') },
  ])
  expect(await school.sql('SELECT reason, actor_id FROM enrollment_transition WHERE enrollment_id = $1 ORDER BY version', [id])).toEqual([
    { reason: 'enrolled', actor_id: ada.id },
    { reason: 'suspended', actor_id: admin.id },
    { reason: 'resumed', actor_id: admin.id },
  ])
})

test('what was completed before it was suspended is completed after it, though nobody completes it again', async () => {
  const ada = student()
  const { id } = await school.enroll(ada, (await school.course()).courseId)
  await suspend(id)
  expect((await resume(id)).data.enrollment.status).toBe('ACTIVE')
  await setStatus(id, 'COMPLETED')
  await suspend(id)
  for (const _time of [1, 2]) expect((await resume(id)).data.enrollment.status).toBe('COMPLETED')
  expect((await school.events(id)).slice(3)).toMatchObject([
    { type: 'enrollment.suspended', data: { previousStatus: 'COMPLETED' } },
    { type: 'enrollment.resumed', data: { previousStatus: 'SUSPENDED', status: 'COMPLETED' } },
  ])
  const text = 'query ($id: ID!) { enrollment(id: $id) { transitions { from to } } }'
  expect((await school.ask(text, { id }, ada)).data.enrollment.transitions).toEqual([
    { from: null, to: 'ACTIVE' },
    { from: 'ACTIVE', to: 'SUSPENDED' },
    { from: 'SUSPENDED', to: 'ACTIVE' },
    { from: 'COMPLETED', to: 'SUSPENDED' },
    { from: 'SUSPENDED', to: 'COMPLETED' },
  ])
})

test.each([
  ['suspendEnrollment', ['PENDING_PAYMENT', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED']],
  ['resumeEnrollment', ['PENDING_PAYMENT', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED']],
])('%s is a CONFLICT in every other state: nothing is activated for nothing', async (mutation, states) => {
  const { id } = await school.enroll(student(), (await school.course(paid)).courseId)
  const input = { enrollmentId: id, ...(mutation === 'suspendEnrollment' && { reason: 'why' }) }
  for (const status of states) {
    await setStatus(id, status)
    const { data, codes, errors } = await school.change(mutation, input, admin)
    expect([data, codes]).toEqual([null, ['CONFLICT']])
    expect(errors[0]?.extensions?.['details']).toMatchObject({ from: status })
  }
  expect(await school.deeds(id)).toEqual([])
  expect((await school.change(mutation, { ...input, enrollmentId: randomUUID() }, admin)).codes).toEqual(['NOT_FOUND'])
})

test('an administrator enrolls somebody in a course that costs, without payment', async () => {
  const { courseId } = await school.course(paid)
  const userId = randomUUID()
  const { data } = await enrollUser(userId, courseId)
  expect(data).toMatchObject({
    alreadyEnrolled: false,
    enrollment: { status: 'ACTIVE', attempt: 1, expiresAt: '2026-03-31T09:00:00.000Z', price: paid.price },
  })
  const { id } = data.enrollment
  expect(await enrollUser(userId, courseId)).toMatchObject({ data: { alreadyEnrolled: true, enrollment: { id, status: 'ACTIVE' } } })
  expect(await school.events(id)).toMatchObject([{ type: 'enrollment.created', data: { userId, status: 'ACTIVE' } }])
  const after = { userId, courseId, status: 'ACTIVE', attempt: 1 }
  expect(await school.deeds(id)).toMatchObject([
    { action: 'enrollUser', before: null, after },
    { action: 'enrollUser', before: after, after },
  ])
})

test('what waits for payment becomes active, and its time begins then', async () => {
  const local = manualClock()
  const other = await openSchool({ clock: local })
  try {
    const [ada, { courseId }] = [student(), await other.course(paid)]
    const { id } = await other.enroll(ada, courseId)
    local.advance(10 * DAY)
    const { data } = await other.change('enrollUser', { userId: ada.id, courseId }, admin, `alreadyEnrolled ${shown}`)
    expect(data).toMatchObject({
      alreadyEnrolled: false,
      enrollment: { id, status: 'ACTIVE', enrolledAt: '2026-03-01T09:00:00.000Z', expiresAt: '2026-04-10T09:00:00.000Z' },
    })
    expect(await other.events(id)).toMatchObject([
      { type: 'enrollment.created' },
      {
        type: 'enrollment.activated',
        aggregateversion: 2,
        data: { previousStatus: 'PENDING_PAYMENT', status: 'ACTIVE', expiresAt: '2026-04-10T09:00:00.000Z' },
      },
    ])
    expect(await other.deeds(id)).toMatchObject([{ before: { status: 'PENDING_PAYMENT' }, after: { status: 'ACTIVE' } }])
  } finally {
    await other.stop()
  }
})

test('who is suspended stays so when an administrator enrolls them', async () => {
  const [ada, { courseId }] = [student(), await school.course()]
  await suspend((await school.enroll(ada, courseId)).id)
  expect((await enrollUser(ada.id, courseId)).data).toMatchObject({ alreadyEnrolled: true, enrollment: { status: 'SUSPENDED' } })
})

test('twenty administrators and the learner at once: every change has a version of its own', async () => {
  const [ada, { courseId }] = [student(), await school.course()]
  const { id } = await school.enroll(ada, courseId)
  await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? suspend(id) : resume(id))))
  await resume(id)
  await school.change('dropEnrollment', { enrollmentId: id }, ada)
  const versions = (await school.events(id)).map(({ aggregateversion }) => aggregateversion)
  expect(versions).toEqual(versions.map((_, at) => at + 1))
  const log = await school.sql<{ from: string; to: string }>(
    'SELECT "from", "to" FROM enrollment_transition WHERE enrollment_id = $1 ORDER BY version',
    [id],
  )
  expect(log.slice(1).map(({ from }) => from)).toEqual(log.slice(0, -1).map(({ to }) => to))
  expect(log.at(-1)?.to).toBe('DROPPED')
})
