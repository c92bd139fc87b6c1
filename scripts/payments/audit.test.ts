import { onTestFinished, expect, test } from 'vitest'
import { plantBooks } from './plant-books.ts'
import { asJson, inLines } from './report.ts'

async function books() {
  const planted = await plantBooks()
  onTestFinished(() => planted.close())
  return planted
}

const kindsOf = ({ disagreements }: { disagreements: readonly { kind: string }[] }) => disagreements.map(({ kind }) => kind).toSorted()

test('of a thousand payments that agree nothing is said but that, in pages of whatever size', async () => {
  const { addPaid, audit } = await books()
  await addPaid(1_000)
  await addPaid(3, { currency: 'JPY', amount: 500 })
  for (const pageSize of [7, 5_000]) {
    const audited = await audit({ pageSize })
    expect(audited.checked).toEqual({ payments: 1_003, ledger: 1_003, foreign: 0, elsewhere: 0, enrollments: 1_003, receipts: 1_003 })
    expect(audited.sums['EUR']).toEqual({ here: { received: 4_900_000n, givenBack: 0n }, there: { received: 4_900_000n, givenBack: 0n } })
    expect(inLines(audited)).toEqual([
      '1003 payments, 1003 in the ledger of fake, 1003 enrollments by payment, 1003 receipts',
      'EUR, minor units: 4900000 received, 0 given back here; 4900000 received, 0 given back there',
      'JPY, minor units: 1500 received, 0 given back here; 1500 received, 0 given back there',
      'disagreements: none',
    ])
  }
})

test('what is planted between databases and ledger is found, with its ids, and nothing else', async () => {
  const { addOne, addPaid, audit, ledger, newId, sql } = await books()
  const [lostThere, cheaper, noAccess] = [await addOne(), await addOne(), await addOne()]
  const [noReceipt, gone, foreignId] = [await addOne(), await addOne(), await addOne()]
  await addPaid(6)
  ledger.delete(lostThere.transactionId)
  ledger.change(cheaper.transactionId, { price: { amount: 4899, currency: 'EUR' } })
  await sql.enrollments('DELETE FROM enrollment WHERE payment_id = $1', [noAccess.id])
  await sql.payments('DELETE FROM receipt WHERE payment_id = $1', [noReceipt.id])
  ledger.change(gone.transactionId, { refunds: [{ id: 're_1', refundId: null, amount: 4900, state: 'succeeded', at: new Date(0) }] })
  await sql.enrollments('UPDATE enrollment SET user_id = $2 WHERE payment_id = $1', [foreignId.id, newId()])
  const unknown = newId()
  ledger.add({ transactionId: 'pi_unknown', paymentId: unknown })
  ledger.add({ transactionId: 'pi_of_another_shop', paymentId: null })
  ledger.add({ transactionId: 'pi_of_another_program', paymentId: 'order 66' })
  const orphan = newId()
  await sql.enrollments('UPDATE enrollment SET payment_id = $2 WHERE payment_id = $1', [lostThere.id, orphan])

  const audited = await audit()
  expect(kindsOf(audited)).toEqual(
    [
      'paid-here-not-there',
      'amount-differs',
      'paid-without-access',
      'paid-without-access',
      'enrollment-of-unknown-payment',
      'receipt-missing',
      'receipt-gap',
      'refunded-sum-differs',
      'refund-there-not-here',
      'enrollment-of-another',
      'unknown-payment-there',
    ].toSorted(),
  )
  expect(audited.checked).toMatchObject({ payments: 12, ledger: 14, foreign: 2 })
  expect(audited.disagreements).toContainEqual(
    expect.objectContaining({ kind: 'paid-here-not-there', ids: { payment: lostThere.id, transaction: lostThere.transactionId } }),
  )
  expect(audited.disagreements).toContainEqual(
    expect.objectContaining({ kind: 'unknown-payment-there', ids: { transaction: 'pi_unknown', payment: unknown } }),
  )
  expect(JSON.parse(asJson(audited))).toMatchObject({ total: 11, byKind: { 'paid-without-access': 2 } })
  expect(inLines(audited).join('\n')).toContain(`  receipt-missing: payment ${noReceipt.id}`)
})

test('two payments of one person for one course are found when both hold it', async () => {
  const { addOne, audit, sql } = await books()
  const [one, other, left, again] = [await addOne(), await addOne(), await addOne(), await addOne()]
  const giveTo = 'SET user_id = $2, course_id = $3'
  for (const [from, to] of [
    [other, one],
    [again, left],
  ] as const) {
    await sql.payments(`UPDATE payment ${giveTo} WHERE id = $1`, [from.id, to.userId, to.courseId])
  }
  // A person has one live enrollment in a course: the other payment has none, and the first of those who came back has ended.
  await sql.enrollments('DELETE FROM enrollment WHERE payment_id = $1', [other.id])
  await sql.enrollments(`UPDATE enrollment SET status = 'DROPPED' WHERE payment_id = $1`, [left.id])
  await sql.enrollments(`UPDATE enrollment ${giveTo}, attempt = 2 WHERE payment_id = $1`, [again.id, left.userId, left.courseId])
  const audited = await audit({ pageSize: 1 })
  expect(audited.disagreements).toMatchObject([
    { kind: 'paid-without-access', ids: { payment: other.id } },
    { kind: 'paid-twice', ids: { payment1: one.id, payment2: other.id, user: one.userId, course: one.courseId } },
  ])
})

test('what changed just now is counted apart, unless nothing is on its way', async () => {
  const { addOne, audit, ledger, now } = await books()
  const fresh = await addOne()
  ledger.change(fresh.transactionId, { state: 'processing', createdAt: now })
  expect(await audit({ graceSeconds: 600 })).toMatchObject({ total: 0, inFlight: 1 })
  expect(await audit({ graceSeconds: 0 })).toMatchObject({ total: 1, inFlight: 0 })
  const afterwards = new Date(now.getTime() + 601_000)
  expect(await audit({ graceSeconds: 600, now: afterwards })).toMatchObject({ total: 1, inFlight: 0 })
})

test('of a time, only the payments that were begun in it are compared, and none is missed that the provider began much later', async () => {
  const { addOne, audit, ledger } = await books()
  const day = (date: number) => new Date(Date.UTC(2026, 8, date))
  const early = await addOne({ at: day(1) })
  const late = await addOne({ at: day(10) })
  ledger.change(early.transactionId, { price: { amount: 1, currency: 'EUR' } })
  ledger.change(late.transactionId, { createdAt: day(20) })
  expect(await audit({ since: day(9), until: day(11) })).toMatchObject({ total: 0, checked: { payments: 1 } })
  expect(await audit({ until: day(9) })).toMatchObject({ total: 1, checked: { payments: 1 } })
})

test('payments with a provider that is not in use any more are counted as not compared', async () => {
  const { addOne, audit, sql } = await books()
  const [moved] = [await addOne(), await addOne()]
  await sql.payments(`UPDATE payment SET provider = 'sandbox' WHERE id = $1`, [moved.id])
  expect(await audit()).toMatchObject({ total: 0, checked: { payments: 1, elsewhere: 1 } })
})

test('it leaves nothing behind, and changes nothing', async () => {
  const { addPaid, audit, sql } = await books()
  await addPaid(3)
  const state = async () => {
    const { rows: tables } = await sql.payments(`SELECT count(*) FROM pg_class WHERE relname = 'ledger'`)
    const { rows: changes } = await sql.payments('SELECT id, xmin::text FROM payment ORDER BY id')
    return { tables, changes }
  }
  const before = await state()
  await audit()
  await expect.poll(state).toEqual(before)
})
