import { viewerOf } from '@stellr/kit/testing'
import { expect, onTestFinished, test, vi } from 'vitest'
import type { School } from '../../subgraphs/payments/src/testing/school.ts'
import { openBroker } from '../testkit/faults/broker.ts'
import { begin, enroll, statusOf } from '../testkit/shop/customer.ts'
import { openShop } from '../testkit/shop/shop.ts'
import { rounds } from '../testkit/soak.ts'
import { openStripeSchool, type StripeSchool } from '../testkit/stripe/school.ts'
import { stripeSettings, webhookSecrets } from '../testkit/stripe/stage.ts'
import { openStripe, type StripeStub } from '../testkit/stripe/stub.ts'
import { deliver } from '../testkit/stripe/webhooks.ts'

const AT_ONCE = 50
const ROUNDS = rounds(20)
const KILLS = rounds(10, 5)

/** A school that nobody tells of anything, and that asks nobody, with a payment that was made. */
async function openPaid({ stub, school }: StripeSchool) {
  const payment = await school.begin(await school.enroll())
  await stub.payer.pay(payment, 'success')
  return payment
}

async function openDeaf(): Promise<StripeSchool> {
  const deaf = await openStripeSchool({ checkSeconds: 3600 })
  deaf.stub.sendTo(null)
  onTestFinished(() => deaf.close())
  return deaf
}

const eventsOf = ({ events }: StripeStub, transactionId: string | null, type: string) =>
  events.filter((event) => event.type === type && event.data.object.id === transactionId)
const told = async (school: School, paymentId: string) => (await school.events(paymentId)).map(({ type }) => type)
const rowsOf = (school: School, eventId: string) => school.sql('SELECT FROM webhook_event WHERE event_id = $1', [eventId])

test(
  'R04 a webhook that comes fifty times at once, or as two events, has its effect once, and each is answered well',
  { timeout: 300_000 },
  async () => {
    const deaf = await openDeaf()
    const { stub, school } = deaf
    const endpoint = { url: `${school.url}/webhooks/stripe`, secrets: webhookSecrets }
    for (let round = 0; round < ROUNDS; round++) {
      const payment = await openPaid(deaf)
      const [event] = eventsOf(stub, payment.transactionId, 'payment_intent.succeeded')
      if (!event) throw new Error('Stripe tells nothing')
      const twin = { ...event, id: `${event.id}_twin` }
      const sent = Array.from({ length: AT_ONCE * 2 }, (_, index) => deliver(endpoint, index % 2 === 0 ? event : twin, new Date()))
      expect(new Set(await Promise.all(sent))).toEqual(new Set([200]))
      expect(await deliver(endpoint, event, new Date())).toBe(200)
      expect(await school.statusOf(payment.id)).toBe('COMPLETED')
      expect(await told(school, payment.id)).toEqual(['payment.initiated', 'payment.completed'])
      expect([await rowsOf(school, event.id), await rowsOf(school, twin.id)]).toEqual([[{}], [{}]])
      const receipts = await school.sql('SELECT FROM receipt WHERE payment_id = $1', [payment.id])
      const facts = await school.sql(`SELECT FROM payment_event WHERE payment_id = $1 AND type = 'SUCCEEDED'`, [payment.id])
      expect([receipts, facts]).toEqual([[{}], [{}]])
    }
    console.log(
      `R04: ${ROUNDS} payments, each told of ${AT_ONCE} times at once by each of two events: ${ROUNDS} transitions, ${ROUNDS} events`,
    )
  },
)

test(
  'R04 a process that dies between taking a webhook in and committing has taken in nothing, and the next try works',
  { timeout: 300_000 },
  async () => {
    const stub = await openStripe()
    onTestFinished(() => stub.close())
    // Whoever starts goes through what Stripe has told; here the webhook alone shall bring it.
    stub.fail('GET /v1/events', 'error')
    const shop = await openShop(await openBroker('Postgres'), { env: { ...stripeSettings(stub), PAYMENTS_CHECK_SECONDS: '3600' } })
    const { courseId } = await shop.offer()
    const endpoint = { url: `${shop.urls.payments}/webhooks/stripe`, secrets: webhookSecrets }
    for (let kill = 0; kill < KILLS; kill++) {
      const ada = viewerOf('STUDENT')
      const payment = await begin(shop, ada, await enroll(shop, ada, courseId))
      await stub.payer.pay(payment, 'success')
      await shop.settle()
      await shop.doom('payments', ['transaction.before_commit:1'])
      const [event] = eventsOf(stub, payment.transactionId, 'payment_intent.succeeded')
      if (!event) throw new Error('Stripe tells nothing')
      const rows = () => shop.sql('payments', 'SELECT FROM webhook_event WHERE event_id = $1', [event.id])
      const published = () =>
        shop.sql('payments', `SELECT FROM stellr.outbox WHERE aggregate_id = $1 AND event ->> 'type' = 'payment.completed'`, [payment.id])
      const before = shop.starts('payments')
      const answers = new Set<number>()
      await vi.waitUntil(
        async () => {
          if (shop.starts('payments') > before) return true
          answers.add(await deliver(endpoint, event, new Date()))
          return false
        },
        { timeout: 30_000, interval: 50 },
      )
      expect(answers).toEqual(new Set([0]))
      expect([await statusOf(shop, 'payments', payment.id), await rows(), await published()]).toEqual(['REQUIRES_ACTION', [], []])
      await expect.poll(() => deliver(endpoint, event, new Date()), { timeout: 30_000 }).toBe(200)
      expect([await statusOf(shop, 'payments', payment.id), await rows(), await published()]).toEqual(['COMPLETED', [{}], [{}]])
    }
    console.log(`R04: ${KILLS} kills between insert and commit, ${KILLS} transitions by the next try`)
  },
)

test('R04 the control: without the unique index one webhook is taken in more than once', async () => {
  const deaf = await openDeaf()
  const { stub, school } = deaf
  await school.sql('ALTER TABLE webhook_event DROP CONSTRAINT webhook_event_pkey')
  const { transactionId } = await openPaid(deaf)
  const [event] = eventsOf(stub, transactionId, 'payment_intent.succeeded')
  if (!event) throw new Error('Stripe tells nothing')
  const endpoint = { url: `${school.url}/webhooks/stripe`, secrets: webhookSecrets }
  await Promise.all(Array.from({ length: AT_ONCE }, () => deliver(endpoint, event, new Date())))
  expect((await rowsOf(school, event.id)).length).toBeGreaterThan(1)
})
