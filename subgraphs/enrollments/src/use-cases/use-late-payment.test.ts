import type { UserViewer } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { CourseArchived, CourseUpdated } from '@stellr/schema/events/courses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askedBack, enrollmentsOf, paidLearner, paymentFor, tell, waitingToPay, type Told } from '../testing/payments.ts'
import { openSchool, person, type CourseState, type School } from '../testing/school.ts'

// Others' events are dated by the machine's clock.
const clock = manualClock(new Date())
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const admin = person('ADMIN')
const price = { amount: 1999, currency: 'EUR' }
const LOG = 'query ($id: ID!) { enrollment(id: $id) { transitions { from to reason actor { id } eventId payment { id } } } }'

const waiting = (facts: Partial<CourseState> = {}) => waitingToPay(school, facts)
const learning = (facts: Partial<CourseState> = {}) => paidLearner(school, facts)
const say = (...said: Told[]) => tell(school, ...said)
const drop = ({ ada, id }: { ada: UserViewer; id: string }) => school.change('dropEnrollment', { enrollmentId: id }, ada)
const stored = (userId: string) => enrollmentsOf(school, userId)
const statuses = async (userId: string) => (await stored(userId)).map(({ status }) => status)
const log = async (id: string) => (await school.ask(LOG, { id }, admin)).data.enrollment.transitions
const reasons = async (id: string): Promise<string[]> => (await log(id)).map(({ reason }: { reason: string }) => reason)
const changeCourse = (course: CourseState, change: Partial<CourseState>, event = CourseUpdated) =>
  school.publish(event, { id: course.courseId, version: 2 }, { ...course, ...change })
const asked = (paymentId: string) => askedBack(school, paymentId)
const back = (reason: string) => [['refund.requested', 1, reason]]

test('a late payment opens a new attempt, of the course as it is by then', async () => {
  const enrolled = await waiting({ accessDays: 30 })
  const payment = paymentFor(enrolled)
  await drop(enrolled)
  await changeCourse(enrolled.course, { version: 2 })
  await say(payment.completed())
  const [before, after] = await stored(enrolled.userId)
  expect(before).toMatchObject({ id: enrolled.id, status: 'CANCELED', payment_id: null })
  expect(after).toMatchObject({ attempt: 2, status: 'ACTIVE', payment_id: payment.id })
  expect(await log(after?.id ?? '')).toMatchObject([
    { from: null, to: 'ACTIVE', reason: 'paid_late', actor: null, payment: { id: payment.id } },
  ])
  expect(await school.events(after?.id ?? '')).toMatchObject([
    { type: 'enrollment.created', data: { status: 'ACTIVE', courseVersion: 2, attempt: 2, price, paymentId: payment.id } },
  ])
  expect(await asked(payment.id)).toEqual([])
})

test.each<[string, Partial<CourseState>, typeof CourseUpdated]>([
  ['costs more', { price: { amount: 2000, currency: 'EUR' } }, CourseUpdated],
  ['costs less', { price: { amount: 1998, currency: 'EUR' } }, CourseUpdated],
  ['costs another currency', { price: { amount: 1999, currency: 'JPY' } }, CourseUpdated],
  ['is free', { price: { amount: 0, currency: 'EUR' } }, CourseUpdated],
  ['is open for less time', { accessDays: 7 }, CourseUpdated],
  ['is archived', { status: 'ARCHIVED' }, CourseArchived],
])('a late payment goes back when the course by then %s', async (_what, change, event) => {
  const enrolled = await waiting()
  await drop(enrolled)
  await changeCourse(enrolled.course, change, event)
  const payment = paymentFor(enrolled)
  await say(payment.completed())
  expect(await asked(payment.id)).toEqual(back('late_payment'))
  expect(await statuses(enrolled.userId)).toEqual(['CANCELED'])
})

test('a late payment pays for the enrollment that waits to be paid for by then', async () => {
  const enrolled = await waiting()
  await drop(enrolled)
  const again = await school.enroll(enrolled.ada, enrolled.courseId)
  const payment = paymentFor(enrolled)
  await say(payment.completed())
  expect(await stored(enrolled.userId)).toMatchObject([
    { status: 'CANCELED' },
    { id: again.id, attempt: 2, status: 'ACTIVE', payment_id: payment.id },
  ])
  expect(await reasons(again.id)).toEqual(['enrolled', 'paid_late'])
})

test('a late payment goes back when that costs something else', async () => {
  const enrolled = await waiting()
  await drop(enrolled)
  await changeCourse(enrolled.course, { price: { amount: 2500, currency: 'EUR' } })
  await school.enroll(enrolled.ada, enrolled.courseId)
  const payment = paymentFor(enrolled)
  await say(payment.completed())
  expect(await asked(payment.id)).toEqual(back('late_payment'))
  expect(await statuses(enrolled.userId)).toEqual(['CANCELED', 'PENDING_PAYMENT'])
})

test('a late payment goes back when they have paid for another attempt by then', async () => {
  const enrolled = await waiting()
  await drop(enrolled)
  const again = await school.enroll(enrolled.ada, enrolled.courseId)
  const [late, other] = [paymentFor(enrolled), paymentFor({ ...enrolled, id: again.id })]
  await say(other.completed(), late.completed())
  expect(await asked(late.id)).toEqual(back('already_enrolled'))
  expect(await stored(enrolled.userId)).toMatchObject([{ status: 'CANCELED' }, { status: 'ACTIVE', payment_id: other.id }])
})

test('of ten late payments at once, one opens a new attempt and nine go back', async () => {
  const enrolled = await waiting()
  await drop(enrolled)
  const payments = Array.from({ length: 10 }, () => paymentFor(enrolled))
  await Promise.all(payments.map((payment) => say(payment.completed())))
  expect(await statuses(enrolled.userId)).toEqual(['CANCELED', 'ACTIVE'])
  const all = (await Promise.all(payments.map(({ id }) => asked(id)))).flat()
  expect(all).toEqual(Array.from({ length: 9 }, () => back('already_enrolled')[0]))
})

test('a late payment goes back when they had access by another and left', async () => {
  const enrolled = await learning()
  await drop(enrolled)
  const second = paymentFor(enrolled)
  await say(second.completed())
  expect(await asked(second.id)).toEqual(back('late_payment'))
  expect(await statuses(enrolled.userId)).toEqual(['DROPPED'])
})
