import { environment, plusSeconds } from '@stellr/kit'
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { stripeMockProgram } from '../../scripts/stripe-mock/program.ts'
import { startStripeMock, type StripeMock } from '../../scripts/stripe-mock/server.ts'
import type { Request } from '../testkit/stripe/answer.ts'
import { openStage } from '../testkit/stripe/stage.ts'
import { collect, orderOf, refundOf } from './provider.contract.ts'

// The stub is ours, and so may share an error with the provider. This asks Stripe's own specification.
describe.runIf(inject('hasStripeMock'))('Stripe’s specification', () => {
  let mock: StripeMock
  beforeAll(async () => {
    mock = await startStripeMock(await stripeMockProgram(environment(), console.log))
  })
  afterAll(() => mock.stop())

  const ask = async ({ method, path, text }: Pick<Request, 'method' | 'path' | 'text'>) => {
    const isGet = method === 'GET'
    const headers = { authorization: 'Bearer sk_test_123', 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await fetch(`${mock.url}${path}${isGet && text ? `?${text}` : ''}`, { method, headers, ...(!isGet && { body: text }) })
    return { status: answer.status, body: await answer.text() }
  }

  test('accepts every request that the provider makes', async () => {
    const requests = await everyRequest()
    const kinds = new Set(requests.map(({ method, path }) => `${method} ${path.replace(/\/(pi|cs)_[^/]+/, '/:id')}`))
    expect([...kinds].toSorted()).toEqual([
      'GET /v1/checkout/sessions',
      'GET /v1/checkout/sessions/:id',
      'GET /v1/disputes',
      'GET /v1/events',
      'GET /v1/payment_intents',
      'GET /v1/payment_intents/:id',
      'GET /v1/refunds',
      'POST /v1/checkout/sessions',
      'POST /v1/checkout/sessions/:id/expire',
      'POST /v1/payment_intents',
      'POST /v1/payment_intents/:id/cancel',
      'POST /v1/refunds',
    ])
    const refused: object[] = []
    for (const request of requests) {
      const { status, body } = await ask(request)
      if (status !== 200) refused.push({ ...request, headers: undefined, status, body })
    }
    expect(refused).toEqual([])
  })

  test.each([
    ['an unknown parameter', 'POST', '/v1/payment_intents', 'amount=100&currency=eur&amonut=1', 400],
    ['a price that is no object', 'POST', '/v1/checkout/sessions', 'mode=payment&line_items[0][price_data]=1', 400],
    [
      'a way of paying that does not exist',
      'POST',
      '/v1/payment_intents',
      'amount=100&currency=eur&allowed_payment_method_types[0]=barter',
      400,
    ],
    ['an unknown parameter', 'GET', '/v1/payment_intents/pi_1', 'expnad[0]=latest_charge', 400],
    ['a missing parameter', 'POST', '/v1/payment_intents', 'amount=100', 400],
    ['an amount that is no number', 'POST', '/v1/refunds', 'payment_intent=pi_1&amount=all', 400],
    ['a filter that does not exist', 'GET', '/v1/events', 'since=1', 400],
    ['a place that does not exist', 'POST', '/v1/payment_intents/pi_1/expire', '', 404],
  ])('would have refused %s', async (_name, method, path, text, status) => {
    expect((await ask({ method, path, text })).status).toBe(status)
  })
})

/** Everything that the provider can be made to ask, as it is on the wire. */
async function everyRequest(): Promise<readonly Request[]> {
  const { provider, stub, pay, close } = await openStage()
  const from = plusSeconds(new Date(), -60)
  for (const method of ['CARD', 'CHECKOUT'] as const) {
    const begun = await provider.create(orderOf({ method }))
    await provider.create({ ...orderOf({ method }), key: `${begun.paymentId}:1` }).catch(() => {})
    await provider.cancel(begun.transactionId)
    const paid = await provider.create(orderOf({ method }))
    await pay(paid, 'success')
    for (let part = 0; part < 12; part += 1) await provider.refund(refundOf(paid, { price: { amount: 10, currency: 'EUR' } }))
    stub.dispute(paid.transactionId)
    await provider.find(paid.transactionId)
    for await (const notice of provider.noticesSince(from)) await provider.subjectOf(notice)
    // More than one page of each list.
    await Promise.all(Array.from({ length: 101 }, () => provider.create(orderOf({ method }))))
    await collect(provider.paymentsBetween(from, plusSeconds(new Date(), 60)))
    for (let told = 0; told < 101; told += 1) stub.world.tell('payment_intent.processing', stub.world.all('payment_intent')[0] ?? never())
    await collect(provider.noticesSince(from))
  }
  await close()
  return stub.requests
}

function never(): never {
  throw new Error('there is no intent')
}
