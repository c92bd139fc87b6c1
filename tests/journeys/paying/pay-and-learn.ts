import { expect } from 'vitest'
import { textOf } from '../../../subgraphs/payments/src/receipts/testing.ts'
import { must } from '../../testkit/courses.ts'
import { payWith } from '../../testkit/payments.ts'
import type { School } from '../../testkit/school.ts'
import { listenTo } from './hearing.ts'
import { begin, expectWhy, newCustomer, openShop, paymentNow, readLesson, refund } from './stage.ts'

const PROGRESS = `query ($id: ID!) { enrollment(id: $id) { status payBy price { amount currency } payment { id status }
  progress { percent completedLessons requiredLessons } } }`
const COMPLETE = 'mutation ($id: ID!) { markLessonComplete(input: { lessonId: $id }) { courseProgress { percent completedLessons } } }'

/** From enrolling to the lesson, watched live; then the money back. */
export async function payAndLearn(school: School): Promise<void> {
  const shop = await openShop(school, 'Dear gardens')
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const heard = await listenTo(ada)
  const waiting = (await must(ada.client.query(PROGRESS, { id: enrollmentId }))).enrollment
  expect(waiting).toMatchObject({ status: 'PENDING_PAYMENT', price: { amount: 4900, currency: 'EUR' }, payment: null })
  expect(await readLesson(ada, shop.lessonId)).toBe('NOT_ENROLLED')
  expect((await ada.client.query(COMPLETE, { id: shop.lessonId })).codes).toEqual(['NOT_ENROLLED'])

  const payment = await begin(ada, enrollmentId)
  expect(payment).toMatchObject({ status: 'REQUIRES_ACTION', provider: 'sandbox', receipt: null, paidAt: null, refunds: [] })
  await payWith(ada, payment, 'success', 'COMPLETED')
  await expect.poll(() => heard.enrollments(enrollmentId).at(-1)?.status).toBe('ACTIVE')
  // Whoever has heard that it is open opens it at once.
  expect(await readLesson(ada, shop.lessonId)).toBe('Words of lesson 1.')
  const { markLessonComplete } = await must(ada.client.query(COMPLETE, { id: shop.lessonId }))
  expect(markLessonComplete.courseProgress).toEqual({ percent: 16.66, completedLessons: 1 })

  const paid = await paymentNow(school, ada, payment.id)
  expect(paid).toMatchObject({
    status: 'COMPLETED',
    clientSecret: null,
    enrollment: { id: enrollmentId, status: 'ACTIVE' },
    course: { title: 'Dear gardens' },
    user: { id: ada.id, name: 'Ada Lovelace' },
    receipt: { number: 'R-000001' },
  })
  expect(paid.events.map(({ type }: { type: string }) => type)).toEqual(['INITIATED', 'CREATED', 'ACTION_REQUIRED', 'SUCCEEDED'])
  await expectReceipt(paid.receipt, ['R-000001', 'Dear gardens', 'Ada Lovelace', 'EUR 49.00'])
  const enrolled = [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null] as const
  const opened = ['PENDING_PAYMENT', 'ACTIVE', 'paid', null, 'payment.completed', payment.id] as const
  await expectWhy(school, ada, enrollmentId, [enrolled, opened])

  const returned = await refund(ada, { paymentId: payment.id, reason: 'Not what I expected.' })
  expect(returned).toMatchObject({
    status: 'REFUNDED',
    refunded: { amount: 4900, currency: 'EUR' },
    refundableUntil: null,
    refunds: [{ amount: { amount: 4900 }, status: 'SUCCEEDED', reason: 'Not what I expected.', requestedBy: { id: ada.id } }],
  })
  await expect.poll(() => heard.enrollments(enrollmentId).at(-1)?.status).toBe('REFUNDED')
  await expectWhy(school, ada, enrollmentId, [enrolled, opened, ['ACTIVE', 'REFUNDED', 'refunded', null, 'payment.refunded', payment.id]])
  expect(await readLesson(ada, shop.lessonId)).toBe('NOT_ENROLLED')
  const left = (await must(ada.client.query(PROGRESS, { id: enrollmentId }))).enrollment
  expect(left).toMatchObject({ payment: { id: payment.id, status: 'REFUNDED' }, progress: { percent: 16.66, completedLessons: 1 } })

  // Nothing was missed, nothing came twice, and all in order.
  const statuses = heard.payments(enrollmentId).map(({ status }) => status)
  expect(statuses).toEqual(['PENDING', 'PENDING', 'REQUIRES_ACTION', 'COMPLETED', 'REFUNDED'])
  expect(heard.enrollments(enrollmentId)).toMatchObject([
    { status: 'ACTIVE', transition: { from: 'PENDING_PAYMENT', to: 'ACTIVE', reason: 'paid', payment: { id: payment.id } } },
    { status: 'REFUNDED', transition: { from: 'ACTIVE', to: 'REFUNDED', reason: 'refunded', payment: { id: payment.id } } },
  ])
}

async function expectReceipt({ pdfUrl }: { pdfUrl: string }, says: readonly string[]): Promise<void> {
  const reply = await fetch(pdfUrl)
  expect([reply.status, reply.headers.get('content-type')]).toEqual([200, 'application/pdf'])
  const text = await textOf(await reply.bytes())
  for (const part of says) expect(text).toContain(part)
  const forged = await fetch(pdfUrl.replace(/signature=..../, 'signature=AAAA'))
  expect([forged.status, await forged.json()]).toMatchObject([403, { errorCode: 'FORBIDDEN' }])
}
