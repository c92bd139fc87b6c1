import { createHttpHost, createLogger } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { receiptUrl } from './address.ts'
import { receiptRoutes } from './routes.ts'
import { addPaid, openBooks, paidAt, textOf } from './testing.ts'

const key = Buffer.alloc(32, 1)
const clock = manualClock()
const app = createHttpHost({
  name: 'payments',
  log: createLogger({ name: 'payments', level: 'silent' }),
  ready: async () => ({ ok: true, checks: {} }),
})
let books: Awaited<ReturnType<typeof openBooks>>

beforeAll(async () => {
  books = await openBooks()
  const services = { receiptKey: key, receiptIssuer: ['Example School', '1 Long Street'] }
  await app.register(async (scope) => receiptRoutes(scope, () => ({ clock, services, store: books.database.store() })))
})
afterAll(async () => {
  await app.close()
  await books.database.close()
})

const addressOf = (paymentId: string) => receiptUrl({ paymentId }, { caller: {}, clock, key })

async function receiptOf(facts: Parameters<typeof addPaid>[1] = {}) {
  const payment = await addPaid(books, facts)
  const { amount, currency, userId } = payment
  await books.database.store().transaction(async (tx) => {
    await tx.putPayer(userId, 'Łukasz Żółć', 1, paidAt)
    await tx.addReceipt({ paymentId: payment.id, courseTitle: 'Ćwiczenia: rysunek', amount, currency, issuedAt: paidAt })
  })
  return payment
}

test('gives the receipt as PDF, for its owner’s browser alone to keep', async () => {
  const { id } = await receiptOf({ refundedAmount: 1900n, status: 'PARTIALLY_REFUNDED' })
  const reply = await app.inject(addressOf(id))
  expect(reply.statusCode).toBe(200)
  expect(reply.headers).toMatchObject({
    'content-type': 'application/pdf',
    'content-disposition': 'attachment; filename="receipt-R-000001.pdf"',
    'cache-control': 'private, no-cache',
    'x-content-type-options': 'nosniff',
  })
  const text = await textOf(reply.rawPayload)
  for (const part of ['R-000001', 'Example School', 'Łukasz Żółć', 'Ćwiczenia: rysunek', 'EUR 49.00', 'EUR 19.00', 'EUR 30.00', id]) {
    expect(text).toContain(part)
  }
})

test('whoever has it already is told so, until something of it has changed', async () => {
  const { id } = await receiptOf()
  const { headers } = await app.inject(addressOf(id))
  const again = () => app.inject({ url: addressOf(id), headers: { 'if-none-match': String(headers['etag']) } })
  expect(await again()).toMatchObject({ statusCode: 304, body: '' })
  await books.database.store().transaction((tx) => tx.changePayment(id, { refundedAmount: 100n, status: 'PARTIALLY_REFUNDED' }, paidAt))
  expect((await again()).statusCode).toBe(200)
})

test('an older name does not replace a later one', async () => {
  const { userId } = await receiptOf()
  await books.database.store().transaction((tx) => tx.putPayer(userId, 'Lukasz', 3, paidAt))
  await books.database.store().transaction((tx) => tx.putPayer(userId, 'Nobody', 2, paidAt))
  expect(await books.database.store().findPayer(userId)).toMatchObject({ name: 'Lukasz', version: 3 })
})

test('a forged address, one that has expired, and a payment without a receipt are refused, each in its own words', async () => {
  const { id } = await receiptOf()
  const forged = await app.inject(addressOf(id).replace(/payment=[^&]*/, 'payment=0199a4c0-0007-7081-8081-000700000081'))
  expect([forged.statusCode, forged.json().errorCode]).toEqual([403, 'FORBIDDEN'])
  const unpaid = await app.inject(addressOf('0199a4c0-0007-7081-8081-000700000081'))
  expect([unpaid.statusCode, unpaid.json().errorCode]).toEqual([404, 'NOT_FOUND'])
  const address = addressOf(id)
  clock.advance(600)
  const late = await app.inject(address)
  expect([late.statusCode, late.json().errorCode]).toEqual([410, 'LINK_EXPIRED'])
  expect(late.headers['cache-control']).toBe('no-store')
})
