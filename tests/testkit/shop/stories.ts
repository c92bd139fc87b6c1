import type { UserViewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { vi } from 'vitest'
import type { Chance } from '../../../demo/chance.ts'
import { begin, enroll, insist, newKey, play, until, type Begun } from './customer.ts'
import type { CourseState, Shop } from './shop.ts'

/** Somebody who buys a course. */
export interface Buyer {
  shop: Shop
  viewer: UserViewer
  course: CourseState
  chance: Chance
  enrollmentId: string
  payment: Begun
}

/** What must have become of their payment and of their access in the end. */
export type End = readonly [payment: string, access: string]

/** What happens after somebody has begun to pay. */
type Story = (buyer: Buyer) => Promise<End>

const admin = viewerOf('ADMIN')
const had: End = ['COMPLETED', 'ACTIVE']
const back: End = ['REFUNDED', 'REFUNDED']

const pay = ({ shop, payment }: Buyer) => play(shop, payment, { act: 'pay', card: 'success' })
const opened = async (buyer: Buyer) => {
  await pay(buyer)
  await until(buyer.shop, 'enrollments', buyer.enrollmentId, 'ACTIVE')
}
const failsThere = ({ shop, payment }: Buyer) =>
  vi.waitUntil(
    async () =>
      (await shop.sql('payments', `SELECT FROM sandbox_payment WHERE id = $1 AND state = 'failed'`, [payment.transactionId])).length > 0,
    { timeout: 60_000, interval: 50 },
  )
const refund = (buyer: Buyer, viewer: UserViewer, more: object = {}) =>
  insist(buyer.shop, viewer, 'refundPayment', { paymentId: buyer.payment.id, reason: 'Not for me.', idempotencyKey: newKey(), ...more }, [
    'CONFLICT',
    'FORBIDDEN',
  ])

/** Every way in which buying a course goes, and how often of a hundred. */
export const stories: Readonly<Record<string, readonly [often: number, story: Story]>> = {
  'pays at once': [26, async (buyer) => (await pay(buyer), had)],
  'is declined, and pays with another card': [8, declined],
  'is declined, and gives up': [6, givesUp],
  'passes 3-D Secure': [8, (buyer) => later(buyer, 'three_d_secure_passed', had)],
  'fails 3-D Secure, and pays': [6, failsOnce],
  'the bank pays later': [8, (buyer) => later(buyer, 'delayed', had)],
  'the bank declines later': [5, (buyer) => later(buyer, 'delayed_decline', ['FAILED', 'PENDING_PAYMENT'])],
  'has it all back': [8, async (buyer) => (await opened(buyer), await refund(buyer, buyer.viewer), back)],
  'has a part back': [
    5,
    async (buyer) => (await pay(buyer), await refund(buyer, admin, { amount: 100 }), ['PARTIALLY_REFUNDED', 'ACTIVE']),
  ],
  'leaves, and has it back': [5, leaves],
  'leaves while the bank is at work': [5, leavesEarly],
  'disputes, and wins': [4, (buyer) => disputes(buyer, false, back)],
  'disputes, and loses': [3, (buyer) => disputes(buyer, true, had)],
  disputes: [3, (buyer) => disputes(buyer, null, ['DISPUTED', 'SUSPENDED'])],
}

async function declined(buyer: Buyer): Promise<End> {
  await play(buyer.shop, buyer.payment, { act: 'pay', card: 'decline' })
  await pay(buyer)
  return had
}

async function givesUp({ shop, payment }: Buyer): Promise<End> {
  await play(shop, payment, { act: 'pay', card: 'insufficient_funds' })
  return ['FAILED', 'PENDING_PAYMENT']
}

async function later(
  { shop, payment, chance }: Buyer,
  card: 'three_d_secure_passed' | 'delayed' | 'delayed_decline',
  end: End,
): Promise<End> {
  await play(shop, payment, { act: 'pay', card, afterSeconds: chance.next() * 2 })
  return end
}

async function failsOnce(buyer: Buyer): Promise<End> {
  await play(buyer.shop, buyer.payment, { act: 'pay', card: 'three_d_secure_failed', afterSeconds: buyer.chance.next() })
  await failsThere(buyer)
  await pay(buyer)
  return had
}

async function leaves(buyer: Buyer): Promise<End> {
  await opened(buyer)
  await insist(buyer.shop, buyer.viewer, 'dropEnrollment', { enrollmentId: buyer.enrollmentId })
  return back
}

// The money comes when nothing waits for it any more: it opens a new attempt.
async function leavesEarly({ shop, viewer, enrollmentId, payment }: Buyer): Promise<End> {
  await play(shop, payment, { act: 'pay', card: 'delayed', afterSeconds: 3600 })
  await insist(shop, viewer, 'dropEnrollment', { enrollmentId })
  await play(shop, payment, { act: 'decide', paid: true })
  return had
}

async function disputes(buyer: Buyer, won: boolean | null, end: End): Promise<End> {
  const { shop, payment, enrollmentId, chance } = buyer
  await pay(buyer)
  await play(shop, payment, { act: 'dispute' })
  if (won === null) return end
  // As often as not, nobody has heard of the dispute when it is over.
  if (chance.next() < 0.5) await until(shop, 'enrollments', enrollmentId, 'SUSPENDED')
  await play(shop, payment, { act: 'close_dispute', won })
  return end
}

export interface Bought {
  story: string
  userId: string
  courseId: string
  paymentId: string
  end: End
}

/** One person's whole story. Every seventh changes their mind about how to pay. */
export async function buy(shop: Shop, course: CourseState, chance: Chance): Promise<Bought> {
  const tickets = Object.entries(stories).flatMap(([name, [often]]) => Array.from({ length: often }, () => name))
  const story = chance.pick(tickets)
  const changesMind = chance.next() < 1 / 7
  const viewer = viewerOf('STUDENT')
  const enrollmentId = await enroll(shop, viewer, course.courseId)
  const first = await begin(shop, viewer, enrollmentId)
  const payment = changesMind ? await begin(shop, viewer, enrollmentId, 'CHECKOUT') : first
  const end = await stories[story]?.[1]({ shop, viewer, course, chance, enrollmentId, payment })
  if (!end) throw new Error(`nobody knows how "${story}" goes`)
  return { story, userId: viewer.id, courseId: course.courseId, paymentId: payment.id, end }
}
