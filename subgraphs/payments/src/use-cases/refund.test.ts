import { viewerOf } from '@stellr/kit/testing'
import { ProgressUpdated } from '@stellr/schema/events/progress'
import { RefundRequested } from '@stellr/schema/events/enrollments'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, openSchool, type School, type Unpaid } from '../testing/school.ts'

let school: School
const admin = viewerOf('ADMIN')

beforeAll(async () => {
  school = await openSchool()
})

afterAll(() => school.stop())

async function paid(facts = {}): Promise<{ enrolled: Unpaid; id: string }> {
  const enrolled = await school.enroll(facts)
  const { id } = await school.pay(enrolled)
  await enrolled.change({ status: 'ACTIVE', paymentId: id })
  return { enrolled, id }
}

const progress = ({ id, learner, courseId }: Unpaid, percentBasisPoints: number) =>
  school.publish(
    ProgressUpdated,
    { id, version: percentBasisPoints + 1 },
    { enrollmentId: id, userId: learner.id, courseId, percentBasisPoints, completedLessons: 1, requiredLessons: 5, activeSeconds: 0 },
  )
const backAtProvider = async (paymentId: string) => {
  const [row] = await school.sql<{ sum: string | null }>(
    `SELECT sum(sandbox_refund.amount)::text FROM sandbox_refund JOIN sandbox_payment ON sandbox_payment.id = payment_id
     WHERE sandbox_payment.reference = $1 AND sandbox_refund.state <> 'failed'`,
    [paymentId],
  )
  return Number(row?.sum ?? 0)
}

describe('an administrator', () => {
  test('gives back a part, and then the rest', async () => {
    const { id } = await paid()
    const part = await school.refund({ paymentId: id, amount: 500 }, admin)
    expect(part.data.refundPayment.payment).toMatchObject({
      status: 'PARTIALLY_REFUNDED',
      refunded: { amount: 500 },
      refunds: [{ amount: { amount: 500 }, status: 'SUCCEEDED', reason: 'Not for me.' }],
    })
    const rest = await school.refund({ paymentId: id }, admin)
    expect(rest.data.refundPayment.payment).toMatchObject({ status: 'REFUNDED', refunded: { amount: 1999 } })
    expect((await school.events(id)).map(({ type, version }) => [type, version])).toEqual([
      ['payment.initiated', 1],
      ['payment.completed', 2],
      ['payment.refunded', 3],
      ['payment.refunded', 4],
    ])
    expect(await backAtProvider(id)).toBe(1999)
  })

  test('is told what is left when it is too much, and nothing happens', async () => {
    const { id } = await paid()
    await school.refund({ paymentId: id, amount: 1500 }, admin)
    const { errors } = await school.refund({ paymentId: id, amount: 500 }, admin)
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'REFUND_TOO_LARGE', details: { left: 499 } }),
    ])
    expect(await backAtProvider(id)).toBe(1500)
  })

  test('leaves the deed in the audit log', async () => {
    const { id } = await paid()
    await school.refund({ paymentId: id, amount: 500, reason: 'They asked nicely.' }, admin)
    const deeds = await school.sql<{ data: object }>(
      `SELECT event -> 'data' AS data FROM stellr.outbox WHERE event -> 'data' ->> 'subjectId' = $1`,
      [id],
    )
    expect(deeds).toMatchObject([
      {
        data: {
          action: 'refundPayment',
          actorId: admin.id,
          before: { refundedAmount: 0 },
          after: { amount: 500, reason: 'They asked nicely.' },
        },
      },
    ])
  })
})

test('however many ask at once, never more than was paid goes back', async () => {
  const { enrolled, id } = await paid()
  const asked = Array.from({ length: 20 }, (_, index) =>
    school.refund({ paymentId: id, amount: 600 }, index % 2 === 0 ? admin : enrolled.learner),
  )
  const answers = await Promise.all(asked)
  expect(new Set(answers.flatMap(({ codes }) => codes))).toEqual(
    new Set(['CONFLICT', 'FORBIDDEN', 'REFUND_TOO_LARGE'].filter((code) => answers.some(({ codes }) => codes.includes(code)))),
  )
  for (let more = 0; more < 5; more += 1) await school.refund({ paymentId: id, amount: 600 }, admin)
  expect(await backAtProvider(id)).toBe(1800)
  expect((await school.refund({ paymentId: id, amount: 600 }, admin)).codes).toEqual(['REFUND_TOO_LARGE'])
})

test('a refund sent again with its key is that one refund; with another input a conflict', async () => {
  const { id } = await paid()
  const idempotencyKey = newId()
  const answers = await Promise.all(Array.from({ length: 10 }, () => school.refund({ paymentId: id, amount: 100, idempotencyKey }, admin)))
  expect(answers.flatMap(({ codes }) => codes)).toEqual([])
  expect(await backAtProvider(id)).toBe(100)
  expect((await school.refund({ paymentId: id, amount: 200, idempotencyKey }, admin)).codes).toEqual(['IDEMPOTENCY_CONFLICT'])
})

describe('a learner', () => {
  test('has all of it back within the days and below the progress', async () => {
    const { enrolled, id } = await paid()
    await progress(enrolled, 1999)
    expect((await school.refund({ paymentId: id }, enrolled.learner)).data.refundPayment.payment.status).toBe('REFUNDED')
  })

  test('not a part of it, and not once they have learned that much', async () => {
    const { enrolled, id } = await paid()
    expect((await school.refund({ paymentId: id, amount: 100 }, enrolled.learner)).codes).toEqual(['FORBIDDEN'])
    await progress(enrolled, 2000)
    const { errors } = await school.refund({ paymentId: id }, enrolled.learner)
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'FORBIDDEN', details: { withinDays: 14, belowPercent: 20, wholeAmountOnly: true } }),
    ])
    expect(await backAtProvider(id)).toBe(0)
  })

  test('not when the days are over, by the terms on which it was begun', async () => {
    const { enrolled, id } = await paid()
    await school.sql(`UPDATE payment SET paid_at = now() - interval '14 days 1 second' WHERE id = $1`, [id])
    expect((await school.refund({ paymentId: id }, enrolled.learner)).codes).toEqual(['FORBIDDEN'])
    await school.sql(`UPDATE payment SET paid_at = now() - interval '13 days 23 hours' WHERE id = $1`, [id])
    expect((await school.refund({ paymentId: id }, enrolled.learner)).codes).toEqual([])
  })

  test('finds no payment of another’s, nor an unknown one', async () => {
    const { id } = await paid()
    for (const paymentId of [id, newId()]) {
      expect((await school.refund({ paymentId }, viewerOf('STUDENT'))).codes).toEqual(['NOT_FOUND'])
      expect((await school.refund({ paymentId }, viewerOf('INSTRUCTOR'))).codes).toEqual(['NOT_FOUND'])
    }
  })

  test('who leaves within the rule has the money back without asking, once', async () => {
    const { enrolled, id } = await paid()
    await enrolled.change({ status: 'DROPPED' })
    await school.until(id, 'REFUNDED')
    expect(await school.sql('SELECT reason, requested_by FROM refund WHERE payment_id = $1', [id])).toEqual([
      { reason: 'dropped', requested_by: null },
    ])
  })

  test('who leaves after having learned much has not', async () => {
    const { enrolled, id } = await paid()
    await progress(enrolled, 5000)
    await enrolled.change({ status: 'DROPPED' })
    expect(await school.sql('SELECT id FROM refund WHERE payment_id = $1', [id])).toEqual([])
  })
})

test('what can give access to nothing goes back when enrollments says so, once', async () => {
  const { enrolled, id } = await paid()
  const data = {
    paymentId: id,
    enrollmentId: enrolled.id,
    userId: enrolled.learner.id,
    courseId: enrolled.courseId,
    reason: 'late_payment' as const,
  }
  await school.publish(RefundRequested, { id, version: 1 }, data)
  await school.until(id, 'REFUNDED')
  expect(await school.sql('SELECT reason, amount::int FROM refund WHERE payment_id = $1', [id])).toEqual([
    { reason: 'late_payment', amount: 1999 },
  ])
})

test('what was not paid cannot go back', async () => {
  const enrolled = await school.enroll()
  const { id } = await school.begin(enrolled)
  for (const viewer of [admin, enrolled.learner]) expect((await school.refund({ paymentId: id }, viewer)).codes).toEqual(['CONFLICT'])
})

test.each([0, -1, 1.5, 2 ** 53])('%s is no amount to give back', async (amount) => {
  const { id } = await paid()
  expect((await school.refund({ paymentId: id, amount }, admin)).codes).toEqual(['BAD_USER_INPUT'])
})
