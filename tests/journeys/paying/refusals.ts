import { expect } from 'vitest'
import { change, enrollIn } from '../../guarantees/classroom.ts'
import type { Reply } from '../../testkit/client.ts'
import { payWith, untilEnrollment } from '../../testkit/payments.ts'
import type { Person, School } from '../../testkit/school.ts'
import { begin, newCustomer, openShop } from './stage.ts'

const INITIATE = 'mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { payment { id method } } }'
const REFUND = 'mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { payment { id } } }'
const FIND = 'query ($id: ID, $transactionId: String) { payment(id: $id, transactionId: $transactionId) { id } }'

/** What somebody who writes a front end meets: each with a code, a message, details where there is more to say, and an id to ask about. */
export async function refusals(school: School): Promise<void> {
  const shop = await openShop(school, 'Refused')
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const eve = await school.register({ name: 'Eve' })
  const key = 'one intention to pay'
  const initiate = (by: Person, input: object) =>
    by.client.query(INITIATE, { input: { enrollmentId, method: 'CARD', idempotencyKey: key, ...input } })

  expectRefusal(await initiate(eve, {}), 'NOT_FOUND')
  expectRefusal(await initiate(ada, { enrollmentId: '0195d4a8-0000-7000-8000-000000000001' }), 'NOT_FOUND')
  expectRefusal(await initiate(ada, { idempotencyKey: 'short' }), 'BAD_USER_INPUT', [{ path: 'input.idempotencyKey' }])
  expectRefusal(await initiate(ada, { enrollmentId: 'none' }), 'BAD_USER_INPUT', [{ path: 'input.enrollmentId' }])
  const whole = { enrollmentId, method: 'CARD', idempotencyKey: key }
  expectRefusal(await school.client().query(INITIATE, { input: whole }), 'UNAUTHENTICATED')

  const begun = await initiate(ada, {})
  expect((await initiate(ada, {})).data).toEqual(begun.data)
  expectRefusal(await initiate(ada, { method: 'CHECKOUT' }), 'IDEMPOTENCY_CONFLICT')
  const { id: paymentId, clientSecret } = await begin(ada, enrollmentId)
  expect(paymentId).toBe(begun.data.initiatePayment.payment.id)
  const giveBack = (by: Person, input: object) => by.client.query(REFUND, { input: { paymentId, reason: 'Because.', ...input } })
  expectRefusal(await giveBack(ada, {}), 'CONFLICT', { status: 'REQUIRES_ACTION' })
  await payWith(ada, { id: paymentId, clientSecret }, 'success', 'COMPLETED')
  await untilEnrollment(ada, enrollmentId, 'ACTIVE')
  await school.settle()

  expectRefusal(await initiate(ada, { idempotencyKey: 'another intention' }), 'ALREADY_PAID')
  const free = await enrollFree(school, ada)
  expectRefusal(await initiate(ada, { enrollmentId: free, idempotencyKey: 'to pay for nothing' }), 'CONFLICT', { status: 'ACTIVE' })

  const admin = await school.admin()
  expectRefusal(await giveBack(eve, {}), 'NOT_FOUND')
  expectRefusal(await giveBack(ada, { amount: 100 }), 'FORBIDDEN', { withinDays: 14, belowPercent: 20, wholeAmountOnly: true })
  for (const by of [ada, admin]) {
    for (const amount of [0, -1]) expectRefusal(await giveBack(by, { amount }), 'BAD_USER_INPUT', [{ path: 'input.amount' }])
    for (const amount of [1.5, 2 ** 53, '100']) expectRefusal(await giveBack(by, { amount }), 'BAD_USER_INPUT')
    expectRefusal(await giveBack(by, { reason: '' }), 'BAD_USER_INPUT', [{ path: 'input.reason' }])
  }
  expectRefusal(await giveBack(admin, { amount: 4901 }), 'REFUND_TOO_LARGE', { left: 4900 })
  expectRefusal(await giveBack(admin, { amount: Number.MAX_SAFE_INTEGER }), 'REFUND_TOO_LARGE', { left: 4900 })

  expectRefusal(await eve.client.query(FIND, { id: paymentId }), 'NOT_FOUND')
  expectRefusal(await ada.client.query(FIND, { transactionId: 'nobody’s' }), 'NOT_FOUND')
  expectRefusal(await ada.client.query(FIND, {}), 'BAD_USER_INPUT', [{ path: 'id' }])
  expectRefusal(await school.client().query(FIND, { id: paymentId }), 'UNAUTHENTICATED')
}

function expectRefusal(reply: Reply, code: string, details?: object): void {
  expect(reply.codes, reply.text).toEqual([code])
  const [error] = reply.errors
  expect(error).toMatchObject({ message: expect.stringMatching(/^\S.*\S$/s), extensions: { code, correlationId: 'journey' } })
  expect(error?.extensions['message']).toBe(error?.message)
  if (details) expect(error?.extensions).toMatchObject({ details })
}

async function enrollFree(school: School, learner: Person): Promise<string> {
  const shop = await openShop(school, 'For nothing')
  await change(shop.teacher, 'updateCourse', { courseId: shop.course.id, price: { amount: 0, currency: 'EUR' } })
  await school.settle()
  const enrollmentId = await enrollIn(learner, shop.course.id)
  await school.settle()
  return enrollmentId
}
