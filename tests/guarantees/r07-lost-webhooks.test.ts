import { viewerOf } from '@stellr/kit/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import { reconcile } from '../../subgraphs/payments/src/jobs.ts'
import { openSchool } from '../../subgraphs/payments/src/testing/school.ts'
import { playCard } from '../../subgraphs/payments/src/testing/play.ts'
import { openBroker } from '../testkit/faults/broker.ts'
import { auditOf } from '../testkit/shop/auditing.ts'
import { begin, enroll, insist, play, until } from '../testkit/shop/customer.ts'
import { countMangled, mangleWebhooks } from '../testkit/shop/mangle.ts'
import { openShop, type CourseState, type Shop } from '../testkit/shop/shop.ts'
import { rounds } from '../testkit/soak.ts'

const PAYMENTS = rounds(100)
const LATE = rounds(10)

/** What must have become of a payment, and of each attempt of whoever made it. */
interface Wanted {
  userId: string
  paymentId: string
  payment: string
  attempts: readonly string[]
}

async function buy(shop: Shop, { courseId }: CourseState) {
  const viewer = viewerOf('STUDENT')
  const enrollmentId = await enroll(shop, viewer, courseId)
  const payment = await begin(shop, viewer, enrollmentId)
  const wants = (status: string, ...attempts: string[]): Wanted => ({ userId: viewer.id, paymentId: payment.id, payment: status, attempts })
  return { viewer, enrollmentId, payment, wants }
}

const cards = [
  ['success', 'COMPLETED', 'ACTIVE'],
  ['three_d_secure_passed', 'COMPLETED', 'ACTIVE'],
  ['delayed', 'COMPLETED', 'ACTIVE'],
  ['decline', 'FAILED', 'PENDING_PAYMENT'],
  ['delayed_decline', 'FAILED', 'PENDING_PAYMENT'],
] as const

async function inTime(shop: Shop, course: CourseState, number: number): Promise<Wanted> {
  const { payment, wants } = await buy(shop, course)
  const [card, money, access] = cards[number % cards.length] ?? cards[0]
  await play(shop, payment, { act: 'pay', card, ...(card.startsWith('delayed') && { afterSeconds: 0.5 }) })
  return wants(money, access)
}

/** A bank that pays when nobody counts on it any more: what happened meanwhile, and what the money is used for then. */
const late: Record<string, (shop: Shop) => Promise<Wanted>> = {
  async 'the time to pay is over here'(shop) {
    const { payment, wants } = await atWork(shop, await shop.offer())
    await shop.sql('payments', `UPDATE payment SET expires_at = now() - interval '1 second', next_check_at = now() WHERE id = $1`, [
      payment.id,
    ])
    const ended = `SELECT FROM payment WHERE id = $1 AND cancel_reason = 'expired'`
    await vi.waitUntil(async () => (await shop.sql('payments', ended, [payment.id])).length > 0, { timeout: 30_000, interval: 50 })
    await play(shop, payment, { act: 'decide', paid: true })
    return wants('COMPLETED', 'ACTIVE')
  },
  async 'they left'(shop) {
    const { payment, wants } = await left(shop, await shop.offer())
    await play(shop, payment, { act: 'decide', paid: true })
    return wants('COMPLETED', 'CANCELED', 'ACTIVE')
  },
  async 'they left, and the price is another'(shop) {
    const course = await shop.offer()
    const { payment, wants } = await left(shop, course)
    await shop.offer({ courseId: course.courseId, price: { amount: 2999, currency: 'EUR' } })
    await play(shop, payment, { act: 'decide', paid: true })
    return wants('REFUNDED', 'CANCELED')
  },
  async 'they left, enrolled again and paid with another card'(shop) {
    const course = await shop.offer()
    const { viewer, payment, wants } = await left(shop, course)
    const again = await enroll(shop, viewer, course.courseId)
    await play(shop, await begin(shop, viewer, again), { act: 'pay', card: 'success' })
    await until(shop, 'enrollments', again, 'ACTIVE')
    await play(shop, payment, { act: 'decide', paid: true })
    return wants('REFUNDED', 'CANCELED', 'ACTIVE')
  },
}

async function atWork(shop: Shop, course: CourseState) {
  const bought = await buy(shop, course)
  await play(shop, bought.payment, { act: 'pay', card: 'delayed', afterSeconds: 3600 })
  return bought
}

async function left(shop: Shop, course: CourseState) {
  const bought = await atWork(shop, course)
  await insist(shop, bought.viewer, 'dropEnrollment', { enrollmentId: bought.enrollmentId })
  return bought
}

async function found(shop: Shop, { userId, paymentId }: Wanted): Promise<Wanted> {
  const [payment] = await shop.sql<{ status: string }>('payments', 'SELECT status::text FROM payment WHERE id = $1', [paymentId])
  const attempts = await shop.sql<{ status: string }>(
    'enrollments',
    'SELECT status::text FROM enrollment WHERE user_id = $1 ORDER BY attempt',
    [userId],
  )
  return { userId, paymentId, payment: payment?.status ?? 'none', attempts: attempts.map(({ status }) => status) }
}

test(
  'R07 without any webhook each payment is heard of, and money that comes late gives access or goes back',
  { timeout: 600_000 },
  async () => {
    const shop = await openShop(await openBroker('Postgres'), {
      env: { PAYMENTS_CHECK_SECONDS: '0.5' },
      prepare: (sql) => mangleWebhooks(sql, { lost: 10, doubled: 0, late: 0 }),
    })
    const course = await shop.offer()
    const begun = performance.now()
    const wanted = await Promise.all([
      ...Array.from({ length: PAYMENTS }, (_, number) => inTime(shop, course, number)),
      ...Array.from({ length: LATE }, () => Object.values(late).map((story) => story(shop))).flat(),
    ])
    await expect.poll(() => Promise.all(wanted.map((one) => found(shop, one))), { timeout: 60_000 }).toEqual(wanted)
    await shop.settle()
    const { status, report } = await auditOf(shop)
    expect({ status, disagreements: report.disagreements }).toEqual({ status: 0, disagreements: [] })
    const webhooks = await countMangled(shop.sql)
    expect(Object.keys(webhooks)).toEqual(['lost'])
    const seconds = ((performance.now() - begun) / 1000).toFixed(1)
    console.log(
      `R07: ${wanted.length} payments, ${LATE * Object.keys(late).length} of them late, ${webhooks['lost']} webhooks lost; all repaired within ${seconds} s`,
    )
  },
)

test('R07 the control: what nobody asks about stays unheard', async () => {
  const school = await openSchool({ settings: { checkSeconds: 3600 } })
  onTestFinished(() => school.stop())
  const payment = await school.begin(await school.enroll())
  await playCard(school.url, payment.clientSecret, 'lost_webhooks')
  await reconcile.run(school.backstage())
  expect(await school.statusOf(payment.id)).not.toBe('COMPLETED')
  await school.sql('UPDATE payment SET next_check_at = now() WHERE id = $1', [payment.id])
  await reconcile.run(school.backstage())
  expect(await school.statusOf(payment.id)).toBe('COMPLETED')
})
