import { viewerOf } from '@stellr/kit/testing'
import { CourseUpdated } from '@stellr/schema/events/courses'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, type PaymentShown } from '../../subgraphs/payments/src/testing/school.ts'
import { openStripeSchool, type StripeSchool } from '../testkit/stripe/school.ts'
import { webhookSecrets } from '../testkit/stripe/stage.ts'
import { deliver } from '../testkit/stripe/webhooks.ts'

let world: StripeSchool
beforeAll(async () => {
  world = await openStripeSchool({ checkSeconds: 3600 })
})
afterAll(() => world.close())

const admin = viewerOf('ADMIN')
const told = async (paymentId: string) => (await world.school.events(paymentId)).map(({ type }) => type)
const refundsThere = (transactionId: string | null) =>
  world.stub.world.all('refund', ({ payment_intent }) => payment_intent === transactionId).map(({ amount }) => Number(amount))
const paid = async (price = { amount: 1999, currency: 'EUR' }): Promise<PaymentShown> => {
  const payment = await world.school.begin(await world.school.enroll({ price }))
  await world.stub.payer.pay(payment, 'success')
  await world.school.until(payment.id, 'COMPLETED')
  return payment
}

// Here, and as Stripe counts it; then a part of it, likewise.
test.each([
  ['JPY', 500, 500, 123, 123],
  ['KWD', 12_340, 12_340, 1_230, 1_230],
  ['ISK', 1_500, 150_000, 500, 50_000],
  ['EUR', 1_999, 1_999, 1, 1],
])('%s is paid and given back in its own units', async (currency, amount, amountThere, part, partThere) => {
  const payment = await paid({ amount, currency })
  expect(world.stub.world.get('payment_intent', payment.transactionId ?? '')['amount']).toBe(amountThere)
  const { data } = await world.school.refund({ paymentId: payment.id, amount: part }, admin)
  expect(data.refundPayment.payment).toMatchObject({ amount: { amount, currency }, refunded: { amount: part, currency } })
  expect(refundsThere(payment.transactionId)).toEqual([partThere])
  const receipts = await world.school.sql('SELECT amount::int, currency FROM receipt WHERE payment_id = $1', [payment.id])
  expect(receipts).toEqual([{ amount, currency }])
})

test.each([
  ['currency', { currency: 'usd' }],
  ['amount', { amount: 1, amount_received: 1 }],
])('paid in another %s than was asked for it is not paid, and somebody is told to look', async (_what, change) => {
  const payment = await world.school.begin(await world.school.enroll())
  const intent = world.stub.world.get('payment_intent', payment.transactionId ?? '')
  Object.assign(intent, change)
  await world.stub.payer.pay(payment, 'success')
  await world.stub.delivered()
  const events = await world.school.sql<{ type: string }>('SELECT type::text FROM payment_event WHERE payment_id = $1 ORDER BY seq', [
    payment.id,
  ])
  expect(new Set(events.map(({ type }) => type))).toEqual(new Set(['INITIATED', 'CREATED', 'ACTION_REQUIRED', 'MISMATCH']))
  expect(await world.school.statusOf(payment.id)).toBe('REQUIRES_ACTION')
  expect(await told(payment.id)).toEqual(['payment.initiated'])
  expect(await world.school.sql('SELECT FROM receipt WHERE payment_id = $1', [payment.id])).toEqual([])
})

test('the price is the one at which they enrolled, whatever the course costs by then', async () => {
  const enrolled = await world.school.enroll()
  const course = {
    courseId: enrolled.courseId,
    slug: 'drawing',
    title: 'Drawing',
    instructorId: newId(),
    status: 'PUBLISHED',
    price: { amount: 9_999, currency: 'USD' },
    accessDays: null,
    version: 1,
    publishedAt: '2026-03-01T08:00:00.000Z',
  } as const
  await world.school.publish(CourseUpdated, { id: enrolled.courseId, version: 2 }, course)
  const payment = await world.school.begin(enrolled)
  expect(payment.amount).toEqual({ amount: 1999, currency: 'EUR' })
  await world.stub.payer.pay(payment, 'success')
  await world.school.until(payment.id, 'COMPLETED')
})

test('two tabs that pay at once have paid once', async () => {
  const enrolled = await world.school.enroll()
  const [one, other] = await Promise.all([world.school.begin(enrolled), world.school.begin(enrolled)])
  const { id, transactionId } = one
  expect(other.id).toBe(id)
  const shown = await Promise.all([one, other].map((tab) => world.stub.payer.pay(tab, 'success')))
  expect(shown.toSorted()).toEqual([200, 400])
  await world.school.until(id, 'COMPLETED')
  await world.stub.delivered()
  expect(await told(id)).toEqual(['payment.initiated', 'payment.completed'])
  expect(world.stub.world.all('charge', ({ payment_intent }) => payment_intent === transactionId)).toHaveLength(1)
  expect((await world.school.initiate(enrolled)).codes).toEqual(['ALREADY_PAID'])
})

test('a webhook that is still on its way when the money goes back changes nothing when it comes', async () => {
  const { school, stub } = world
  stub.sendTo(null)
  const payment = await school.begin(await school.enroll())
  await stub.payer.pay(payment, 'success')
  const refused = await school.refund({ paymentId: payment.id }, admin)
  expect(refused.codes).toEqual(['CONFLICT'])
  await school.settle(payment.id)
  await school.refund({ paymentId: payment.id }, admin)
  const late = stub.events.filter(({ data }) => data.object.id === payment.transactionId)
  const endpoint = { url: `${school.url}/webhooks/stripe`, secrets: webhookSecrets }
  for (const event of late) expect(await deliver(endpoint, event, new Date())).toBe(200)
  expect(late.map(({ type }) => type)).toContain('payment_intent.succeeded')
  expect(await school.statusOf(payment.id)).toBe('REFUNDED')
  expect(await told(payment.id)).toEqual(['payment.initiated', 'payment.completed', 'payment.refunded'])
  expect(refundsThere(payment.transactionId)).toEqual([1999])
  stub.sendTo({ url: endpoint.url, secrets: webhookSecrets })
})

test('of ten who give all of it back at once, one does', async () => {
  const payment = await paid()
  const asked = Array.from({ length: 10 }, () => world.school.refund({ paymentId: payment.id, idempotencyKey: newId() }, admin))
  const codes = (await Promise.all(asked)).map((answer) => answer.codes.join())
  expect(codes.toSorted()).toEqual(['', ...Array.from({ length: 9 }, () => 'CONFLICT')])
  expect(refundsThere(payment.transactionId)).toEqual([1999])
})

describe('a provider that cannot be relied on', () => {
  test.each(['hang', 'error', 'nonsense', 'empty', 'lost'] as const)(
    '%s: nobody knows, and the same key begins it once when it is back',
    async (fault) => {
      const { school, stub } = world
      const enrolled = await school.enroll()
      const key = newId()
      const failing = stub.fail('POST /v1/payment_intents', fault)
      const unknown = await school.initiate(enrolled, { key })
      expect(unknown.codes).toEqual(['PROVIDER_UNAVAILABLE'])
      failing.end()
      const { payment } = (await school.initiate(enrolled, { key })).data.initiatePayment
      const there = stub.world.all('payment_intent', ({ metadata }) => JSON.stringify(metadata).includes(payment.id))
      expect(there.map(({ id }) => id)).toEqual([payment.transactionId])
      await stub.payer.pay(payment, 'success')
      await school.until(payment.id, 'COMPLETED')
    },
  )

  test('a refund that nobody knows of is under way, and the same key finds it done', async () => {
    const { school, stub } = world
    const payment = await paid()
    const refund = { paymentId: payment.id, amount: 500, idempotencyKey: newId() }
    stub.sendTo(null)
    // What is still told of the payment would tell of its refund, too.
    await stub.delivered()
    const failing = stub.fail('POST /v1/refunds', 'lost')
    const unknown = await school.refund(refund, admin)
    expect(unknown.codes).toEqual([])
    // It is asked for again by the clock, too, which may have been at this very moment.
    const [{ status }] = unknown.data.refundPayment.payment.refunds
    expect(['PENDING', 'SUCCEEDED']).toContain(status)
    failing.end()
    const known = await school.refund(refund, admin)
    expect(known.data.refundPayment.payment).toMatchObject({ refunded: { amount: 500 }, refunds: [{ status: 'SUCCEEDED' }] })
    expect(refundsThere(payment.transactionId)).toEqual([500])
    stub.sendTo({ url: `${school.url}/webhooks/stripe`, secrets: webhookSecrets })
  })
})
