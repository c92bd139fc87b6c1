import { manualClock } from '@stellr/kit/testing'
import { CourseUpdated } from '@stellr/schema/events/courses'
import { CourseCompleted } from '@stellr/schema/events/progress'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { askedBack, enrollmentsOf, paidLearner, paymentFor, tell, waitingToPay, type Told } from '../testing/payments.ts'
import { openSchool, person, student, type CourseState, type School } from '../testing/school.ts'

// Others' events are dated by the machine's clock.
const clock = manualClock(new Date())
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const DAY = 24 * 60 * 60
const admin = person('ADMIN')
const price = { amount: 1999, currency: 'EUR' }
const LOG = 'query ($id: ID!) { enrollment(id: $id) { transitions { from to reason actor { id } eventId payment { id } } } }'

const waiting = (facts: Partial<CourseState> = {}) => waitingToPay(school, facts)
const learning = (facts: Partial<CourseState> = {}) => paidLearner(school, facts)
const say = (...said: Told[]) => tell(school, ...said)
const drop = ({ ada, id }: { ada: ReturnType<typeof student>; id: string }) => school.change('dropEnrollment', { enrollmentId: id }, ada)
const suspend = (enrollmentId: string) => school.change('suspendEnrollment', { enrollmentId, reason: 'Why.' }, admin)
const resume = (enrollmentId: string) => school.change('resumeEnrollment', { enrollmentId }, admin)
const stored = (userId: string) => enrollmentsOf(school, userId)
const statuses = async (userId: string) => (await stored(userId)).map(({ status }) => status)
const log = async (id: string) => (await school.ask(LOG, { id }, admin)).data.enrollment.transitions
const reasons = async (id: string): Promise<string[]> => (await log(id)).map(({ reason }: { reason: string }) => reason)
const changeCourse = (course: CourseState, change: Partial<CourseState>, event = CourseUpdated) =>
  school.publish(event, { id: course.courseId, version: 2 }, { ...course, ...change })
const asked = (paymentId: string) => askedBack(school, paymentId)
const back = (reason: string) => [['refund.requested', 1, reason]]

describe('a payment that was made', () => {
  test('opens the course that it was begun for, and its time begins then', async () => {
    const { id, payment, userId } = await learning({ accessDays: 30 })
    const events = await school.events(id)
    expect(events).toMatchObject([
      { type: 'enrollment.created', data: { status: 'PENDING_PAYMENT', price, paymentId: null, expiresAt: null } },
      { type: 'enrollment.activated', data: { status: 'ACTIVE', previousStatus: 'PENDING_PAYMENT', price, paymentId: payment.id } },
    ])
    const expiresAt = new Date(String(events[1]?.data['expiresAt']))
    expect(Math.abs(expiresAt.getTime() - Date.now() - 30 * DAY * 1000)).toBeLessThan(60_000)
    expect(await stored(userId)).toEqual([{ id, attempt: 1, status: 'ACTIVE', payment_id: payment.id }])
    expect(await asked(payment.id)).toEqual([])
  })

  test('is kept with who, when and which event, for the learner and administrators; a teacher is not told of the money', async () => {
    const { ada, course, id, payment } = await learning()
    const paid = { from: 'PENDING_PAYMENT', to: 'ACTIVE', reason: 'paid', actor: null, eventId: expect.any(String) }
    const enrolled = { from: null, to: 'PENDING_PAYMENT', reason: 'enrolled', actor: { id: ada.id }, eventId: null, payment: null }
    for (const viewer of [ada, admin]) {
      const { data } = await school.ask(LOG, { id }, viewer)
      expect(data.enrollment.transitions).toEqual([enrolled, { ...paid, payment: { id: payment.id } }])
    }
    const { data } = await school.ask(LOG, { id }, person('INSTRUCTOR', course.instructorId))
    expect(data.enrollment.transitions).toEqual([enrolled, { ...paid, payment: null }])
  })

  test('opens it at the price at which they enrolled, whatever it costs since', async () => {
    const { course, id, userId } = await waiting()
    await changeCourse(course, { price: { amount: 9900, currency: 'EUR' } })
    const payment = paymentFor({ id, userId, courseId: course.courseId })
    await say(payment.initiated(), payment.completed())
    expect((await school.events(id)).at(-1)?.data).toMatchObject({ status: 'ACTIVE', price, paymentId: payment.id })
  })

  test('has one effect, however often it is said', async () => {
    const enrolled = await waiting()
    const payment = paymentFor(enrolled)
    const made = payment.completed()
    await Promise.all(Array.from({ length: 10 }, () => say(made)))
    expect(await reasons(enrolled.id)).toEqual(['enrolled', 'paid'])
    expect(await asked(payment.id)).toEqual([])
  })

  test('of two for one enrollment at once, one opens it and the other goes back', async () => {
    const enrolled = await waiting()
    const payments = [paymentFor(enrolled), paymentFor(enrolled)] as const
    await Promise.all(payments.map((payment) => say(payment.initiated(), payment.completed())))
    const [row] = await stored(enrolled.userId)
    const other = payments.find(({ id }) => id !== row?.payment_id)
    expect(row?.status).toBe('ACTIVE')
    expect(await asked(other?.id ?? '')).toEqual(back('already_enrolled'))
    expect(await asked(row?.payment_id ?? '')).toEqual([])
  })

  test('goes back when an administrator has let them in meanwhile', async () => {
    const enrolled = await waiting()
    await school.change('enrollUser', { userId: enrolled.userId, courseId: enrolled.courseId }, admin)
    const payment = paymentFor(enrolled)
    await say(payment.completed())
    expect(await asked(payment.id)).toEqual(back('already_enrolled'))
    await say(payment.refunded())
    expect(await stored(enrolled.userId)).toMatchObject([{ status: 'ACTIVE', payment_id: null }])
  })

  test('for what never was waits for a person', async () => {
    const payment = paymentFor({ id: admin.id, userId: admin.id, courseId: admin.id })
    await say(payment.initiated(), payment.completed())
    expect(await school.sql('SELECT aggregate_id FROM stellr.parked')).toEqual([{ aggregate_id: payment.id }])
    await school.sql('DELETE FROM stellr.parked')
  })
})

describe('money that went back', () => {
  test('takes access away when all of it did, and not for a part', async () => {
    const { id, payment, userId } = await learning()
    await say(payment.refunded(500))
    expect(await statuses(userId)).toEqual(['ACTIVE'])
    await say(payment.refunded())
    expect(await statuses(userId)).toEqual(['REFUNDED'])
    expect((await school.events(id)).at(-1)).toMatchObject({
      type: 'enrollment.refunded',
      data: { previousStatus: 'ACTIVE', status: 'REFUNDED', paymentId: payment.id },
    })
    expect(await reasons(id)).toEqual(['enrolled', 'paid', 'refunded'])
  })

  test('takes away what it gave, and nothing that another gave', async () => {
    const enrolled = await learning()
    const second = paymentFor(enrolled)
    await say(second.completed(), second.refunded())
    expect(await stored(enrolled.userId)).toMatchObject([{ status: 'ACTIVE', payment_id: enrolled.payment.id }])
    await drop(enrolled)
    const again = await school.enroll(enrolled.ada, enrolled.courseId)
    const third = paymentFor({ ...enrolled, id: again.id })
    await say(third.completed(), enrolled.payment.refunded())
    expect(await stored(enrolled.userId)).toMatchObject([{ status: 'REFUNDED' }, { status: 'ACTIVE', payment_id: third.id }])
  })

  test('makes what was left REFUNDED: who left carries the payment, so that payments can give it back', async () => {
    const { ada, id, payment, userId } = await learning()
    await drop({ ada, id })
    expect((await school.events(id)).at(-1)).toMatchObject({ type: 'enrollment.dropped', data: { paymentId: payment.id } })
    await say(payment.refunded())
    expect(await statuses(userId)).toEqual(['REFUNDED'])
    expect((await school.events(id)).at(-1)?.data).toMatchObject({ previousStatus: 'DROPPED', status: 'REFUNDED' })
  })

  test('makes what is over REFUNDED, whether or not that was recorded', async () => {
    const { id, payment, userId } = await learning({ accessDays: 1 })
    await school.sql(`UPDATE enrollment SET expires_at = now() - interval '1 hour' WHERE id = $1`, [id])
    await say(payment.refunded())
    expect(await statuses(userId)).toEqual(['REFUNDED'])
    const other = await learning({ accessDays: 1 })
    await school.sql(`UPDATE enrollment SET status = 'EXPIRED' WHERE id = $1`, [other.id])
    await say(other.payment.refunded())
    expect(await statuses(other.userId)).toEqual(['REFUNDED'])
  })

  test('lets them enroll and pay once more', async () => {
    const enrolled = await learning()
    await say(enrolled.payment.refunded())
    expect(await school.enroll(enrolled.ada, enrolled.courseId)).toMatchObject({ status: 'PENDING_PAYMENT', attempt: 2 })
  })
})

describe('a dispute', () => {
  test('takes access away until it is won', async () => {
    const { id, payment, userId } = await learning()
    await say(payment.disputed())
    expect(await statuses(userId)).toEqual(['SUSPENDED'])
    await say(payment.closed('COMPLETED'))
    expect(await statuses(userId)).toEqual(['ACTIVE'])
    expect((await school.events(id)).slice(2).map(({ type }) => type)).toEqual(['enrollment.suspended', 'enrollment.resumed'])
    expect(await reasons(id)).toEqual(['enrolled', 'paid', 'payment_disputed', 'dispute_won'])
  })

  test('ends it as REFUNDED when it is lost', async () => {
    const { id, payment, userId } = await learning()
    await say(payment.disputed(), payment.closed('REFUNDED'))
    expect(await statuses(userId)).toEqual(['REFUNDED'])
    expect(await reasons(id)).toEqual(['enrolled', 'paid', 'payment_disputed', 'dispute_lost'])
  })

  test('gives back as completed what was completed', async () => {
    const { courseId, id, payment, userId } = await learning()
    const completedAt = new Date().toISOString()
    await school.publish(CourseCompleted, { id, version: 1 }, { enrollmentId: id, userId, courseId, courseVersion: 1, completedAt })
    await say(payment.disputed(), payment.closed('COMPLETED'))
    expect((await school.events(id)).slice(2).map(({ type, data }) => [type, data['status']])).toEqual([
      ['enrollment.completed', 'COMPLETED'],
      ['enrollment.suspended', 'SUSPENDED'],
      ['enrollment.resumed', 'COMPLETED'],
    ])
  })

  test('cannot be overridden by an administrator while nobody knows who gets the money', async () => {
    const { id, payment, userId } = await learning()
    await say(payment.disputed())
    const { errors } = await resume(id)
    expect(errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { from: 'SUSPENDED', payment: 'DISPUTED' } })
    expect(await statuses(userId)).toEqual(['SUSPENDED'])
  })

  test.each(['before', 'meanwhile'])('that is won gives nothing back that an administrator took away %s', async (when) => {
    const { id, payment, userId } = await learning()
    if (when === 'before') await suspend(id)
    await say(payment.disputed())
    if (when === 'meanwhile') for (const _time of [1, 2]) await suspend(id)
    await say(payment.closed('COMPLETED'))
    expect(await statuses(userId)).toEqual(['SUSPENDED'])
    expect((await reasons(id)).filter((reason) => reason === 'suspended')).toHaveLength(1)
    await resume(id)
    expect(await statuses(userId)).toEqual(['ACTIVE'])
  })

  test('of what was left, or is over, changes nothing until it is lost', async () => {
    const enrolled = await learning()
    await drop(enrolled)
    await say(enrolled.payment.disputed())
    expect(await statuses(enrolled.userId)).toEqual(['DROPPED'])
    await say(enrolled.payment.closed('REFUNDED'))
    expect(await statuses(enrolled.userId)).toEqual(['REFUNDED'])
  })

  test('that is heard once more when it is over suspends nobody', async () => {
    const { payment, userId } = await learning()
    const opened = payment.disputed()
    await say(opened, payment.closed('COMPLETED'), opened)
    expect(await statuses(userId)).toEqual(['ACTIVE'])
  })
})

test('money is asked back once, and it is the index that keeps it once', async () => {
  const row = { paymentId: admin.id, enrollmentId: admin.id, reason: 'late_payment' } as const
  const add = () => school.backstage().store.transaction((tx) => tx.addRefundRequest(row, new Date()))
  const added = async () => (await Promise.all(Array.from({ length: 10 }, add))).filter(Boolean).length
  expect(await added()).toBe(1)
  await school.sql('ALTER TABLE refund_request DROP CONSTRAINT refund_request_pkey')
  expect(await added()).toBe(10)
  await school.sql('DELETE FROM refund_request WHERE payment_id = $1', [admin.id])
  await school.sql('ALTER TABLE refund_request ADD CONSTRAINT refund_request_pkey PRIMARY KEY (payment_id)')
})

test('the database lets no payment give access twice', async () => {
  const [one, other] = [await learning(), await learning()]
  const taking = school.sql('UPDATE enrollment SET payment_id = $1 WHERE id = $2', [one.payment.id, other.id])
  await expect(taking).rejects.toThrow('enrollment_payment_id_key')
})

test('learners see all of it live', async () => {
  const ada = student()
  const { courseId } = await school.course({ price })
  const { id } = await school.enroll(ada, courseId)
  const text = 'subscription { enrollmentUpdated { enrollment { id status payBy } transition { from to reason payment { id } } } }'
  const { next, end } = await school.listen(text, {}, ada)
  const payment = paymentFor({ id, userId: ada.id, courseId })
  await say(payment.completed(), payment.disputed(), payment.closed('COMPLETED'), payment.refunded())
  const seen = await Array.fromAsync({ length: 4 }, async () => (await next())?.data.enrollmentUpdated)
  const paying = { payment: { id: payment.id } }
  expect(seen).toEqual([
    { enrollment: { id, status: 'ACTIVE', payBy: null }, transition: { from: 'PENDING_PAYMENT', to: 'ACTIVE', reason: 'paid', ...paying } },
    {
      enrollment: { id, status: 'SUSPENDED', payBy: null },
      transition: { from: 'ACTIVE', to: 'SUSPENDED', reason: 'payment_disputed', ...paying },
    },
    {
      enrollment: { id, status: 'ACTIVE', payBy: null },
      transition: { from: 'SUSPENDED', to: 'ACTIVE', reason: 'dispute_won', ...paying },
    },
    { enrollment: { id, status: 'REFUNDED', payBy: null }, transition: { from: 'ACTIVE', to: 'REFUNDED', reason: 'refunded', ...paying } },
  ])
  end()
})
