import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createChance } from '../../demo/chance.ts'
import type { PaymentStatus } from '../../subgraphs/payments/src/models.ts'
import { forbiddenMoves, permutations } from '../../subgraphs/payments/src/testing/ways.ts'
import { rounds, soak } from '../testkit/soak.ts'
import { openStripeSchool, type StripeSchool } from '../testkit/stripe/school.ts'
import { webhookSecrets } from '../testkit/stripe/stage.ts'
import { deliver } from '../testkit/stripe/webhooks.ts'
import { drawHistory, playHistory, statusThere, type Step, type Told } from './r05-history.ts'

const SEED = 20_261_201
const DRAWN = rounds(400)
const LONGEST = 7
// Of those of each history, where not all are gone through.
const MOST_ORDERS = 24

let world: StripeSchool
/** What Stripe answers when it is asked about an event: the payment as it was then, so as late as an answer can come. */
const answers = new Map<string, Told['shown']>()
beforeAll(async () => {
  world = await openStripeSchool({ checkSeconds: 3600 })
  world.stub.sendTo(null)
  const { provider } = world.school.backstage().services
  vi.spyOn(provider, 'subjectOf').mockImplementation(async ({ id }) => answers.get(id) ?? null)
})
afterAll(async () => {
  vi.restoreAllMocks()
  await world.close()
})

/** A payment that went this way at Stripe, of which nobody has told yet. */
async function begun(steps: readonly Step[]) {
  const payment = await world.school.begin(await world.school.enroll())
  const told = await playHistory(world, payment, steps)
  for (const { event, shown } of told) answers.set(event.id, shown)
  return { payment, told }
}

/** Sends webhooks in this order, and says how the payment went and where it ended. */
async function hear(paymentId: string, told: readonly Told[]) {
  const endpoint = { url: `${world.school.url}/webhooks/stripe`, secrets: webhookSecrets }
  for (const { event } of told) expect(await deliver(endpoint, event, new Date())).toBe(200)
  const heard = await statuses(paymentId)
  const refunds = await refundsHere(paymentId)
  // What is open is asked about when it is due, as it is then.
  await world.school.settle(paymentId)
  return { heard, refunds, end: await world.school.statusOf(paymentId), moves: await statuses(paymentId) }
}

/** Every status that anybody was shown, and every one that was published, both in order. */
async function statuses(paymentId: string): Promise<PaymentStatus[][]> {
  const shown = await world.school.sql<{ status: PaymentStatus }>(
    `SELECT data -> 'payment' ->> 'status' AS status FROM stellr.feed WHERE data -> 'payment' ->> 'id' = $1 ORDER BY seq`,
    [paymentId],
  )
  const published = (await world.school.events(paymentId)).map(({ data }) => ({ status: data['status'] as PaymentStatus }))
  return [shown, published].map((rows) => rows.map(({ status }) => status))
}

const refundsHere = async (paymentId: string) =>
  (await world.school.sql<{ status: string }>('SELECT status::text FROM refund WHERE payment_id = $1', [paymentId])).map(
    ({ status }) => status,
  )

const histories: readonly (readonly Step[])[] = [
  ['bank_at_work', 'pays', 'gives_it_back'],
  ['decline', 'pays', 'begins_to_give_back', 'has_given_back'],
  ['decline', 'asks_who', 'ends'],
  ['pays', 'disputes', 'wins'],
]

test.each(histories.map((steps) => ({ steps })))(
  'R05 in whatever order it is told, the end is what Stripe has: $steps',
  { timeout: 600_000 },
  async ({ steps }) => {
    const all = permutations([...Array(steps.length + 1).keys()])
    const orders = soak ? all : createChance(SEED).shuffle(all).slice(0, MOST_ORDERS)
    for (const order of orders) {
      const { payment, told } = await begun(steps)
      const { heard, refunds, end, moves } = await hear(
        payment.id,
        order.flatMap((index) => told[index] ?? []),
      )
      const last = told.at(-1)?.shown
      expect({ order, end }).toEqual({ order, end: last && statusThere(last) })
      expect({ order, forbidden: moves.map(forbiddenMoves) }).toEqual({ order, forbidden: [[], []] })
      // With the money there nothing more has to be asked: it is known from what was heard, whatever came last.
      if (last?.state === 'succeeded') expect({ order, heard: heard[0]?.at(-1) }).toEqual({ order, heard: end })
      expect({ order, refunds }).toEqual({ order, refunds: refunds.map(() => 'SUCCEEDED') })
    }
    console.log(`R05: ${steps.join(', ')}: ${orders.length} of ${all.length} orders`)
  },
)

test('R05 so with drawn ways of a payment, told in any order, some of it more than once', { timeout: 600_000 }, async () => {
  const ends = new Map<string, number>()
  let webhooks = 0
  for (let number = 0; number < DRAWN; number++) {
    const chance = createChance(SEED + number)
    const steps = drawHistory(chance, LONGEST)
    const { payment, told } = await begun(steps)
    const twice = told.filter(() => chance.next() < 0.3)
    const order = chance.shuffle([...told, ...twice])
    const { end, moves } = await hear(payment.id, order)
    const last = told.at(-1)?.shown
    expect({ number, steps, end }).toEqual({ number, steps, end: last && statusThere(last) })
    expect({ number, steps, forbidden: moves.map(forbiddenMoves) }).toEqual({ number, steps, forbidden: [[], []] })
    ends.set(end, (ends.get(end) ?? 0) + 1)
    webhooks += order.length
  }
  expect(ends.size).toBeGreaterThan(4)
  console.log(`R05 (seed ${SEED}): ${DRAWN} drawn ways, ${webhooks} webhooks; ${JSON.stringify(Object.fromEntries(ends))}`)
})

test('R05 the control: whoever believes the webhook that came last ends elsewhere, by ways that no payment may go', async () => {
  const { told } = await begun(['bank_at_work', 'pays', 'gives_it_back'])
  const believed = permutations(told).map((order) => order.map(({ shown }) => statusThere(shown)))
  expect(new Set(believed.map((statuses) => statuses.at(-1))).size).toBeGreaterThan(1)
  expect(believed.filter((statuses) => forbiddenMoves(statuses).length > 0).length).toBeGreaterThan(believed.length / 2)
})
