import { afterAll, beforeAll, expect, test } from 'vitest'
import { query } from '@stellr/kit/testing'
import { addPaid, openBooks, paidAt } from './testing.ts'

let books: Awaited<ReturnType<typeof openBooks>>

beforeAll(async () => {
  books = await openBooks(20)
})
afterAll(() => books.database.close())

const numbers = async () =>
  (await query<{ number: number }>(books.databaseUrl, 'SELECT number FROM receipt ORDER BY number')).map(({ number }) => number)
const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1)
const receiptOf = (paymentId: string) => ({ paymentId, courseTitle: 'Drawing', amount: 4900n, currency: 'EUR', issuedAt: paidAt })

test('a hundred receipts at once, a third of which are rolled back, are numbered without a gap', async () => {
  const payments = await Promise.all(upTo(100).map(() => addPaid(books)))
  const ends = await Promise.allSettled(
    payments.map(({ id }, index) =>
      books.database.store().transaction(async (tx) => {
        await tx.addReceipt(receiptOf(id))
        if (index % 3 === 0) throw new Error('rolled back')
      }),
    ),
  )
  const kept = ends.filter(({ status }) => status === 'fulfilled').length
  expect(kept).toBe(66)
  expect(await numbers()).toEqual(upTo(kept))
})

test('a payment that has a receipt uses up no number for another', async () => {
  const before = await numbers()
  const { id } = await addPaid(books)
  const give = () => books.database.store().transaction((tx) => tx.addReceipt(receiptOf(id)))
  const ends = await Promise.allSettled(upTo(5).map(give))
  expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await numbers()).toEqual(upTo(before.length + 1))
})

// The same, numbered by a sequence, as one is tempted to: it does not give back what is rolled back.
test('a sequence would leave gaps, and this test would see them', async () => {
  await query(books.databaseUrl, 'CREATE SEQUENCE temptation')
  await query(books.databaseUrl, 'CREATE TABLE tempting (number INTEGER NOT NULL)')
  for (const index of upTo(6)) {
    const insert = `INSERT INTO tempting SELECT nextval('temptation')`
    await query(books.databaseUrl, `BEGIN; ${insert}; ${index % 3 === 0 ? 'ROLLBACK' : 'COMMIT'}`)
  }
  const found = await query<{ number: number }>(books.databaseUrl, 'SELECT number FROM tempting ORDER BY number')
  expect(found.map(({ number }) => number)).not.toEqual(upTo(found.length))
})
