import { randomUUID } from 'node:crypto'
import { systemRandom, type Money } from '@stellr/kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  ProviderRefused,
  type PaymentOrder,
  type Provider,
  type ProviderNotice,
  type ProviderPayment,
  type RefundOrder,
} from '../../subgraphs/payments/src/providers/provider.ts'

export type ContractCard = 'success' | 'decline' | 'insufficient_funds' | 'three_d_secure_passed' | 'three_d_secure_failed'

/** A provider, and its payers and their banks. What they do may take a while to show. */
export interface Stage {
  provider: Provider
  /** The payer pays, with what `payment` says of how to. */
  pay(payment: ProviderPayment, card: ContractCard): Promise<void>
  /** The payer's bank asks for the money back. */
  dispute(payment: ProviderPayment): Promise<void>
  close(): Promise<void>
}

/** What the core relies on, whoever moves the money: every provider's own tests run these. */
export function providerContract(name: string, open: () => Promise<Stage>): void {
  describe.each(['CARD', 'CHECKOUT'] as const)(`${name}, as any provider, by %s`, (method) => {
    let stage: Stage
    let provider: Provider
    beforeAll(async () => {
      stage = await open()
      provider = stage.provider
    })
    afterAll(() => stage.close())

    const begin = (changes: Partial<PaymentOrder> = {}) => provider.create(orderOf({ method, ...changes }))
    const now = async ({ transactionId }: ProviderPayment): Promise<ProviderPayment> => {
      const found = await provider.find(transactionId)
      if (!found) throw new Error(`${transactionId} is not there`)
      return found
    }
    const until = async (payment: ProviderPayment, state: ProviderPayment['state']) => {
      await expect.poll(async () => (await now(payment)).state, { interval: 10 }).toBe(state)
      return now(payment)
    }
    const pay = async (changes: Partial<PaymentOrder> = {}) => {
      const begun = await begin(changes)
      await stage.pay(begun, 'success')
      return until(begun, 'succeeded')
    }
    const refund = (payment: ProviderPayment, changes: Partial<RefundOrder> = {}) => provider.refund(refundOf(payment, changes))
    const ended = async (payment: ProviderPayment, many: number) => {
      const succeeded = async () => (await now(payment)).refunds.filter(({ state }) => state === 'succeeded')
      await expect.poll(async () => (await succeeded()).length, { interval: 10 }).toBe(many)
      return succeeded()
    }

    test('a payment that was begun waits for its payer, who is told how to pay', async () => {
      const order = orderOf({ method })
      const begun = await provider.create(order)
      expect(begun).toMatchObject({ paymentId: order.paymentId, state: 'requires_action', price: order.price, paidAt: null, refunds: [] })
      expect([begun.clientSecret !== null, begun.checkoutUrl !== null]).toEqual(method === 'CARD' ? [true, false] : [false, true])
      expect(await now(begun)).toEqual(begun)
    })

    test('a key begins one payment, however often and at once it is used', async () => {
      const order = orderOf({ method })
      const from = new Date(Date.now() - 60_000)
      const first = await provider.create(order)
      const again = await Promise.all(Array.from({ length: 10 }, () => provider.create(order)))
      expect(new Set(again.map(({ transactionId }) => transactionId))).toEqual(new Set([first.transactionId]))
      const ofOrder = (await collect(provider.paymentsBetween(from, soon()))).filter(({ paymentId }) => paymentId === order.paymentId)
      expect(ofOrder.map(({ transactionId }) => transactionId)).toEqual([first.transactionId])
    })

    test('begun again with its key after it was paid, it is the paid payment', async () => {
      const order = orderOf({ method })
      const begun = await provider.create(order)
      await stage.pay(begun, 'success')
      await until(begun, 'succeeded')
      expect(await provider.create(order)).toMatchObject({ transactionId: begun.transactionId, state: 'succeeded' })
    })

    test('what it does not know is null', async () => {
      const unknown = (await begin()).transactionId.replace(/.{6}$/, 'zzzzzz')
      expect(await provider.find(unknown)).toBeNull()
      expect(await provider.find('elsewhere')).toBeNull()
    })

    test('a payment that was made says when, and that it is all there', async () => {
      const price = { amount: 1999, currency: 'EUR' }
      const paid = await pay({ price })
      expect(paid).toMatchObject({ state: 'succeeded', price, refunds: [], disputes: [] })
      expect(Math.abs((paid.paidAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    })

    test.each([
      { amount: 1200, currency: 'JPY' },
      { amount: 12_500, currency: 'KWD' },
      { amount: 995, currency: 'EUR' },
    ])('$amount minor units of $currency are the same there and back', async (price: Money) => {
      const paid = await pay({ price })
      expect(paid.price).toEqual(price)
      await refund(paid, { price: { ...price, amount: price.amount / 5 } })
      expect((await ended(paid, 1)).map(({ amount }) => amount)).toEqual([price.amount / 5])
    })

    test('what the bank declines has failed, and says why; it can be tried again', async () => {
      const begun = await begin()
      await stage.pay(begun, 'decline')
      const failed = await until(begun, 'failed')
      expect(failed.failure).toMatchObject({ code: expect.stringMatching(/^[a-z_]+$/), message: expect.stringMatching(/./) })
      await stage.pay(failed, 'insufficient_funds')
      await expect.poll(async () => (await now(begun)).failure?.code, { interval: 10 }).toBe('insufficient_funds')
      await stage.pay(await now(begun), 'success')
      expect(await until(begun, 'succeeded')).toMatchObject({ failure: null })
    })

    test('3-D Secure decides between made and failed', async () => {
      const [one, other] = [await begin(), await begin()]
      await Promise.all([stage.pay(one, 'three_d_secure_passed'), stage.pay(other, 'three_d_secure_failed')])
      await until(one, 'succeeded')
      expect((await until(other, 'failed')).failure?.code).toMatch(/authentication/)
    })

    test('a payment that was ended stays so, and cannot be paid any more', async () => {
      const begun = await begin()
      expect(await provider.cancel(begun.transactionId)).toMatchObject({ transactionId: begun.transactionId, state: 'canceled' })
      expect(await provider.cancel(begun.transactionId)).toMatchObject({ state: 'canceled' })
      // Refused, by an error or on the payer's page.
      await stage.pay(begun, 'success').catch(() => {})
      expect(await now(begun)).toMatchObject({ state: 'canceled', paidAt: null })
    })

    test('a payment that was declined can be ended', async () => {
      const begun = await begin()
      await stage.pay(begun, 'decline')
      await until(begun, 'failed')
      expect(await provider.cancel(begun.transactionId)).toMatchObject({ state: 'canceled' })
    })

    test('what was paid before it was ended stays paid', async () => {
      const paid = await pay()
      expect(await provider.cancel(paid.transactionId)).toMatchObject({ state: 'succeeded', price: paid.price })
    })

    test('all of it can be given back, once for a key', async () => {
      const paid = await pay()
      const order = refundOf(paid)
      await provider.refund(order)
      await Promise.all(Array.from({ length: 5 }, () => provider.refund(order)))
      expect(await ended(paid, 1)).toEqual([expect.objectContaining({ refundId: order.refundId, amount: paid.price.amount })])
      expect((await now(paid)).refunds).toHaveLength(1)
    })

    test('it can be given back in parts, and says so at once', async () => {
      const paid = await pay()
      const part = { ...paid.price, amount: 500 }
      const afterwards = await refund(paid, { price: part })
      expect(afterwards.refunds.map(({ amount }) => amount)).toEqual([500])
      expect((await refund(paid, { price: part })).refunds).toHaveLength(2)
      expect((await ended(paid, 2)).map(({ amount }) => amount)).toEqual([500, 500])
      expect(await now(paid)).toMatchObject({ state: 'succeeded', price: paid.price })
    })

    test('more than is left is refused, and nothing goes back', async () => {
      const paid = await pay()
      const all = paid.price.amount
      await expect(refund(paid, { price: { ...paid.price, amount: all + 1 } })).rejects.toThrow(ProviderRefused)
      await refund(paid, { price: { ...paid.price, amount: all - 1 } })
      await expect(refund(paid, { price: { ...paid.price, amount: 2 } })).rejects.toThrow(ProviderRefused)
      expect((await now(paid)).refunds.map(({ amount }) => amount)).toEqual([all - 1])
    })

    test('what was not paid, or is not there, gives nothing back', async () => {
      const begun = await begin()
      await expect(refund(begun)).rejects.toThrow(ProviderRefused)
      const unknown = { ...begun, transactionId: begun.transactionId.replace(/.{6}$/, 'zzzzzz') }
      await expect(refund(unknown)).rejects.toThrow(ProviderRefused)
    })

    test('it tells of what happened, oldest first, and each notice leads to the payment as it is now', async () => {
      const since = new Date(Date.now() - 2000)
      const paid = await pay()
      await refund(paid)
      const mine = async () => {
        const told: ProviderNotice[] = []
        for await (const notice of provider.noticesSince(since)) {
          const found = await provider.subjectOf(notice)
          if (found?.transactionId === paid.transactionId) told.push(notice)
          if (found?.transactionId === paid.transactionId) expect(found).toMatchObject({ paymentId: paid.paymentId, state: 'succeeded' })
        }
        return told
      }
      await expect.poll(async () => (await mine()).length, { interval: 50 }).toBeGreaterThan(1)
      const told = await mine()
      expect(new Set(told.map(({ id }) => id)).size).toBe(told.length)
      expect(told.map(({ at }) => at.getTime())).toEqual(told.map(({ at }) => at.getTime()).toSorted((a, b) => a - b))
      expect(await collect(provider.noticesSince(new Date(Date.now() + 60_000)))).toEqual([])
    })

    test('its books hold every payment of a time, as it is now', async () => {
      const from = new Date(Date.now() - 1000)
      const [paid, begun] = [await pay(), await begin()]
      await refund(paid, { price: { ...paid.price, amount: 100 } })
      await ended(paid, 1)
      const books = await collect(provider.paymentsBetween(from, soon()))
      const entryOf = ({ paymentId }: ProviderPayment) => books.filter((entry) => entry.paymentId === paymentId)
      expect(entryOf(paid)).toEqual([await now(paid)])
      expect(entryOf(begun)).toMatchObject([{ state: 'requires_action' }])
      expect(await collect(provider.paymentsBetween(new Date(0), new Date(1_000_000)))).toEqual([])
    })

    test('a dispute is told of, and shown with the payment', async () => {
      const paid = await pay()
      await stage.dispute(paid)
      await expect.poll(async () => (await now(paid)).disputes.length, { interval: 10 }).toBe(1)
      expect((await now(paid)).disputes).toMatchObject([{ amount: paid.price.amount, state: 'open' }])
    })
  })
}

export function orderOf(changes: Partial<PaymentOrder> = {}): PaymentOrder {
  const paymentId = systemRandom.id()
  return {
    key: `${paymentId}:1`,
    paymentId,
    method: 'CARD',
    price: { amount: 1999, currency: 'EUR' },
    description: 'Drawing from life',
    expiresAt: new Date(Date.now() + 30 * 60_000),
    ...changes,
  }
}

export function refundOf({ transactionId, price }: ProviderPayment, changes: Partial<RefundOrder> = {}): RefundOrder {
  const refundId = randomUUID()
  return { key: `${refundId}:1`, refundId, transactionId, price, ...changes }
}

export async function collect<T>(list: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const entry of list) all.push(entry)
  return all
}

function soon(): Date {
  return new Date(Date.now() + 60_000)
}
