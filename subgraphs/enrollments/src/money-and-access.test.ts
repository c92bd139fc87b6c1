import { systemRandom } from '@stellr/kit'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { cancelUnpaid } from './jobs.ts'
import { disagreements } from './testing/disagreements.ts'
import { interleavings, seeded } from './testing/interleavings.ts'
import { paymentFor, type Told } from './testing/payments.ts'
import { openSchool, student, type School } from './testing/school.ts'
import { followPayment } from './use-cases/follow-payment.ts'

const SEED = 20260301
const AT_ONCE = 6

let school: School
let courseId: string
beforeAll(async () => {
  school = await openSchool()
  courseId = (await school.course({ price: { amount: 1999, currency: 'EUR' } })).courseId
})
afterEach(() => school.sql('TRUNCATE enrollment, enrollment_transition, payment, refund_request'))
afterAll(() => school.stop())

type Step = 'A begun' | 'A paid' | 'A ended' | 'A back' | 'A disputed' | 'A won' | 'A lost' | 'B paid' | 'B back' | Doing
type Doing = 'time is up' | 'leaves' | 'enrolls'
type Follow = typeof followPayment

interface Scene {
  random: () => number
  follow: Follow
  /** How each payment is: filled in. */
  truth: Map<string, string>
}

const envelope = ({ event, version, data }: Told) => ({
  specversion: '1.0' as const,
  id: systemRandom.id(),
  type: event.type,
  source: '/stellr/payments',
  subject: data.paymentId,
  time: new Date().toISOString(),
  datacontenttype: 'application/json' as const,
  dataversion: 1,
  aggregateversion: version,
  data,
})

/** Lets all that happen in this order to somebody who has enrolled and not paid; every event may come once more later. */
async function live(order: readonly Step[], { random, follow, truth }: Scene): Promise<void> {
  const ada = student()
  const { id } = await school.enroll(ada, courseId)
  const enrolled = { id, userId: ada.id, courseId }
  const [a, b] = [paymentFor(enrolled), paymentFor(enrolled)]
  const payments: Record<Exclude<Step, Doing>, () => Told> = {
    'A begun': a.initiated,
    'A ended': () => a.failed('EXPIRED'),
    'A paid': a.completed,
    'A back': a.refunded,
    'A disputed': a.disputed,
    'A won': () => a.closed('COMPLETED'),
    'A lost': () => a.closed('REFUNDED'),
    'B paid': b.completed,
    'B back': b.refunded,
  }
  const doings: Record<Doing, () => Promise<unknown>> = {
    async 'time is up'() {
      await school.sql(`UPDATE enrollment SET pay_by = now() WHERE user_id = $1`, [ada.id])
      await cancelUnpaid.run(school.backstage())
    },
    async leaves() {
      const { data } = await school.entities('Course', [{ id: courseId }], 'viewerEnrollment { id }', ada)
      await school.change('dropEnrollment', { enrollmentId: data[0].viewerEnrollment.id }, ada)
    },
    enrolls: () => school.enroll(ada, courseId),
  }
  const isDoing = (step: Step): step is Doing => step in doings
  const said: Told[] = []
  const hear = (told: Told) => school.backstage().store.transaction((tx) => follow(tx, envelope(told)))
  for (const step of order) {
    if (isDoing(step)) await doings[step]()
    else {
      const told = payments[step]()
      said.push(told)
      truth.set(told.data.paymentId, told.data.status)
      await hear(told)
    }
    const again = said[Math.floor(random() * said.length * 2)]
    if (again) await hear(again)
  }
}

async function liveAll(orders: readonly Step[][], follow: Follow = followPayment): Promise<string[]> {
  const truth = new Map<string, string>()
  const left = [...orders.entries()]
  const worker = async () => {
    for (let next = left.pop(); next; next = left.pop()) await live(next[1], { random: seeded(SEED + next[0]), follow, truth })
  }
  await Promise.all(Array.from({ length: AT_ONCE }, worker))
  return disagreements(school, truth)
}

test.each<[string, Step[][]]>([
  [
    'one is paid and given back, while time runs out and the learner leaves and comes back',
    [['A paid', 'A back'], ['time is up'], ['leaves', 'enrolls']],
  ],
  [
    'one that was begun is paid, and another, while time runs out and the learner comes back',
    [['A begun', 'A paid'], ['B paid'], ['time is up', 'enrolls']],
  ],
  [
    'one ends and is paid all the same, and another is paid and given back',
    [['A begun', 'A ended', 'A paid'], ['B paid', 'B back'], ['time is up']],
  ],
  [
    'one is disputed and won, while the learner leaves and comes back',
    [
      ['A paid', 'A disputed', 'A won'],
      ['leaves', 'enrolls'],
    ],
  ],
  ['one is disputed and lost, and another is paid', [['A paid', 'A disputed', 'A lost'], ['B paid'], ['leaves']]],
])('in whatever order: %s: each payment has opened one enrollment or was asked back', async (_what, threads) => {
  const orders = interleavings(...threads)
  expect(orders.length).toBeGreaterThan(5)
  expect(await liveAll(orders)).toEqual([])
})

test('without the way for late payments some are paid and have neither: the check says so', async () => {
  const wrong = await liveAll(interleavings<Step>(['A paid'], ['time is up'], ['leaves', 'enrolls']), async (tx, event) => {
    const enrollment = await tx.lockEnrollment(event.data.enrollmentId)
    const { paymentId: id, enrollmentId, status } = event.data
    if (enrollment?.status === 'PENDING_PAYMENT') return followPayment(tx, event)
    await tx.putPayment({ id, enrollmentId, status, initiatedAt: new Date(), version: event.aggregateversion }, new Date())
  })
  expect(wrong).toContainEqual(expect.stringContaining('COMPLETED, 0 enrollments, and asked back: null'))
})

test('without knowing what was heard before, old news is taken for new: the check says so', async () => {
  const orders = Array.from({ length: 20 }, (): Step[] => ['A paid', 'A disputed', 'A won', 'enrolls'])
  const wrong = await liveAll(orders, async (tx, event) => {
    news += 1
    await followPayment(tx, { ...event, aggregateversion: news })
  })
  expect(wrong).toContainEqual(expect.stringContaining('COMPLETED, and its enrollment SUSPENDED'))
})

let news = 0
