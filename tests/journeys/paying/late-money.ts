import { expect } from 'vitest'
import { playSandbox } from '../../../subgraphs/payments/src/testing/play.ts'
import { change, enrollIn } from '../../guarantees/classroom.ts'
import { must } from '../../testkit/courses.ts'
import { payWith, untilEnrollment, untilPayment } from '../../testkit/payments.ts'
import type { School } from '../../testkit/school.ts'
import { begin, expectWhy, newCustomer, openShop, paymentNow, readLesson, type Shop } from './stage.ts'

const MINE = `{ me { enrollments(first: 10) { edges { node { id status attempt course { id title } payment { id status } } } } } }`

/** The bank takes its time, the learner leaves meanwhile, and something becomes of the course; then the bank pays. */
async function payLate(school: School, title: string, meanwhile: (shop: Shop) => Promise<unknown>) {
  const shop = await openShop(school, title)
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const payment = await begin(ada, enrollmentId)
  await payWith(ada, payment, 'delayed', 'PENDING')
  await change(ada, 'dropEnrollment', { enrollmentId }, 'enrollment { status }')
  await meanwhile(shop)
  await school.settle()
  await playSandbox(ada.client.url, payment.clientSecret, { act: 'decide', paid: true })
  const given = [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null] as const
  const left = ['PENDING_PAYMENT', 'CANCELED', 'dropped', ada.id, null, null] as const
  return { ...shop, ada, enrollmentId, payment, whys: [given, left] as const }
}

export async function lateAndUsed(school: School): Promise<void> {
  const { ada, enrollmentId, lessonId, payment, whys } = await payLate(school, 'Late and welcome', async () => {})
  await untilPayment(ada, payment.id, 'COMPLETED')
  await school.settle()
  const { me } = await must(ada.client.query(MINE))
  expect(me.enrollments.edges).toMatchObject([
    { node: { status: 'ACTIVE', attempt: 2, payment: { id: payment.id, status: 'COMPLETED' } } },
    { node: { id: enrollmentId, status: 'CANCELED', attempt: 1, payment: { id: payment.id } } },
  ])
  expect(await readLesson(ada, lessonId)).toBe('Words of lesson 1.')
  await expectWhy(school, ada, enrollmentId, whys)
  await expectWhy(school, ada, me.enrollments.edges[0].node.id, [[null, 'ACTIVE', 'paid_late', null, 'payment.completed', payment.id]])
}

export async function lateAndGivenBack(school: School): Promise<void> {
  const price = { amount: 5900, currency: 'EUR' }
  const ends: [string, (shop: Shop) => Promise<unknown>][] = [
    ['Late and archived', ({ teacher, course }) => change(teacher, 'archiveCourse', { courseId: course.id })],
    ['Late and dearer', ({ teacher, course }) => change(teacher, 'updateCourse', { courseId: course.id, price })],
  ]
  for (const [title, meanwhile] of ends) {
    const { ada, enrollmentId, payment, whys } = await payLate(school, title, meanwhile)
    await untilPayment(ada, payment.id, 'REFUNDED')
    expect(await paymentNow(school, ada, payment.id)).toMatchObject({
      refunded: { amount: 4900, currency: 'EUR' },
      refunds: [{ amount: { amount: 4900 }, status: 'SUCCEEDED', reason: 'late_payment', requestedBy: null }],
      receipt: { number: expect.stringMatching(/^R-\d{6}$/) },
    })
    expect((await must(ada.client.query(MINE))).me.enrollments.edges).toHaveLength(1)
    await expectWhy(school, ada, enrollmentId, whys)
  }
}

/** Whoever leaves and comes back while the bank is at work waits to pay once more: the late money pays for that. */
export async function lateAndBackAgain(school: School): Promise<void> {
  const shop = await openShop(school, 'Late and back')
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const payment = await begin(ada, enrollmentId)
  await payWith(ada, payment, 'delayed', 'PENDING')
  await change(ada, 'dropEnrollment', { enrollmentId })
  const again = await enrollIn(ada, shop.course.id)
  await playSandbox(ada.client.url, payment.clientSecret, { act: 'decide', paid: true })
  await untilEnrollment(ada, again, 'ACTIVE')
  await expectWhy(school, ada, again, [
    [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null],
    ['PENDING_PAYMENT', 'ACTIVE', 'paid_late', null, 'payment.completed', payment.id],
  ])
}
