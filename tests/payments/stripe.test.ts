import { plusSeconds, systemRandom } from '@stellr/kit'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import { openStage, type StripeStage } from '../testkit/stripe/stage.ts'
import { orderOf, providerContract, refundOf } from './provider.contract.ts'

providerContract('Stripe', () => openStage())

let stage: StripeStage
let before: number
const { create, find, cancel, refund } = {
  create: (changes: Parameters<typeof orderOf>[0] = {}) => stage.provider.create(orderOf(changes)),
  find: (payment: ProviderPayment) => stage.provider.find(payment.transactionId),
  cancel: (payment: ProviderPayment) => stage.provider.cancel(payment.transactionId),
  refund: (payment: ProviderPayment, changes: Parameters<typeof refundOf>[1] = {}) => stage.provider.refund(refundOf(payment, changes)),
}
const asked = () => stage.stub.requests.slice(before)
const counted = async (work: () => Promise<unknown>) => {
  before = stage.stub.requests.length
  await work()
  return asked().map(({ method, path }) => `${method} ${path.replace(/\/(pi|cs)_[^/]+/, '/:id')}`)
}
const paid = async (method: 'CARD' | 'CHECKOUT' = 'CARD') => {
  const begun = await create({ method })
  await stage.pay(begun, 'success')
  return begun
}

beforeAll(async () => {
  stage = await openStage()
})
beforeEach(() => {
  before = stage.stub.requests.length
})
afterAll(() => stage.close())

describe('What Stripe is asked', () => {
  test('a payment by card is an intent for cards alone, with our key, our ids and our version of the API', async () => {
    const order = orderOf({ price: { amount: 1999, currency: 'EUR' } })
    const begun = await stage.provider.create(order)
    const [request, ...others] = asked()
    expect(others).toEqual([])
    expect(request).toMatchObject({ method: 'POST', path: '/v1/payment_intents' })
    expect(request?.headers).toMatchObject({ 'idempotency-key': order.key, 'stripe-version': '2026-10-28.endive' })
    expect(request?.params).toEqual({
      amount: '1999',
      currency: 'eur',
      description: order.description,
      allowed_payment_method_types: ['card'],
      metadata: { stellr_payment: order.paymentId, stellr_key: order.key, stellr_method: 'CARD' },
      expand: ['latest_charge.refunds'],
    })
    expect(begun.transactionId).toMatch(/^pi_/)
    expect(begun.clientSecret).toContain(begun.transactionId)
  })

  test('a payment by checkout is a session in our currency, which carries our id to its intent and comes back to us', async () => {
    const order = orderOf({ method: 'CHECKOUT' })
    const begun = await stage.provider.create(order)
    const [request, ...others] = asked()
    expect(others).toEqual([])
    expect(request?.headers).toMatchObject({ 'idempotency-key': order.key })
    const metadata = { stellr_payment: order.paymentId, stellr_key: order.key, stellr_method: 'CHECKOUT' }
    expect(request?.params).toMatchObject({
      mode: 'payment',
      line_items: [{ quantity: '1', price_data: { currency: 'eur', unit_amount: '1999', product_data: { name: order.description } } }],
      adaptive_pricing: { enabled: 'false' },
      client_reference_id: order.paymentId,
      metadata,
      payment_intent_data: { description: order.description, metadata },
      success_url: `https://school.example.org/paid?from=stripe&payment=${order.paymentId}`,
      cancel_url: `https://school.example.org/paid?from=stripe&payment=${order.paymentId}&canceled=true`,
    })
    expect(begun.transactionId).toMatch(/^cs_/)
    await stage.pay(begun, 'success')
    const [intent] = stage.stub.world.all('payment_intent')
    expect(intent?.['metadata']).toEqual(metadata)
  })

  test.each([
    ['half an hour', 30 * 60],
    ['a minute', 60],
    ['a day', 24 * 60 * 60],
  ])('a checkout that can be paid for %s ends at Stripe within its bounds, and not before', async (_name, seconds) => {
    const expiresAt = plusSeconds(new Date(), seconds)
    const begun = await create({ method: 'CHECKOUT', expiresAt })
    const end = Number(stage.stub.world.get('checkout.session', begun.transactionId)['expires_at'])
    expect(end).toBeGreaterThan(Math.min(expiresAt.getTime() / 1000, Date.now() / 1000 + 23 * 60 * 60))
  })

  test('asked again at the last moment, the order of a checkout is still the same', async () => {
    const paymentId = systemRandom.id()
    const order = orderOf({ method: 'CHECKOUT', paymentId, key: `${paymentId}:1` })
    const first = await stage.provider.create(order)
    expect((await stage.provider.create(order)).transactionId).toBe(first.transactionId)
    const bodies = asked().filter(({ method }) => method === 'POST')
    expect(bodies).toHaveLength(2)
    expect(bodies[0]?.params).toEqual(bodies[1]?.params)
  })

  test('each question takes as few requests as it can', async () => {
    const [card, page] = [await paid(), await paid('CHECKOUT')]
    expect(await counted(() => create())).toEqual(['POST /v1/payment_intents'])
    expect(await counted(() => find(card))).toEqual(['GET /v1/payment_intents/:id'])
    expect(await counted(() => find(page))).toEqual(['GET /v1/checkout/sessions/:id'])
    expect(await counted(() => stage.provider.find('sandbox_1'))).toEqual([])
    expect(await counted(() => refund(card, { price: { amount: 1, currency: 'EUR' } }))).toEqual([
      'GET /v1/payment_intents/:id',
      'POST /v1/refunds',
    ])
    const begun = await create()
    expect(await counted(() => cancel(begun))).toEqual(['POST /v1/payment_intents/:id/cancel'])
    stage.stub.dispute(card.transactionId)
    expect(await counted(() => find(card))).toEqual(['GET /v1/payment_intents/:id', 'GET /v1/disputes'])
  })

  test('a refund carries our ids and its key', async () => {
    const payment = await paid()
    const order = refundOf(payment, { price: { amount: 500, currency: 'EUR' } })
    await stage.provider.refund(order)
    const request = asked().find(({ path }) => path === '/v1/refunds')
    expect(request?.headers['idempotency-key']).toBe(order.key)
    expect(request?.params).toEqual({
      payment_intent: payment.transactionId,
      amount: '500',
      metadata: { stellr_refund: order.refundId, stellr_key: order.key, stellr_payment: payment.paymentId },
    })
  })
})

describe('What Stripe knows of a payment', () => {
  test('more refunds than Stripe shows with a payment are all there', async () => {
    const payment = await paid()
    for (let part = 0; part < 12; part += 1) await refund(payment, { price: { amount: 100, currency: 'EUR' } })
    expect((await find(payment))?.refunds).toHaveLength(12)
    expect(await counted(() => find(payment))).toEqual(['GET /v1/payment_intents/:id', 'GET /v1/refunds'])
  })

  test.each(['succeeded', 'failed', 'canceled'] as const)('a refund that waits is pending until it has %s', async (end) => {
    const payment = await paid()
    stage.stub.refundsAre('pending')
    await refund(payment).finally(() => stage.stub.refundsAre('succeeded'))
    const [pending] = (await find(payment))?.refunds ?? []
    expect(pending?.state).toBe('pending')
    stage.stub.endRefund(pending?.id ?? '', end)
    expect((await find(payment))?.refunds[0]?.state).toBe(end === 'succeeded' ? 'succeeded' : 'failed')
  })

  test('a refund that a bank gives back has failed after all, and can be made anew with another key', async () => {
    const payment = await paid()
    const { refunds } = await refund(payment)
    stage.stub.endRefund(refunds[0]?.id ?? '', 'failed')
    expect((await find(payment))?.refunds.map(({ state }) => state)).toEqual(['failed'])
    const refundId = refunds[0]?.refundId ?? ''
    await refund(payment, { refundId, key: `${refundId}:2` })
    expect((await find(payment))?.refunds.map(({ state }) => state).toSorted()).toEqual(['failed', 'succeeded'])
  })

  test('a refund that was made on Stripe’s own pages is there, without an id of ours', async () => {
    const payment = await paid()
    const authorization = `Bearer ${stage.stub.secretKey}`
    const body = new URLSearchParams({ payment_intent: payment.transactionId, amount: '300' })
    await fetch(`${stage.stub.url}/v1/refunds`, { method: 'POST', headers: { authorization }, body })
    expect((await find(payment))?.refunds).toMatchObject([{ refundId: null, amount: 300, state: 'succeeded' }])
  })

  test.each([
    ['needs_response', ['open']],
    ['under_review', ['open']],
    ['won', ['won']],
    ['lost', ['lost']],
    ['warning_needs_response', []],
    ['warning_closed', []],
    ['prevented', []],
  ])('a dispute that is %s is %j', async (status, states) => {
    const payment = await paid()
    stage.stub.dispute(payment.transactionId, status, 500)
    expect((await find(payment))?.disputes.map(({ state, amount }) => [state, amount])).toEqual(states.map((state) => [state, 500]))
  })

  test('what is disputed cannot be given back as well', async () => {
    const payment = await paid()
    stage.stub.dispute(payment.transactionId)
    await expect(refund(payment)).rejects.toMatchObject({ name: 'ProviderRefused', code: 'charge_disputed' })
  })

  test('nothing goes back in another currency than it came', async () => {
    const payment = await paid()
    await expect(refund(payment, { price: { amount: 100, currency: 'USD' } })).rejects.toMatchObject({ code: 'currency_mismatch' })
  })

  test('what arrived counts, not what was asked for', async () => {
    const payment = await paid()
    stage.stub.world.get('payment_intent', payment.transactionId)['amount_received'] = 1000
    expect((await find(payment))?.price).toEqual({ amount: 1000, currency: 'EUR' })
  })

  test.each([
    [true, 'succeeded'],
    [false, 'canceled'],
  ] as const)('a bank at work after the checkout is done: processing, and then (%s) %s', async (isGood, state) => {
    const begun = await create({ method: 'CHECKOUT' })
    await stage.stub.payer.pay(begun, 'bank_debit')
    expect(await find(begun)).toMatchObject({ state: 'processing', checkoutUrl: null, paidAt: null })
    // Too late to end it.
    expect(await cancel(begun)).toMatchObject({ state: 'processing' })
    stage.stub.settle(begun.transactionId, isGood)
    expect(await find(begun)).toMatchObject({ state })
  })

  test('a bank at work on a payment by card: processing, and too late to end', async () => {
    const begun = await create()
    await stage.stub.payer.pay(begun, 'bank_debit')
    expect(await cancel(begun)).toMatchObject({ state: 'processing' })
  })

  test('a checkout that Stripe has ended by itself is canceled', async () => {
    let now = new Date()
    const stale = await openStage({ now: () => now })
    const begun = await stale.provider.create(orderOf({ method: 'CHECKOUT' }))
    now = plusSeconds(now, 24 * 60 * 60)
    expect(await stale.provider.find(begun.transactionId)).toMatchObject({ state: 'canceled', checkoutUrl: null })
    await stale.close()
  })
})
