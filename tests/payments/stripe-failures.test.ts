import { once } from 'node:events'
import { createServer } from 'node:http'
import { createLogger, plusSeconds } from '@stellr/kit'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { ProviderRefused, ProviderUnavailable, type ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import { createStripe } from '../../subgraphs/payments/src/providers/stripe/stripe.ts'
import { openStage, webhookSecrets, type StripeStage } from '../testkit/stripe/stage.ts'
import { collect, orderOf, refundOf } from './provider.contract.ts'

let stage: StripeStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const paid = async ({ provider, pay }: StripeStage = stage): Promise<ProviderPayment> => {
  const begun = await provider.create(orderOf())
  await pay(begun, 'success')
  return begun
}

// How each of these fails, side by side: some wait until a deadline.
test('whatever else Stripe answers, or not, nobody knows: soon enough for who waits', async () => {
  const faults = ['hang', 'trickle', 'error', 'nonsense', 'empty', 'busy', 'unauthorized', 'lost'] as const
  const outcomes = faults.map(async (fault) => {
    const failing = await openStage()
    onTestFinished(() => failing.close())
    const { provider, stub } = failing
    const payment = await paid(failing)
    stub.fail('*', fault)
    const order = orderOf()
    const questions = [
      provider.create(order),
      provider.create(orderOf({ method: 'CHECKOUT' })),
      provider.find(payment.transactionId),
      provider.cancel(payment.transactionId),
      provider.refund(refundOf(payment)),
      provider.subjectOf({ id: 'evt_1', type: 'charge.refunded', at: new Date(), subject: payment.transactionId }),
    ]
    const lists = [collect(provider.noticesSince(new Date(0))), collect(provider.paymentsBetween(new Date(0), new Date()))]
    const started = performance.now()
    const secondsUntilUnknown = async (question: Promise<unknown>) => {
      await expect(question, fault).rejects.toThrow(ProviderUnavailable)
      return (performance.now() - started) / 1000
    }
    const answers = Promise.all(questions.map(secondsUntilUnknown))
    const pages = Promise.all(lists.map(secondsUntilUnknown))
    // The router gives a subgraph five seconds; nobody waits for lists.
    expect(Math.max(...(await answers)), fault).toBeLessThan(5)
    expect(Math.max(...(await pages)), fault).toBeLessThan(9)
  })
  await Promise.all(outcomes)
})

test('a failure that passes is not noticed: it is asked again, once', async () => {
  const failing = stage.stub.fail('POST /v1/payment_intents', 'error', 1)
  expect(await stage.provider.create(orderOf())).toMatchObject({ state: 'requires_action' })
  failing.end()
  const before = stage.stub.requests.length
  const always = stage.stub.fail('POST /v1/payment_intents', 'error')
  await expect(stage.provider.create(orderOf())).rejects.toThrow(ProviderUnavailable)
  always.end()
  expect(stage.stub.requests.length - before).toBe(2)
})

test.each(['CARD', 'CHECKOUT'] as const)('an answer that never came is had by asking again: one payment (%s)', async (method) => {
  const order = orderOf({ method })
  const lost = stage.stub.fail('POST *', 'lost')
  await expect(stage.provider.create(order)).rejects.toThrow(ProviderUnavailable)
  lost.end()
  const begun = await stage.provider.create(order)
  expect(await stage.provider.find(begun.transactionId)).toEqual(begun)
  const all = await collect(stage.provider.paymentsBetween(plusSeconds(begun.createdAt, -5), plusSeconds(begun.createdAt, 60)))
  expect(all.filter(({ paymentId }) => paymentId === order.paymentId)).toHaveLength(1)
})

test('a refund whose answer never came is given once, also after Stripe has forgotten its key', async () => {
  const payment = await paid()
  const order = refundOf(payment, { price: { amount: 500, currency: 'EUR' } })
  const lost = stage.stub.fail('POST /v1/refunds', 'lost')
  await expect(stage.provider.refund(order)).rejects.toThrow(ProviderUnavailable)
  lost.end()
  expect((await stage.provider.refund(order)).refunds).toMatchObject([{ refundId: order.refundId, amount: 500 }])
  stage.stub.forgetKeys()
  expect((await stage.provider.refund(order)).refunds).toHaveLength(1)
  expect((await stage.provider.find(payment.transactionId))?.refunds).toHaveLength(1)
})

test('two at once with one key: Stripe holds the second off, and both have the one payment', async () => {
  const order = orderOf()
  const waiting = stage.stub.fail('POST /v1/payment_intents', 'wait', 1)
  const before = stage.stub.requests.length
  const first = stage.provider.create(order)
  await expect.poll(() => stage.stub.requests.length, { interval: 5 }).toBe(before + 1)
  const second = stage.provider.create(order)
  await expect.poll(() => stage.stub.requests.length, { interval: 5 }).toBe(before + 2)
  waiting.end()
  expect((await second).transactionId).toBe((await first).transactionId)
})

test.each(['CARD', 'CHECKOUT'] as const)(
  'begun again in other words (the course has another title), it is the same payment (%s)',
  async (method) => {
    const order = orderOf({ method, description: 'Drawing' })
    const begun = await stage.provider.create(order)
    const again = await stage.provider.create({ ...order, description: 'Drawing from life' })
    expect(again.transactionId).toBe(begun.transactionId)
  },
)

test('a key that Stripe knows for something else leads nowhere, and is no decision', async () => {
  const [one, other] = [orderOf(), orderOf()]
  await stage.provider.create(one)
  await expect(stage.provider.create({ ...other, method: 'CHECKOUT', key: one.key })).rejects.toThrow(ProviderUnavailable)
})

test.each([
  ['amount_too_small', { amount: 1, currency: 'EUR' }],
  ['amount_too_large', { amount: 100_000_000, currency: 'EUR' }],
  ['invalid_request_error', { amount: 5000, currency: 'ALL' }],
  ['amount_not_representable', { amount: 12_345, currency: 'KWD' }],
  ['currency_not_supported', { amount: 12_340, currency: 'IQD' }],
])('what Stripe will never take is refused: %s', async (code, price) => {
  for (const method of ['CARD', 'CHECKOUT'] as const) {
    const refusal = await stage.provider.create(orderOf({ method, price })).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(ProviderRefused)
    expect(refusal).toMatchObject({ code })
  }
})

test('too little money on the school’s account is no decision: it may be there tomorrow', async () => {
  const server = createServer((_request, response) => {
    const error = { type: 'invalid_request_error', code: 'balance_insufficient', message: 'Insufficient funds in your Stripe account.' }
    response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
  }).listen(0, '127.0.0.1')
  const provider = await providerAt(server)
  await expect(provider.create(orderOf())).rejects.toThrow(ProviderUnavailable)
})

test('a key that Stripe does not accept is told to the operator, and decides nothing', async () => {
  const failing = stage.stub.fail('*', 'unauthorized')
  await expect(stage.provider.find('pi_any')).rejects.toThrow(ProviderUnavailable)
  failing.end()
  expect(stage.logged()).toContain('Stripe does not accept the key')
})

test('a right that the key lacks is named to the operator', async () => {
  const lines: string[] = []
  const server = createServer((_request, response) => {
    const message =
      "The provided key 'rk_live_***abc' does not have the required permissions. Having the 'rak_plan_write' permission would do."
    response
      .writeHead(403, { 'content-type': 'application/json' })
      .end(JSON.stringify({ error: { type: 'invalid_request_error', message } }))
  }).listen(0, '127.0.0.1')
  const provider = await providerAt(server, (line) => void lines.push(line))
  await expect(provider.create(orderOf())).rejects.toThrow(ProviderUnavailable)
  expect(lines.join('')).toContain('rak_plan_write')
  expect(lines.join('')).not.toContain('rk_live')
})

test('what Stripe says to the school’s developers is not shown to payers; the log says where to read it', async () => {
  const lines: string[] = []
  const server = createServer((_request, response) => {
    const message = 'Your account cannot currently make live charges: see https://dashboard.stripe.com/account/status'
    const error = { type: 'invalid_request_error', code: 'account_invalid', param: 'amount', message }
    response.writeHead(400, { 'content-type': 'application/json', 'request-id': 'req_1' }).end(JSON.stringify({ error }))
  }).listen(0, '127.0.0.1')
  const provider = await providerAt(server, (line) => void lines.push(line))
  const refusal = await provider.create(orderOf()).catch((error: unknown) => error)
  expect(refusal).toMatchObject({ code: 'account_invalid', message: 'The provider does not take this payment.' })
  expect(lines.join('')).toContain('req_1')
})

test('the key goes where it was told to go, and nowhere that an answer points to', async () => {
  const heard: (string | undefined)[] = []
  const elsewhere = createServer((request, response) => {
    heard.push(request.headers.authorization)
    response.end('{}')
  }).listen(0, '127.0.0.1')
  await listening(elsewhere)
  const pointing = createServer((_request, response) => {
    response.writeHead(307, { location: `http://127.0.0.1:${portOf(elsewhere)}/v1/payment_intents` }).end()
  }).listen(0, '127.0.0.1')
  const provider = await providerAt(pointing)
  await expect(provider.create(orderOf())).rejects.toThrow(ProviderUnavailable)
  expect(heard).toEqual([])
})

test('no key, secret or signature is in what is logged or thrown', async () => {
  const payment = await paid()
  const thrown: unknown[] = []
  const note = (error: unknown) => void thrown.push(error)
  for (const fault of ['unauthorized', 'nonsense', 'empty', 'busy'] as const) {
    const failing = stage.stub.fail('*', fault)
    await stage.provider.create(orderOf()).catch(note)
    await stage.provider.refund(refundOf(payment)).catch(note)
    failing.end()
  }
  await stage.provider.create(orderOf({ price: { amount: 1, currency: 'EUR' } })).catch(note)
  await stage.provider.create({ ...orderOf(), key: payment.paymentId ?? '' }).catch(note)
  const signature = `t=1,v1=${'ab'.repeat(32)}`
  try {
    stage.provider.readWebhook(Buffer.from('{"client_secret":"canary"}'), { 'stripe-signature': signature }, new Date(0))
  } catch (error) {
    note(error)
  }
  expect(thrown.length).toBeGreaterThan(8)
  const lines: string[] = []
  const log = createLogger({ name: 'test', level: 'trace', destination: { write: (line: string) => void lines.push(line) } })
  for (const err of thrown) log.error({ err }, 'as the core logs it')
  const everything = stage.logged() + lines.join('') + thrown.map((error) => JSON.stringify(error) + String(error)).join('')
  for (const secret of [stage.stub.secretKey, payment.clientSecret ?? 'none', ...webhookSecrets, 'ab'.repeat(8), 'canary', '_secret_']) {
    expect(everything).not.toContain(secret)
  }
})

async function providerAt(server: ReturnType<typeof createServer>, write: (line: string) => void = () => {}) {
  await listening(server)
  const log = createLogger({ name: 'payments', level: 'trace', destination: { write } })
  const apiUrl = `http://127.0.0.1:${portOf(server)}`
  return createStripe({ secretKey: 'sk_test_elsewhere', webhookSecrets, returnUrl: 'https://school.example.org/paid', apiUrl, log })
}

async function listening(server: ReturnType<typeof createServer>): Promise<void> {
  if (!server.listening) await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
}

function portOf(server: ReturnType<typeof createServer>): number {
  const address = server.address()
  return typeof address === 'object' ? (address?.port ?? 0) : 0
}
