import { viewerOf } from '@stellr/kit/testing'
import { describe, expect, onTestFinished, test } from 'vitest'
import { openBroker } from '../testkit/faults/broker.ts'
import { auditOf } from '../testkit/shop/auditing.ts'
import { begin, enroll, insist, newKey, play, until, type Begun } from '../testkit/shop/customer.ts'
import { openShop, type Shop } from '../testkit/shop/shop.ts'
import { rounds } from '../testkit/soak.ts'
import { stripeSettings } from '../testkit/stripe/stage.ts'
import { openStripe } from '../testkit/stripe/stub.ts'

const KILLS = rounds(50, 25)
// Nobody insists for longer than a minute.
const MOST_AT_ONCE = 5
const PRICE = 1999
const PART = 500

/** How each provider is opened, with a way for payers to pay. */
const providers = [
  {
    provider: 'sandbox',
    open: async () => ({
      env: {},
      pay: (shop: Shop, payment: Begun) => play(shop, payment, { act: 'pay', card: 'success' }),
    }),
  },
  {
    provider: 'Stripe',
    open: async () => {
      const stub = await openStripe()
      onTestFinished(() => stub.close())
      return {
        env: stripeSettings(stub),
        pay: async (_: Shop, payment: Begun) => void (await stub.payer.pay(payment, 'success')),
      }
    },
  },
]

/** As many people as there will be kills, each with something to pay for. */
async function enrollAll(shop: Shop, people: number) {
  const { courseId } = await shop.offer({ price: { amount: PRICE, currency: 'EUR' } })
  const viewers = Array.from({ length: people }, () => viewerOf('STUDENT'))
  return Promise.all(viewers.map(async (viewer) => ({ viewer, id: await enroll(shop, viewer, courseId) })))
}

/** As many people as given begin to pay, pay, and have a part back, while payments dies at as many answers of its provider, twice. */
async function buyWhileItDies(shop: Shop, pay: (shop: Shop, payment: Begun) => Promise<void>, people: number): Promise<void> {
  const afterEveryAnswer = Array.from({ length: people }, () => 'provider.after_answer:1' as const)
  const enrolled = await enrollAll(shop, people)
  const before = shop.starts('payments')
  await shop.doom('payments', afterEveryAnswer)
  const payments = await Promise.all(enrolled.map(({ viewer, id }) => begin(shop, viewer, id)))
  // One for each kill, and the one that lives.
  expect(shop.starts('payments')).toBe(before + people + 1)
  expect(new Set(payments.map(({ transactionId }) => transactionId)).size).toBe(people)

  await Promise.all(payments.map((payment) => pay(shop, payment)))
  await Promise.all(enrolled.map(({ id }) => until(shop, 'enrollments', id, 'ACTIVE')))
  await shop.doom('payments', afterEveryAnswer)
  const input = { reason: 'Not for me.', amount: PART }
  const refund = ({ id }: Begun) => insist(shop, viewerOf('ADMIN'), 'refundPayment', { ...input, paymentId: id, idempotencyKey: newKey() })
  await Promise.all(payments.map(refund))
  expect(shop.starts('payments')).toBe(before + 2 * (people + 1))
  await Promise.all(payments.map(({ id }) => until(shop, 'payments', id, 'PARTIALLY_REFUNDED')))
}

describe.each(providers)('$provider', ({ provider, open }) => {
  test('R08 crash around the provider call: each payment is one there, and each refund', { timeout: 1_200_000 }, async () => {
    const { env, pay } = await open()
    const shop = await openShop(await openBroker('Postgres'), { env: { ...env, PAYMENTS_CHECK_SECONDS: '1' } })
    for (let left = KILLS; left > 0; left -= MOST_AT_ONCE) await buyWhileItDies(shop, pay, Math.min(left, MOST_AT_ONCE))
    await shop.settle()

    const { status, report } = await auditOf(shop)
    expect({ status, disagreements: report.disagreements }).toEqual({ status: 0, disagreements: [] })
    expect(report.checked).toMatchObject({ payments: KILLS, ledger: KILLS, enrollments: KILLS })
    expect(report.sums['EUR']?.there).toEqual({ received: BigInt(KILLS * PRICE), givenBack: BigInt(KILLS * PART) })
    console.log(`R08 (${provider}): ${2 * KILLS} kills, ${KILLS} payments and ${KILLS} refunds, as many at the provider`)
  })
})

test('R08 the control: at a provider that does not know keys again a payment is two', { timeout: 90_000 }, async () => {
  const shop = await openShop(await openBroker('Postgres'), {
    prepare: async (sql) => {
      await sql('payments', 'DROP INDEX sandbox_payment_key_key')
      // A webhook of the first, sooner than whoever asks again, would lead back to it.
      await sql('payments', 'CREATE RULE nothing_is_told AS ON INSERT TO sandbox_event DO INSTEAD NOTHING')
    },
  })
  const [ada] = await enrollAll(shop, 1)
  await shop.doom('payments', ['provider.after_answer:1'])
  if (ada) await begin(shop, ada.viewer, ada.id)
  const { status, report } = await auditOf(shop)
  expect({ status, byKind: report.byKind }).toMatchObject({ status: 1, byKind: { 'second-payment-there': 1 } })
})
