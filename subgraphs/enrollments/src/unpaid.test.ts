import { countStatements, manualClock } from '@stellr/kit/testing'
import { afterAll, beforeEach, expect, test } from 'vitest'
import { cancelUnpaid } from './jobs.ts'
import { paymentFor, tell } from './testing/payments.ts'
import { openSchool, person, student, type School } from './testing/school.ts'

const MINUTE = 60
const price = { amount: 1999, currency: 'EUR' }

// Others' events are dated by the machine's clock.
let clock = manualClock(new Date())
let school: School
beforeEach(async () => {
  await school?.stop()
  clock = manualClock(new Date())
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

async function waiting(at = school) {
  const [ada, { courseId }] = [student(), await at.course({ price })]
  const { id } = await at.enroll(ada, courseId)
  return { ada, courseId, id, userId: ada.id }
}
const cancel = () => cancelUnpaid.run(school.backstage())
const stored = async (id: string) => (await school.sql<{ status: string }>('SELECT status FROM enrollment WHERE id = $1', [id]))[0]?.status
const payBy = async (id: string, at = school) =>
  (await at.ask('query ($id: ID!) { enrollment(id: $id) { payBy } }', { id }, person('ADMIN'))).data.enrollment.payBy
const after = (seconds: number) => new Date(clock.now().getTime() + seconds * 1000).toISOString()

test('what nobody pays for is canceled after half an hour, at the moment that it says, once', async () => {
  const { id } = await waiting()
  expect(await payBy(id)).toBe(after(30 * MINUTE))
  clock.advance(30 * MINUTE - 0.001)
  await cancel()
  expect(await stored(id)).toBe('PENDING_PAYMENT')
  clock.advance(0.001)
  await Promise.all([cancel(), cancel(), cancel()])
  await cancel()
  expect(await stored(id)).toBe('CANCELED')
  expect(await payBy(id)).toBeNull()
  expect((await school.events(id)).map(({ type }) => type)).toEqual(['enrollment.created', 'enrollment.canceled'])
  const log = await school.sql('SELECT reason, actor_id, event_id FROM enrollment_transition WHERE enrollment_id = $1 AND version = 2', [
    id,
  ])
  expect(log).toEqual([{ reason: 'not_paid', actor_id: null, event_id: null }])
})

test('how long that is can be set, for those who enroll from then on', async () => {
  const other = await openSchool({ clock, settings: { unpaidAfterMinutes: 5 } })
  try {
    const { id } = await waiting(other)
    expect(await payBy(id, other)).toBe(after(5 * MINUTE))
  } finally {
    await other.stop()
  }
})

test('what needs no payment, or has it, has no such moment and is left alone', async () => {
  const [ada, { courseId }] = [student(), await school.course()]
  const free = await school.enroll(ada, courseId)
  const enrolled = await waiting()
  await tell(school, paymentFor(enrolled).completed())
  expect([await payBy(free.id), await payBy(enrolled.id)]).toEqual([null, null])
  clock.advance(60 * MINUTE)
  await cancel()
  expect([await stored(free.id), await stored(enrolled.id)]).toEqual(['ACTIVE', 'ACTIVE'])
})

test('a payment that is open is waited for, and pays as if nothing had happened', async () => {
  const enrolled = await waiting()
  const payment = paymentFor(enrolled)
  await tell(school, payment.initiated(), payment.failed('FAILED'))
  clock.advance(45 * MINUTE)
  await cancel()
  expect(await stored(enrolled.id)).toBe('PENDING_PAYMENT')
  await tell(school, payment.completed())
  expect(await stored(enrolled.id)).toBe('ACTIVE')
})

test.each(['CANCELED', 'EXPIRED'] as const)('when that has %s, it is canceled', async (end) => {
  const enrolled = await waiting()
  const payment = paymentFor(enrolled)
  await tell(school, payment.initiated())
  clock.advance(45 * MINUTE)
  await cancel()
  await tell(school, payment.failed(end))
  await cancel()
  expect(await stored(enrolled.id)).toBe('CANCELED')
})

test('one that ends early leaves the rest of the half hour for another', async () => {
  const enrolled = await waiting()
  const [first, second] = [paymentFor(enrolled), paymentFor(enrolled)]
  await tell(school, first.initiated(), first.failed('CANCELED'), second.initiated())
  await cancel()
  clock.advance(31 * MINUTE)
  await cancel()
  expect(await stored(enrolled.id)).toBe('PENDING_PAYMENT')
})

test('nothing is waited for longer than any payment can be paid; what is paid then all the same opens a new attempt', async () => {
  const enrolled = await waiting()
  const payment = paymentFor(enrolled)
  await tell(school, payment.initiated())
  clock.advance(24 * 60 * MINUTE - 5)
  await cancel()
  expect(await stored(enrolled.id)).toBe('PENDING_PAYMENT')
  clock.advance(10)
  await cancel()
  expect(await stored(enrolled.id)).toBe('CANCELED')
  await tell(school, payment.completed())
  const rows = await school.sql('SELECT status, payment_id FROM enrollment WHERE user_id = $1 ORDER BY attempt', [enrolled.userId])
  expect(rows).toEqual([
    { status: 'CANCELED', payment_id: null },
    { status: 'ACTIVE', payment_id: payment.id },
  ])
})

test('who pays at the very moment of the end is enrolled, whoever comes first', async () => {
  const all = await Promise.all(Array.from({ length: 10 }, () => waiting()))
  clock.advance(30 * MINUTE)
  const paying = all.map((enrolled) => tell(school, paymentFor(enrolled).completed()))
  await Promise.all([cancel(), ...paying, cancel()])
  const learners = await school.sql<{ user_id: string }>(`SELECT user_id FROM enrollment WHERE status = 'ACTIVE'`)
  expect(learners.map(({ user_id }) => user_id).toSorted()).toEqual(all.map(({ userId }) => userId).toSorted())
  expect(await school.sql('SELECT FROM refund_request')).toEqual([])
})

test('more than one batch is canceled in one turn, and those that are waited for hold up nobody', async () => {
  const { courseId } = await school.course({ price })
  const people = Array.from({ length: 120 }, () => student())
  const ids = await Promise.all(people.map(async (ada) => ({ id: (await school.enroll(ada, courseId)).id, userId: ada.id, courseId })))
  await tell(school, ...ids.slice(0, 60).map((enrolled) => paymentFor(enrolled).initiated()))
  clock.advance(30 * MINUTE)
  const { statements } = await countStatements(cancel)
  expect(await school.sql(`SELECT FROM enrollment WHERE status = 'CANCELED'`)).toHaveLength(60)
  expect(statements.filter(({ text }) => /FROM enrollment\b[^]*pay_by <=/.test(text))).toHaveLength(2)
})
