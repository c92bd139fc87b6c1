import type { Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { expect, onTestFinished, test } from 'vitest'
import { openSchool } from '../../subgraphs/payments/src/testing/school.ts'
import { openBroker } from '../testkit/faults/broker.ts'
import { enroll, insist, newKey, play, send, until, type Mutation } from '../testkit/shop/customer.ts'
import { openShop, type Shop } from '../testkit/shop/shop.ts'
import { rounds } from '../testkit/soak.ts'

const AT_ONCE = 20
const ROUNDS = rounds(10)
/** Where payments dies while the twenty wait, one life after the other. */
const deaths = ['transaction.before_commit:1', 'transaction.after_commit:1', 'provider.after_answer:1'] as const
const admin = viewerOf('ADMIN')

test('R02 idempotency keys: the same again is the same one thing and the same reply, also across kills', { timeout: 600_000 }, async () => {
  const shop = await openShop(await openBroker('Postgres'), { env: { PAYMENTS_CHECK_SECONDS: '1' } })
  const { courseId } = await shop.offer()
  const other = await shop.offer()
  for (let round = 0; round < ROUNDS; round++) {
    const [ada, bob] = [viewerOf('STUDENT'), viewerOf('STUDENT')]
    const enrolled = {
      ada: await enroll(shop, ada, courseId),
      bob: await enroll(shop, bob, courseId),
      again: await enroll(shop, ada, other.courseId),
    }
    const order = { enrollmentId: enrolled.ada, method: 'CARD', idempotencyKey: newKey() }
    const payment = (await twentyTimes(shop, ada, 'initiatePayment', order)).payment
    expect(await countOf(shop, ada.id)).toEqual({ payments: 1, there: 1, begun: 1, refunds: 0, backThere: 0 })

    // With another body it is a conflict; another person's is another key.
    const conflict = await send(shop, ada, 'initiatePayment', { ...order, enrollmentId: enrolled.again })
    expect(conflict.codes).toEqual(['IDEMPOTENCY_CONFLICT'])
    const theirs = await insist(shop, bob, 'initiatePayment', { ...order, enrollmentId: enrolled.bob })
    expect(theirs.data.initiatePayment.payment.id).not.toBe(payment.id)

    await play(shop, payment, { act: 'pay', card: 'success' })
    await until(shop, 'payments', payment.id, 'COMPLETED')
    const refund = { paymentId: payment.id, amount: 500, reason: 'Not for me.', idempotencyKey: newKey() }
    const refunded = (await twentyTimes(shop, admin, 'refundPayment', refund)).payment
    expect(refunded).toMatchObject({ status: 'PARTIALLY_REFUNDED', refunded: { amount: 500 } })
    expect((await send(shop, admin, 'refundPayment', { ...refund, amount: 501 })).codes).toEqual(['IDEMPOTENCY_CONFLICT'])
    expect(await countOf(shop, ada.id)).toEqual({ payments: 1, there: 1, begun: 1, refunds: 1, backThere: 1 })
    const another = await insist(shop, viewerOf('ADMIN'), 'refundPayment', refund)
    expect(another.data.refundPayment.payment.refunded).toEqual({ amount: 1000 })
  }
  const kills = 2 * deaths.length * ROUNDS
  console.log(
    `R02: ${ROUNDS} payments and refunds, each asked for ${AT_ONCE} times at once; ${kills} kills meanwhile; one effect and one reply each`,
  )
})

test('R02 the control: where keys are not kept apart, the same asked again is done again', async () => {
  const school = await openSchool()
  onTestFinished(() => school.stop())
  const { id: paymentId } = await school.pay(await school.enroll())
  const refund = { paymentId, amount: 500, idempotencyKey: newKey() }
  const back = async () => (await school.refund(refund, admin)).data.refundPayment.payment.refunded.amount
  expect([await back(), await back()]).toEqual([500, 500])
  await school.sql('ALTER TABLE request_key DROP CONSTRAINT request_key_pkey')
  expect(await back()).toBe(1000)
})

/** Asks as twenty devices of one person, all of which insist while the process dies under them. Returns what all were told. */
async function twentyTimes(shop: Shop, viewer: Viewer, name: Mutation, input: object) {
  const before = shop.starts('payments')
  await shop.doom('payments', deaths)
  const replies = await Promise.all(Array.from({ length: AT_ONCE }, () => insist(shop, viewer, name, input, ['NOT_FOUND'])))
  expect(shop.starts('payments')).toBe(before + deaths.length + 1)
  expect(new Set(replies.map(({ text }) => text)).size).toBe(1)
  return replies[0]?.data[name]
}

/** What there is of somebody, here and at the provider. */
async function countOf(shop: Shop, userId: string) {
  const [counts] = await shop.sql(
    'payments',
    `SELECT (SELECT count(*)::int FROM payment WHERE user_id = $1) AS payments,
       (SELECT count(*)::int FROM sandbox_payment JOIN payment ON reference = payment.id::text WHERE user_id = $1) AS there,
       (SELECT count(*)::int FROM stellr.outbox JOIN payment ON aggregate_id = payment.id::text
         WHERE user_id = $1 AND event ->> 'type' = 'payment.initiated') AS begun,
       (SELECT count(*)::int FROM refund JOIN payment ON payment_id = payment.id WHERE user_id = $1) AS refunds,
       (SELECT count(*)::int FROM sandbox_refund JOIN payment ON transaction_id = payment_id WHERE user_id = $1) AS "backThere"`,
    [userId],
  )
  return counts
}
