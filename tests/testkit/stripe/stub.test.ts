import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStripe, type StripeStub } from './stub.ts'

let stub: StripeStub
beforeAll(async () => {
  stub = await openStripe()
})
afterAll(() => stub.close())

interface Said {
  status: number
  replayed: string | null
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever it asked for
  body: any
}

async function ask(method: string, path: string, fields: Record<string, string> = {}, headers: Record<string, string> = {}): Promise<Said> {
  const form = new URLSearchParams(fields)
  const url = `${stub.url}/v1/${path}${method === 'GET' ? `?${form.toString()}` : ''}`
  const authorization = `Bearer ${stub.secretKey}`
  const answer = await fetch(url, { method, headers: { authorization, ...headers }, ...(method === 'POST' && { body: form }) })
  return { status: answer.status, replayed: answer.headers.get('idempotent-replayed'), body: await answer.json() }
}

const order = { amount: '1000', currency: 'eur', 'metadata[course]': 'drawing', 'allowed_payment_method_types[0]': 'card' }
const begin = (key?: string, changes: Record<string, string> = {}) =>
  ask('POST', 'payment_intents', { ...order, ...changes }, key === undefined ? {} : { 'idempotency-key': key })

test('a form is read as Stripe reads it', async () => {
  expect((await begin()).body).toMatchObject({
    object: 'payment_intent',
    amount: 1000,
    metadata: { course: 'drawing' },
    payment_method_types: ['card'],
  })
})

test('a key stands for one request: the same again is answered the same and marked, another is an error, two at once conflict', async () => {
  const first = await begin('key-1')
  const again = await begin('key-1')
  expect([first.replayed, again.replayed]).toEqual([null, 'true'])
  expect(again.body).toEqual(first.body)
  expect(await begin('key-1', { amount: '2000' })).toMatchObject({ status: 400, body: { error: { type: 'idempotency_error' } } })
  const waiting = stub.fail('POST /v1/payment_intents', 'wait', 1)
  const slow = begin('key-2')
  await expect.poll(async () => (await begin('key-2')).status, { interval: 5 }).toBe(409)
  waiting.end()
  expect(await slow).toMatchObject({ status: 200, replayed: null })
})

test('what is replayed is what was answered then, whatever has become of it', async () => {
  const { body } = await begin('key-3')
  await ask('POST', `payment_intents/${body.id}/cancel`)
  expect((await begin('key-3')).body.status).toBe('requires_payment_method')
  expect((await ask('GET', `payment_intents/${body.id}`)).body.status).toBe('canceled')
})

test.each([
  ['an unknown parameter', () => begin(undefined, { amonut: '1' }), 400, 'parameter_unknown'],
  [
    'a parameter of older versions',
    () => begin(undefined, { 'payment_method_types[]': 'card' }),
    400,
    'payment_method_types_no_longer_supported',
  ],
  ['what is not there', () => ask('GET', 'payment_intents/pi_1'), 404, 'resource_missing'],
  ['another key', () => ask('GET', 'events', {}, { authorization: 'Bearer sk_test_other' }), 401, undefined],
  ['a payer', () => ask('GET', 'events', {}, { authorization: 'Bearer pk_test_stub_of_stripe' }), 401, undefined],
  ['a króna and a half', () => begin(undefined, { amount: '150', currency: 'isk' }), 400, 'invalid_charge_amount_no_decimal_compatible'],
  ['five levels of expansion', () => ask('GET', 'events', { 'expand[]': 'a.b.c.d.e' }), 400, undefined],
])('refused as Stripe refuses: %s', async (_name, asked, status, code) => {
  const answer = await asked()
  expect(answer).toMatchObject({ status, body: { error: { type: 'invalid_request_error', message: expect.any(String) } } })
  expect(answer.body.error.code).toBe(code)
})

test('lists come newest first, a page at a time, from either side', async () => {
  const ids: string[] = []
  for (let made = 0; made < 5; made += 1) ids.unshift((await begin()).body.id)
  const page = async (fields: Record<string, string>) => {
    const { body } = await ask('GET', 'payment_intents', fields)
    return [body.data.map(({ id }: { id: string }) => ids.indexOf(id)), body.has_more]
  }
  expect(await page({ limit: '2' })).toEqual([[0, 1], true])
  expect(await page({ limit: '2', starting_after: ids[1] ?? '' })).toEqual([[2, 3], true])
  expect(await page({ limit: '2', ending_before: ids[3] ?? '' })).toEqual([[1, 2], true])
  expect(await page({ limit: '2', 'created[gt]': '99999999999' })).toEqual([[], false])
})

test('an id is shown as the thing itself where that is asked for, and hidden where not', async () => {
  const { body } = await begin()
  await stub.payer.pay({ clientSecret: body.client_secret, checkoutUrl: null }, 'success')
  const plain = await ask('GET', `payment_intents/${body.id}`)
  expect(plain.body.latest_charge).toMatch(/^ch_/)
  const expanded = await ask('GET', `payment_intents/${body.id}`, { 'expand[]': 'latest_charge.refunds' })
  expect(expanded.body.latest_charge).toMatchObject({ id: plain.body.latest_charge, refunds: { object: 'list', data: [] } })
})
