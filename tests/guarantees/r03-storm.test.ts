import { setTimeout as wait } from 'node:timers/promises'
import { viewerOf } from '@stellr/kit/testing'
import { describe, expect, test } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import { faultyLogKinds, openBroker } from '../testkit/faults/broker.ts'
import { auditOf } from '../testkit/shop/auditing.ts'
import { begin, enroll, play } from '../testkit/shop/customer.ts'
import { countMangled, mangleWebhooks } from '../testkit/shop/mangle.ts'
import { openShop, type CourseState, type Shop } from '../testkit/shop/shop.ts'
import { buy, type Bought } from '../testkit/shop/stories.ts'
import { rounds } from '../testkit/soak.ts'

const SEED = 20_261_201
// Kafka gives what a dead member of a group had in hand to others only when its session has ended: sooner here than in a school.
const storms = {
  Postgres: { checkouts: rounds(1_000), killEveryMs: 3_000, env: {} },
  Kafka: { checkouts: rounds(200), killEveryMs: 6_000, env: { KAFKA_SESSION_TIMEOUT_MS: '2000' } },
}
const FIRST_KILL_MS = 1_000
const AT_ONCE = 16
const prices = [
  { amount: 1999, currency: 'EUR' },
  { amount: 500, currency: 'JPY' },
  { amount: 12_340, currency: 'KWD' },
]

describe.each(faultyLogKinds)('%s', (kind) => {
  const { checkouts, killEveryMs, env } = storms[kind]

  test('R03 the storm: whoever has paid is enrolled, and nobody else, whatever is killed or lost', { timeout: 1_800_000 }, async () => {
    const shop = await openShop(await openBroker(kind), {
      env: { PAYMENTS_CHECK_SECONDS: '0.5', ...env },
      prepare: (sql) => mangleWebhooks(sql, { lost: 2, doubled: 2, late: 3 }),
    })
    const courses = await Promise.all(prices.map((price) => shop.offer({ price })))
    const began = performance.now()
    const storm = startStorm(shop, killEveryMs)
    const bought = await sell(shop, courses, checkouts)
    const kills = await storm.end()
    const calm = performance.now()
    // Each start goes through everything that the provider has told.
    await shop.kill('payments')
    await expect
      .poll(() => endsOf(shop, bought), { timeout: 60_000 })
      .toEqual(Object.fromEntries(bought.map((one) => [one.paymentId, one.end])))
    await shop.settle()
    const settledMs = performance.now() - calm

    const { status, report } = await auditOf(shop)
    expect(report.disagreements).toEqual([])
    expect(status).toBe(0)
    for (const { courseId, price } of courses) {
      const paying = bought.filter((one) => one.courseId === courseId && one.end[0] !== 'FAILED')
      const { here, there } = report.sums[price.currency] ?? {}
      expect(here?.received).toBe(BigInt(price.amount * paying.length))
      expect(here).toEqual(there)
    }
    const sums = Object.entries(report.sums).map(([currency, { here }]) => `${here.received} ${currency} received, ${here.givenBack} back`)
    console.log(
      `R03 (${kind}, seed ${SEED}): ${checkouts} checkouts in ${seconds(calm - began)} s, ${kills + 1} kills, ` +
        `webhooks ${JSON.stringify(await countMangled(shop.sql))}, settled after ${seconds(settledMs)} s; ` +
        `${JSON.stringify(report.checked)}, ${sums.join(', ')}, ${report.total} disagreements; ${told(bought)}`,
    )
  })
})

test(
  'R03 the control: with every webhook lost and nobody who asks, the audit names who has paid for nothing',
  { timeout: 90_000 },
  async () => {
    const shop = await openShop(await openBroker('Postgres'), {
      env: { PAYMENTS_CHECK_SECONDS: '3600' },
      prepare: (sql) => mangleWebhooks(sql, { lost: 10, doubled: 0, late: 0 }),
    })
    const { courseId } = await shop.offer()
    const paid = await Promise.all(
      [1, 2, 3].map(async () => {
        const viewer = viewerOf('STUDENT')
        const payment = await begin(shop, viewer, await enroll(shop, viewer, courseId))
        await play(shop, payment, { act: 'pay', card: 'success' })
        return payment.id
      }),
    )
    await shop.settle()
    const { status, report } = await auditOf(shop)
    expect({ status, byKind: report.byKind }).toEqual({ status: 1, byKind: { 'paid-there-not-here': paid.length } })
  },
)

/** Kills both parts in turn until it ends. */
function startStorm(shop: Shop, everyMs: number): { end(): Promise<number> } {
  let blowing = true
  let kills = 0
  const killing = (async () => {
    const victims = ['payments', 'enrollments']
    await wait(FIRST_KILL_MS)
    while (blowing || kills < victims.length) {
      await shop.kill(victims[kills % victims.length] ?? '')
      kills += 1
      if (blowing) await wait(everyMs)
    }
  })()
  return {
    async end() {
      blowing = false
      await killing
      return kills
    },
  }
}

/** So many people buy courses, some at once. What each does is drawn with the seed and their number. */
async function sell(shop: Shop, courses: readonly CourseState[], checkouts: number): Promise<Bought[]> {
  const bought: Bought[] = []
  let next = 0
  const lane = async () => {
    while (next < checkouts) {
      const chance = createChance(SEED + next++)
      bought.push(await buy(shop, chance.pick(courses), chance))
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
  return bought
}

/** What has become of each payment, and of the latest enrollment of whoever made it. */
async function endsOf(shop: Shop, bought: readonly Bought[]): Promise<Record<string, [string, string]>> {
  const payments = await shop.sql<{ id: string; status: string }>('payments', 'SELECT id, status::text FROM payment')
  const enrollments = await shop.sql<{ user_id: string; status: string }>(
    'enrollments',
    'SELECT DISTINCT ON (user_id) user_id, status::text FROM enrollment ORDER BY user_id, attempt DESC',
  )
  const money = new Map(payments.map(({ id, status }) => [id, status]))
  const access = new Map(enrollments.map(({ user_id, status }) => [user_id, status]))
  return Object.fromEntries(
    bought.map(({ paymentId, userId }) => [paymentId, [money.get(paymentId) ?? 'none', access.get(userId) ?? 'none']]),
  )
}

function told(bought: readonly Bought[]): string {
  return [...Map.groupBy(bought, ({ story }) => story)].map(([story, those]) => `${those.length} "${story}"`).join(', ')
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1)
}
