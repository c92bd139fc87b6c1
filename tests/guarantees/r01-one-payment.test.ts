import { viewerOf } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { openBroker } from '../testkit/faults/broker.ts'
import { newKey, send } from '../testkit/shop/customer.ts'
import { openShop, type Shop } from '../testkit/shop/shop.ts'
import { rounds } from '../testkit/soak.ts'

const AT_ONCE = 100
const ROUNDS = rounds(20)

/** A hundred times at once somebody enrolls and begins to pay, each time with a key of its own. */
async function buyAtOnce(shop: Shop) {
  const [ada, course] = [viewerOf('STUDENT'), await shop.offer()]
  const replies = await Promise.all(
    Array.from({ length: AT_ONCE }, async () => {
      const enrolled = await send(shop, ada, 'enroll', { courseId: course.courseId })
      const enrollmentId = enrolled.data?.enroll.enrollment.id
      return [enrolled, await send(shop, ada, 'initiatePayment', { enrollmentId, method: 'CARD', idempotencyKey: newKey() })] as const
    }),
  )
  const open = await shop.sql<{ id: string }>('payments', 'SELECT id FROM payment WHERE user_id = $1', [ada.id])
  return { replies, open }
}

test('R01 a hundred at once, over two replicas, enroll once and begin one payment', { timeout: 300_000 }, async () => {
  const shop = await openShop(await openBroker('Postgres'), { replicas: 2 })
  for (let round = 0; round < ROUNDS; round++) {
    const { replies, open } = await buyAtOnce(shop)
    expect(replies.flat().filter(({ status, codes }) => status !== 200 || codes.length > 0)).toEqual([])
    expect(new Set(replies.map(([enrolled]) => enrolled.data.enroll.enrollment.id)).size).toBe(1)
    expect(new Set(replies.map(([, begun]) => begun.text)).size).toBe(1)
    expect(open).toHaveLength(1)
    expect(await shop.sql('payments', 'SELECT FROM sandbox_payment WHERE reference = $1', [open[0]?.id])).toHaveLength(1)
  }
  console.log(`R01 (payments, two replicas): ${ROUNDS * AT_ONCE} enrolled and began to pay, ${ROUNDS} enrollments, ${ROUNDS} payments`)

  // The control: without the partial unique index there are more.
  await shop.sql('payments', 'DROP INDEX payment_enrollment_id_open_key')
  expect((await buyAtOnce(shop)).open.length).toBeGreaterThan(1)
})
