import { expect } from 'vitest'
import { payWith, untilEnrollment } from '../../testkit/payments.ts'
import { publishedBy } from '../../testkit/published.ts'
import type { School } from '../../testkit/school.ts'
import { begin, expectWhy, newCustomer, openShop, paymentNow, readLesson, refund, type Why } from './stage.ts'

const REFUND = 'mutation ($input: RefundPaymentInput!) { refundPayment(input: $input) { payment { id } } }'

/** An administrator gives back a part, then the rest. */
export async function refundedInParts(school: School): Promise<void> {
  const shop = await openShop(school, 'Given back in parts')
  const { ada, enrollmentId } = await newCustomer(school, shop)
  const payment = await begin(ada, enrollmentId)
  await payWith(ada, payment, 'success', 'COMPLETED')
  await untilEnrollment(ada, enrollmentId, 'ACTIVE')
  const admin = await school.admin()

  const part = await refund(admin, { paymentId: payment.id, amount: 1900, reason: 'Half of it was missing.' })
  expect(part).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: { amount: 1900 }, refunds: [{ requestedBy: { id: admin.id } }] })
  const whys: Why[] = [
    [null, 'PENDING_PAYMENT', 'enrolled', ada.id, null, null],
    ['PENDING_PAYMENT', 'ACTIVE', 'paid', null, 'payment.completed', payment.id],
  ]
  await expectWhy(school, ada, enrollmentId, whys)
  expect(await readLesson(ada, shop.lessonId)).toBe('Words of lesson 1.')
  const tooMuch = await admin.client.query(REFUND, { input: { paymentId: payment.id, amount: 3001, reason: 'More.' } })
  expect(tooMuch.errors).toMatchObject([{ extensions: { code: 'REFUND_TOO_LARGE', details: { left: 3000 } } }])

  expect(await refund(admin, { paymentId: payment.id, reason: 'All of it was.' })).toMatchObject({
    status: 'REFUNDED',
    refunded: { amount: 4900 },
    refunds: [{ amount: { amount: 1900 } }, { amount: { amount: 3000 }, status: 'SUCCEEDED', reason: 'All of it was.' }],
  })
  for (const { client } of [admin, ada]) {
    const twice = await client.query(REFUND, { input: { paymentId: payment.id, reason: 'Once more.' } })
    expect(twice.errors).toMatchObject([{ extensions: { code: 'CONFLICT', details: { status: 'REFUNDED' } } }])
  }
  await expectWhy(school, ada, enrollmentId, [...whys, ['ACTIVE', 'REFUNDED', 'refunded', null, 'payment.refunded', payment.id]])
  expect(await paymentNow(school, ada, payment.id)).toMatchObject({ status: 'REFUNDED', refunds: [{}, {}] })
  await expectAudited(school, payment.id, admin.id)
}

async function expectAudited(school: School, subjectId: string, actorId: string): Promise<void> {
  const entries = (await publishedBy(school)).filter(({ type, data }) => {
    const { outcome, subjectId: subject } = data as { outcome?: string; subjectId?: string }
    return type === 'audit.recorded' && outcome === 'DONE' && subject === subjectId
  })
  const deed = { action: 'refundPayment', actorId, actorRole: 'ADMIN', subjectType: 'Payment' }
  expect(entries.map(({ data }) => data)).toMatchObject([
    {
      ...deed,
      before: { status: 'COMPLETED', refundedAmount: 0 },
      after: { amount: 1900, currency: 'EUR', reason: 'Half of it was missing.' },
    },
    { ...deed, before: { status: 'PARTIALLY_REFUNDED', refundedAmount: 1900 }, after: { amount: 3000, reason: 'All of it was.' } },
  ])
}
