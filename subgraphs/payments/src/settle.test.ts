import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Backstage } from './context.ts'
import type { Provider, ProviderPayment, ProviderRefund, RefundOrder } from './providers/provider.ts'
import { settle } from './settle.ts'
import { playCard, playSandbox } from './testing/play.ts'
import { newId, openSchool, type School } from './testing/school.ts'

const clock = manualClock(new Date())
let school: School
beforeAll(async () => {
  school = await openSchool({ clock, settings: { checkSeconds: 60 } })
})
afterAll(() => school.stop())

/** In how many minutes its provider is asked about a payment next. */
async function asksIn(paymentId: string): Promise<number> {
  const [row] = await school.sql<{ at: Date }>('SELECT next_check_at AS at FROM payment WHERE id = $1', [paymentId])
  return ((row?.at.getTime() ?? Number.NaN) - clock.now().getTime()) / 60_000
}

/** The sandbox, but what it shows of a payment's refunds is `refunds`, as if they had been made on a provider's own pages. */
function showing(refunds: readonly Partial<ProviderRefund>[], asked: RefundOrder[] = []): Backstage {
  const backstage = school.backstage()
  const { provider } = backstage.services
  const shown = (payment: ProviderPayment): ProviderPayment => ({
    ...payment,
    refunds: refunds.map((refund) => ({ id: 're_1', refundId: null, amount: 500, state: 'pending', at: new Date(), ...refund })),
  })
  const other: Provider = {
    ...provider,
    async find(transactionId) {
      const found = await provider.find(transactionId)
      return found && shown(found)
    },
    async refund(order) {
      asked.push(order)
      return shown(await provider.refund(order))
    },
  }
  return { ...backstage, services: { ...backstage.services, provider: other, providers: { sandbox: other } } }
}

const refundsOf = (paymentId: string) =>
  school.sql<{ status: string; amount: string }>('SELECT status::text, amount::text FROM refund WHERE payment_id = $1', [paymentId])

test('a refund that somebody makes at the provider, and that takes a while there, is not made once more', async () => {
  const { id } = await school.pay(await school.enroll())
  const asked: RefundOrder[] = []
  for (const _ of [1, 2, 3]) await settle(showing([{ state: 'pending' }], asked), id)
  expect(await refundsOf(id)).toEqual([{ status: 'PENDING', amount: '500' }])
  await settle(showing([{ state: 'succeeded' }], asked), id)
  expect(await refundsOf(id)).toEqual([{ status: 'SUCCEEDED', amount: '500' }])
  expect(await school.statusOf(id)).toBe('PARTIALLY_REFUNDED')
  expect(asked).toEqual([])
})

test('a refund that has ended is not begun again by an older word', async () => {
  const { id } = await school.pay(await school.enroll())
  for (const state of ['succeeded', 'pending'] as const) await settle(showing([{ state }]), id)
  expect(await refundsOf(id)).toEqual([{ status: 'SUCCEEDED', amount: '500' }])
})

test('the provider is asked half as often each time that it has no news, every six hours at last; news begins anew', async () => {
  const payment = await school.pay(await school.enroll())
  await playSandbox(school.url, payment.clientSecret, { act: 'dispute' })
  await school.until(payment.id, 'DISPUTED')
  expect(await asksIn(payment.id)).toBe(1)
  const minutes: number[] = []
  for (let time = 0; time < 10; time += 1) {
    await settle(school.backstage(), payment.id)
    minutes.push(await asksIn(payment.id))
  }
  expect(minutes).toEqual([2, 4, 8, 16, 32, 64, 128, 256, 360, 360])
  await playSandbox(school.url, payment.clientSecret, { act: 'close_dispute', won: true })
  await school.until(payment.id, 'COMPLETED')
  await playSandbox(school.url, payment.clientSecret, { act: 'dispute' })
  await school.until(payment.id, 'DISPUTED')
  expect(await asksIn(payment.id)).toBe(1)
})

test('a payment that is asked about without news does not look changed', async () => {
  const [waiting, declined] = [await school.begin(await school.enroll()), await school.begin(await school.enroll())]
  await playCard(school.url, declined.clientSecret, 'decline')
  await school.until(declined.id, 'FAILED')
  for (const { id } of [waiting, declined]) {
    await settle(school.backstage(), id)
    const updated = () => school.sql('SELECT updated_at FROM payment WHERE id = $1', [id])
    const before = await updated()
    await settle(school.backstage(), id)
    expect(await updated()).toEqual(before)
  }
})

test('money that was to go back when the payer’s bank asked for it waits until that is decided, and goes back if the school wins', async () => {
  const { clientSecret, id } = await school.pay(await school.enroll())
  await school.sql(
    `INSERT INTO refund (id, payment_id, amount, reason, status, created_at, updated_at) VALUES ($1, $2, 1999, 'late_payment', 'PENDING', now(), now())`,
    [newId(), id],
  )
  await playSandbox(school.url, clientSecret, { act: 'dispute' })
  await school.until(id, 'DISPUTED')
  await settle(school.backstage(), id)
  expect(await refundsOf(id)).toEqual([{ status: 'PENDING', amount: '1999' }])
  await playSandbox(school.url, clientSecret, { act: 'close_dispute', won: true })
  await school.until(id, 'COMPLETED')
  await settle(school.backstage(), id)
  expect(await school.statusOf(id)).toBe('REFUNDED')
})

test('the history of a payment says when each thing was heard of', async () => {
  const { clientSecret, id } = await school.begin(await school.enroll())
  const begun = clock.now()
  clock.advance(600)
  await playCard(school.url, clientSecret, 'decline')
  await school.until(id, 'FAILED')
  const [failed] = await school.sql<{ at: Date }>(`SELECT at FROM payment_event WHERE payment_id = $1 AND type = 'FAILED'`, [id])
  expect(failed?.at.getTime()).toBe(begun.getTime() + 600_000)
})
