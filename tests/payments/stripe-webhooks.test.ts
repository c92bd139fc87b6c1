import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { fromRoot, plusSeconds } from '@stellr/kit'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { z } from 'zod'
import { WebhookRefused, type ProviderNotice } from '../../subgraphs/payments/src/providers/provider.ts'
import { stripeEvents } from '../../subgraphs/payments/src/providers/stripe/notices.ts'
import { openStage, webhookSecrets, type StripeStage } from '../testkit/stripe/stage.ts'
import { sign } from '../testkit/stripe/webhooks.ts'
import { collect, orderOf, refundOf } from './provider.contract.ts'

const idOf = z.object({ id: z.string() })
const now = new Date('2026-11-24T09:00:00.400Z')
const [secret = '', secretBefore = ''] = webhookSecrets
const event = {
  id: 'evt_1',
  object: 'event',
  type: 'payment_intent.succeeded',
  created: 1_795_000_000,
  data: { object: { id: 'pi_1', object: 'payment_intent', description: 'Zeichnen für Anfänger ✏️' } },
}
const body = Buffer.from(JSON.stringify(event, null, 2))

let stage: StripeStage
beforeAll(async () => {
  stage = await openStage()
})
afterAll(() => stage.close())

const read = (bytes: Buffer, signature: string | undefined, at = now) =>
  stage.provider.readWebhook(bytes, { 'stripe-signature': signature }, at)

test('a webhook says what it is, when, and what it is about', () => {
  const notice: ProviderNotice = { id: 'evt_1', type: event.type, at: new Date(1_795_000_000_000), subject: 'pi_1' }
  expect(read(body, sign(body, [secret], now))).toEqual(notice)
})

test('while the secret is being replaced, either is good, and so are both at once', () => {
  for (const secrets of [[secret], [secretBefore], [secret, secretBefore], ['whsec_of_nobody', secretBefore]]) {
    expect(read(body, sign(body, secrets, now)).id).toBe('evt_1')
  }
})

test('it may be five minutes old or ahead, and no more', () => {
  for (const seconds of [-299, 0, 299]) expect(read(body, sign(body, [secret], plusSeconds(now, seconds))).id).toBe('evt_1')
  for (const seconds of [-302, 302, -86_400, 86_400]) {
    expect(() => read(body, sign(body, [secret], plusSeconds(now, seconds)))).toThrow(WebhookRefused)
  }
})

const good = () => sign(body, [secret], now)
const flipped = Buffer.from(body)
flipped[20] = (flipped[20] ?? 0) ^ 1
const broken = Buffer.concat([body.subarray(0, body.indexOf('✏')), Buffer.from([0xff]), body.subarray(body.indexOf('✏') + 1)])

test.each<[string, () => [Buffer, string | undefined]]>([
  ['another secret', () => [body, sign(body, ['whsec_of_nobody'], now)]],
  ['an empty secret', () => [body, sign(body, [' '], now)]],
  ['a flipped bit', () => [flipped, good()]],
  ['the same JSON, written anew', () => [Buffer.from(JSON.stringify(event)), good()]],
  ['a mark before the text', () => [Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), body]), good()]],
  [
    'bytes that are no text, even when they are signed as the text that they are read as',
    () => [broken, sign(broken.toString(), [secret], now)],
  ],
  ['no signature', () => [body, undefined]],
  ['an empty signature', () => [body, '']],
  ['no time', () => [body, good().replace(/t=\d+,/, '')]],
  ['another time than was signed', () => [body, good().replace(/t=\d+/, `t=${Math.floor(now.getTime() / 1000) + 1}`)]],
  ['two times', () => [body, `t=${Math.floor(now.getTime() / 1000) - 10},${good()}`]],
  ['a time that is no number', () => [body, sign(body, [secret], now).replace(/t=\d+/, 't=NaN')]],
  ['a signature of an older scheme alone', () => [body, good().replace('v1=', 'v0=')]],
  ['nothing', () => [Buffer.alloc(0), sign('', [secret], now)]],
  ['no JSON', () => [Buffer.from('payment_intent'), sign('payment_intent', [secret], now)]],
  ['JSON that is no event', () => [Buffer.from('[]'), sign('[]', [secret], now)]],
  [
    'an event without a body',
    () => [Buffer.from('{"id":"evt_1","object":"event"}'), sign('{"id":"evt_1","object":"event"}', [secret], now)],
  ],
])('refused: %s', (_name, given) => {
  const [bytes, signature] = given()
  expect(() => read(bytes, signature)).toThrow(WebhookRefused)
})

test('what Stripe sends arrives: signed, and about the payment that it happened to', async () => {
  const at: { notice: ProviderNotice; subject: string | undefined }[] = []
  const hear = async (request: IncomingMessage) => {
    const headers = { 'stripe-signature': request.headers['stripe-signature']?.toString() }
    const notice = stage.provider.readWebhook(await buffer(request), headers, new Date())
    at.push({ notice, subject: (await stage.provider.subjectOf(notice))?.transactionId })
  }
  const server = createServer((request, response) => {
    hear(request).then(
      () => response.end(),
      () => response.writeHead(500).end(),
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const address = server.address()
  stage.stub.sendTo({ url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`, secrets: webhookSecrets })
  const payments = [await stage.provider.create(orderOf()), await stage.provider.create(orderOf({ method: 'CHECKOUT' }))]
  for (const payment of payments) {
    await stage.pay(payment, 'decline')
    await stage.pay(payment, 'success')
    await stage.provider.refund(refundOf(payment, { price: { amount: 100, currency: 'EUR' } }))
    stage.stub.changeDispute(stage.stub.dispute(payment.transactionId), 'lost')
  }
  expect(new Set((await stage.stub.delivered()).values())).toEqual(new Set([200]))
  stage.stub.sendTo(null)
  for (const { transactionId } of payments) {
    const types = at.filter(({ subject }) => subject === transactionId).map(({ notice }) => notice.type)
    expect(types).toEqual(
      expect.arrayContaining([
        'payment_intent.payment_failed',
        'payment_intent.succeeded',
        'refund.created',
        'charge.refunded',
        'charge.dispute.created',
        'charge.dispute.closed',
        ...(transactionId.startsWith('cs_') ? ['checkout.session.completed'] : []),
      ]),
    )
  }
  expect(at.filter(({ subject }) => subject === undefined)).toEqual([])
})

test('what Stripe tells of others is about nothing of ours', async () => {
  const { url, secretKey } = stage.stub
  const make = async (path: string, fields: Record<string, string>) => {
    const headers = { authorization: `Bearer ${secretKey}` }
    const made = await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
    return idOf.parse(await made.json()).id
  }
  const id = await make('payment_intents', { amount: '900', currency: 'usd' })
  const uncounted = await make('payment_intents', { amount: '900', currency: 'usd' })
  stage.stub.world.get('payment_intent', uncounted)['currency'] = 'lyd'
  const session = await make('checkout/sessions', {
    mode: 'payment',
    'line_items[0][quantity]': '1',
    'line_items[0][price_data][currency]': 'usd',
    'line_items[0][price_data][unit_amount]': '900',
    'line_items[0][price_data][product_data][name]': 'A book',
    success_url: 'https://shop.example.org/',
  })
  for (const subject of [id, uncounted, session, 'pi_unknown', 'cs_unknown', 'cus_1', '']) {
    expect(await stage.provider.subjectOf({ id: 'evt_2', type: 'payment_intent.succeeded', at: now, subject })).toBeNull()
  }
  const books = await collect(stage.provider.paymentsBetween(plusSeconds(new Date(), -60), plusSeconds(new Date(), 60)))
  expect(books.filter(({ transactionId }) => transactionId === id)).toMatchObject([{ paymentId: null }])
})

test('the list of events is read to its end, oldest first, however long, and never held whole', async () => {
  let seconds = 1_795_000_000
  const busy = await openStage({ now: () => new Date(seconds * 1000) })
  onTestFinished(() => busy.close())
  const begun = await busy.provider.create(orderOf())
  const intent = busy.stub.world.get('payment_intent', begun.transactionId)
  const many = 6000
  for (let told = 0; told < many; told += 1) {
    if (told % 10 === 0) seconds += 1
    busy.stub.world.tell('payment_intent.processing', intent)
    // Nobody has asked for these.
    if (told % 5 === 0) busy.stub.world.tell('customer.created', intent)
  }
  const since = new Date(1_795_000_000_000)
  const notices = await collect(busy.provider.noticesSince(since))
  expect(notices).toHaveLength(many)
  expect(new Set(notices.map(({ id }) => id)).size).toBe(many)
  expect(notices.map(({ at }) => at.getTime())).toEqual(notices.map(({ at }) => at.getTime()).toSorted((a, b) => a - b))
  const pages = busy.stub.requests.filter(({ path }) => path === '/v1/events')
  expect(pages.length).toBeLessThan((many / 100) * 3)
  expect(pages.every(({ params }) => params['types']?.length === stripeEvents.length)).toBe(true)
  // The oldest is told before everything is read: the list alone has sixty pages.
  const before = busy.stub.requests.length
  const first = await busy.provider.noticesSince(since)[Symbol.asyncIterator]().next()
  expect(first).toMatchObject({ value: { at: new Date(1_795_000_001_000) } })
  expect(busy.stub.requests.length - before).toBeLessThan(50)
  expect(await collect(busy.provider.noticesSince(new Date((seconds + 1) * 1000)))).toEqual([])
})

test('a second in which more happened than is held is read as a whole', async () => {
  const busy = await openStage({ now: () => new Date(1_795_000_000_000) })
  onTestFinished(() => busy.close())
  const begun = await busy.provider.create(orderOf())
  const intent = busy.stub.world.get('payment_intent', begun.transactionId)
  for (let told = 0; told < 1250; told += 1) busy.stub.world.tell('payment_intent.processing', intent)
  expect(await collect(busy.provider.noticesSince(new Date(1_795_000_000_000)))).toHaveLength(1250)
})

test('operators are told to send exactly the events that are asked for', () => {
  const guide = readFileSync(fromRoot('docs/operations.md'), 'utf8').split('## Going live with Stripe')[1]?.split('\n## ')[0] ?? ''
  expect(new Set(guide.match(/(payment_intent|checkout\.session|charge|refund)(\.[a-z_]+)+/g))).toEqual(new Set(stripeEvents))
})

test('Stripe’s books are read page by page, the checkouts’ own intents not twice', async () => {
  const busy = await openStage()
  onTestFinished(() => busy.close())
  const orders = Array.from({ length: 120 }, (_, index) => orderOf({ method: index % 10 === 0 ? 'CHECKOUT' : 'CARD' }))
  const begun = await Promise.all(orders.map((order) => busy.provider.create(order)))
  await Promise.all(begun.map((payment) => busy.pay(payment, 'success')))
  const books = await collect(busy.provider.paymentsBetween(plusSeconds(new Date(), -60), plusSeconds(new Date(), 60)))
  expect(new Set(books.map(({ paymentId }) => paymentId))).toEqual(new Set(orders.map(({ paymentId }) => paymentId)))
  expect(books).toHaveLength(120)
})
