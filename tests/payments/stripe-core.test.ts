import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import type { PaymentShown } from '../../subgraphs/payments/src/testing/school.ts'
import { openStripeSchool, type StripeSchool } from '../testkit/stripe/school.ts'
import { webhookSecrets } from '../testkit/stripe/stage.ts'
import { sign } from '../testkit/stripe/webhooks.ts'

let world: StripeSchool
beforeAll(async () => {
  world = await openStripeSchool()
})
afterAll(() => world.close())

const admin = viewerOf('ADMIN')
const begin = async (method = 'CARD', { school } = world) => school.begin(await school.enroll(), method)
const paid = async (method = 'CARD'): Promise<PaymentShown> => {
  const payment = await begin(method)
  await world.stub.payer.pay(payment, 'success')
  await world.school.until(payment.id, 'COMPLETED')
  return payment
}

test.each(['CARD', 'CHECKOUT'])('paid at Stripe is paid here, as its webhooks say; given back is given back (%s)', async (method) => {
  const payment = await begin(method)
  expect(payment).toMatchObject({ provider: 'stripe', transactionId: expect.stringMatching(/^(pi|cs)_/) })
  await world.stub.payer.pay(payment, 'decline')
  await world.school.until(payment.id, 'FAILED')
  await world.stub.payer.pay(payment, 'three_d_secure')
  await world.school.until(payment.id, 'REQUIRES_ACTION')
  await world.stub.payer.authenticate(payment, true)
  await world.school.until(payment.id, 'COMPLETED')
  const part = await world.school.refund({ paymentId: payment.id, amount: 500 }, admin)
  expect(part.codes).toEqual([])
  await world.school.until(payment.id, 'PARTIALLY_REFUNDED')
  await world.school.refund({ paymentId: payment.id }, admin)
  await world.school.until(payment.id, 'REFUNDED')
  expect(new Set((await world.stub.delivered()).values())).toEqual(new Set([200]))
  const told = (await world.school.events(payment.id)).map(({ type }) => type)
  // Of two answers that cross, the older may count for a moment: then it has failed once more.
  const once = told.filter((type, index) => type !== 'payment.failed' || told[index - 1] !== type)
  expect(once).toEqual(['payment.initiated', 'payment.failed', 'payment.completed', 'payment.refunded', 'payment.refunded'])
})

test('a refund on Stripe’s own pages, and a dispute, are heard of', async () => {
  const [one, other] = [await paid(), await paid('CHECKOUT')]
  const headers = { authorization: `Bearer ${world.stub.secretKey}` }
  const body = new URLSearchParams({ payment_intent: one.transactionId ?? '', amount: '300' })
  await fetch(`${world.stub.url}/v1/refunds`, { method: 'POST', headers, body })
  await world.school.until(one.id, 'PARTIALLY_REFUNDED')
  const dispute = world.stub.dispute(other.transactionId ?? '')
  await world.school.until(other.id, 'DISPUTED')
  world.stub.changeDispute(dispute, 'won')
  await world.school.until(other.id, 'COMPLETED')
})

test('a refund on Stripe’s own pages that takes its time is waited for, and not made again', async () => {
  const { stub, school } = world
  const one = await paid()
  stub.refundsAre('pending')
  const headers = { authorization: `Bearer ${stub.secretKey}` }
  const body = new URLSearchParams({ payment_intent: one.transactionId ?? '', amount: '300' })
  await fetch(`${stub.url}/v1/refunds`, { method: 'POST', headers, body })
  stub.refundsAre('succeeded')
  const here = () => school.sql<{ status: string }>('SELECT status::text, amount::int FROM refund WHERE payment_id = $1', [one.id])
  await expect.poll(here).toEqual([{ status: 'PENDING', amount: 300 }])
  await school.settle(one.id)
  const there = () => stub.world.all('refund', ({ payment_intent }) => payment_intent === one.transactionId)
  expect(there()).toHaveLength(1)
  stub.endRefund(there()[0]?.id ?? '', 'succeeded')
  await school.until(one.id, 'PARTIALLY_REFUNDED')
  expect(await here()).toEqual([{ status: 'SUCCEEDED', amount: 300 }])
})

test('asking for the other method ends what was begun at Stripe', async () => {
  const enrolled = await world.school.enroll()
  const card = await world.school.begin(enrolled)
  await world.school.begin(enrolled, 'CHECKOUT')
  expect(world.stub.world.get('payment_intent', card.transactionId ?? '')['status']).toBe('canceled')
})

test('while Stripe is away nothing begins and nothing is lost: asked again, there is one payment', async () => {
  const enrolled = await world.school.enroll()
  const away = world.stub.fail('POST /v1/payment_intents', 'lost', 2)
  expect((await world.school.initiate(enrolled)).codes).toEqual(['PROVIDER_UNAVAILABLE'])
  away.end()
  const payment = await world.school.begin(enrolled)
  const there = world.stub.world.all('payment_intent', ({ metadata }) => JSON.stringify(metadata).includes(payment.id))
  expect(there.map(({ id }) => id)).toEqual([payment.transactionId])
})

test('what Stripe does not take is refused, and says why', async () => {
  const { codes, errors } = await world.school.initiate(await world.school.enroll({ price: { amount: 1, currency: 'EUR' } }))
  expect(codes).toEqual(['PAYMENT_REFUSED'])
  expect(JSON.stringify(errors)).toContain('amount_too_small')
})

test('a forged webhook is 400 and leaves nothing; one that cannot be checked is 503, and works when it comes again', async () => {
  const payment = await begin()
  const object = { id: payment.transactionId, object: 'payment_intent', status: 'succeeded' }
  const forged = JSON.stringify({ id: 'evt_forged', object: 'event', type: 'payment_intent.succeeded', created: 1, data: { object } })
  const send = async (secret: string) => {
    const headers = { 'content-type': 'application/json', 'stripe-signature': sign(forged, [secret], new Date()) }
    return (await fetch(`${world.school.url}/webhooks/stripe`, { method: 'POST', headers, body: forged })).status
  }
  const rows = () => world.school.sql("SELECT 1 FROM webhook_event WHERE event_id = 'evt_forged'")
  expect(await send('whsec_of_nobody')).toBe(400)
  expect(await rows()).toEqual([])
  const away = world.stub.fail('GET *', 'error')
  expect(await send(webhookSecrets[0] ?? '')).toBe(503)
  expect(await rows()).toEqual([])
  away.end()
  expect(await send(webhookSecrets[1] ?? '')).toBe(200)
  expect(await rows()).toHaveLength(1)
  // It says that it was paid; Stripe, when asked, does not.
  expect(await world.school.statusOf(payment.id)).toBe('REQUIRES_ACTION')
})

test('without any webhook, everything comes out all the same', async () => {
  const deaf = await openStripeSchool({ checkSeconds: 0.1 })
  onTestFinished(() => deaf.close())
  deaf.stub.sendTo(null)
  const payments = [await begin('CARD', deaf), await begin('CHECKOUT', deaf)]
  for (const payment of payments) await deaf.stub.payer.pay(payment, 'success')
  for (const payment of payments) await deaf.school.until(payment.id, 'COMPLETED')
})
