import { randomUUID } from 'node:crypto'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, student, type School } from '../testing/school.ts'

const clock = manualClock()
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const drop = (enrollmentId: string, viewer = student()) => school.change('dropEnrollment', { enrollmentId }, viewer)
const typesOf = async (id: string) => (await school.events(id)).map(({ type, data }) => [type, data['previousStatus'], data['status']])
const statusOf = async (id: string) =>
  (await school.sql<{ status: string }>('SELECT status FROM enrollment WHERE id = $1', [id]))[0]?.status

test('who leaves and comes back begins a second attempt; the first is kept', async () => {
  const ada = student()
  const { courseId } = await school.course()
  const first = await school.enroll(ada, courseId)
  expect((await drop(first.id, ada)).data.enrollment).toMatchObject({ id: first.id, status: 'DROPPED' })
  const second = await school.enroll(ada, courseId)
  expect(second).toMatchObject({ status: 'ACTIVE', attempt: 2 })
  expect(await typesOf(first.id)).toEqual([
    ['enrollment.created', null, 'ACTIVE'],
    ['enrollment.dropped', 'ACTIVE', 'DROPPED'],
  ])
  expect(await typesOf(second.id)).toEqual([['enrollment.created', null, 'ACTIVE']])
  expect(await statusOf(first.id)).toBe('DROPPED')
  const { data } = await school.entities('Course', [{ id: courseId }], 'viewerEnrollment { id attempt }', ada)
  expect(data[0].viewerEnrollment).toEqual({ id: second.id, attempt: 2 })
})

test('leaving twenty times at once is leaving once', async () => {
  const ada = student()
  const { id } = await school.enroll(ada, (await school.course()).courseId)
  const answers = await Promise.all(Array.from({ length: 20 }, () => drop(id, ada)))
  expect(new Set(answers.map(({ data }) => JSON.stringify(data)))).toHaveLength(1)
  expect(answers[0]?.data.enrollment.status).toBe('DROPPED')
  expect((await school.events(id)).map(({ aggregateversion }) => aggregateversion)).toEqual([1, 2])
})

test('leaving what was not paid for yet cancels it, and again changes nothing', async () => {
  const ada = student()
  const { courseId } = await school.course({ price: { amount: 1999, currency: 'EUR' } })
  const { id } = await school.enroll(ada, courseId)
  for (const _time of [1, 2]) expect((await drop(id, ada)).data.enrollment.status).toBe('CANCELED')
  expect(await typesOf(id)).toEqual([
    ['enrollment.created', null, 'PENDING_PAYMENT'],
    ['enrollment.canceled', 'PENDING_PAYMENT', 'CANCELED'],
  ])
  expect(await school.enroll(ada, courseId)).toMatchObject({ status: 'PENDING_PAYMENT', attempt: 2 })
})

test('a suspended enrollment cannot be left: enrolling again would lift the suspension', async () => {
  const ada = student()
  const { id } = await school.enroll(ada, (await school.course()).courseId)
  await school.change('suspendEnrollment', { enrollmentId: id, reason: 'a dispute' }, person('ADMIN'))
  expect((await drop(id, ada)).codes).toEqual(['CONFLICT'])
})

test.each(['COMPLETED', 'EXPIRED', 'REFUNDED'])('what is %s cannot be left', async (status) => {
  const ada = student()
  const { id } = await school.enroll(ada, (await school.course()).courseId)
  await school.sql(`UPDATE enrollment SET status = '${status}' WHERE id = $1`, [id])
  const { codes, errors } = await drop(id, ada)
  expect(codes).toEqual(['CONFLICT'])
  expect(errors[0]?.extensions?.['details']).toEqual({ from: status, to: 'DROPPED' })
})

test('another’s enrollment is as unknown as one that never was, also to those who may see it', async () => {
  const teacher = person('INSTRUCTOR')
  const { courseId } = await school.course({ instructorId: teacher.id })
  const { id } = await school.enroll(student(), courseId)
  const unknown = await drop(randomUUID())
  expect(unknown.codes).toEqual(['NOT_FOUND'])
  for (const viewer of [student(), teacher, person('ADMIN')]) {
    expect(await drop(id, viewer)).toEqual(unknown)
    expect(await school.change('adoptLatestVersion', { enrollmentId: id }, viewer)).toEqual(
      await school.change('adoptLatestVersion', { enrollmentId: randomUUID() }, viewer),
    )
  }
  expect(await statusOf(id)).toBe('ACTIVE')
})
