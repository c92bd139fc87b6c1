import { manualClock } from '@stellr/kit/testing'
import { describe, expect, test } from 'vitest'
import { readReceiptQuery, receiptNumber, receiptUrl } from './address.ts'

const key = Buffer.alloc(32, 7)
const paymentId = '0199a4c0-0007-7081-8081-000700000081'

function address() {
  const clock = manualClock()
  const url = new URL(receiptUrl({ paymentId }, { caller: { publicUrl: 'https://school.example.org/api' }, clock, key }))
  return { clock, url, query: Object.fromEntries(url.searchParams) }
}

test('a receipt’s address is on the platform’s public one, and says which payment it is of', () => {
  const { clock, url, query } = address()
  expect(`${url.origin}${url.pathname}`).toBe('https://school.example.org/api/receipts')
  expect(readReceiptQuery(query, { clock, key })).toBe(paymentId)
})

test('it is good for ten minutes, and not a second longer', () => {
  const { clock, query } = address()
  clock.advance(599)
  expect(readReceiptQuery(query, { clock, key })).toBe(paymentId)
  clock.advance(1)
  expect(() => readReceiptQuery(query, { clock, key })).toThrow(expect.objectContaining({ code: 'LINK_EXPIRED' }))
})

describe('refuses an address that was not given out', () => {
  test.each<[string, (query: Record<string, unknown>) => Record<string, unknown>]>([
    ['another payment', (query) => ({ ...query, payment: paymentId.replace('81', '82') })],
    ['a later end', (query) => ({ ...query, expires: `${Number(query['expires']) + 1}` })],
    [
      'another signature',
      (query) => ({ ...query, signature: String(query['signature']).replace(/^./, (first) => (first === 'A' ? 'B' : 'A')) }),
    ],
    ['a longer signature', (query) => ({ ...query, signature: `${String(query['signature'])}A` })],
    ['no signature', (query) => ({ ...query, signature: undefined })],
    ['two payments', (query) => ({ ...query, payment: [paymentId, paymentId] })],
    ['an end that is no number', (query) => ({ ...query, expires: '1e99' })],
    ['nothing', () => ({})],
  ])('%s', (_, change) => {
    const { clock, query } = address()
    expect(() => readReceiptQuery(change(query), { clock, key })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  })

  test('another key', () => {
    const { clock, query } = address()
    expect(() => readReceiptQuery(query, { clock, key: Buffer.alloc(32, 8) })).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }))
  })
})

test('numbers have six digits, and more when there are more', () => {
  expect([receiptNumber(42), receiptNumber(1_234_567)]).toEqual(['R-000042', 'R-1234567'])
})
