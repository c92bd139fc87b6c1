import { readFileSync } from 'node:fs'
import { fromRoot } from '@stellr/kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebhookRefused, type ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import { cards, type CardName } from '../../subgraphs/payments/src/providers/sandbox/cards.ts'
import { openSandboxStage, type SandboxStage } from '../testkit/sandbox.ts'
import { orderOf, providerContract, refundOf } from './provider.contract.ts'

providerContract('the sandbox', openSandboxStage)

let stage: SandboxStage
beforeAll(async () => {
  stage = await openSandboxStage()
})
afterAll(() => stage.close())

const begin = () => stage.provider.create(orderOf())
const now = async ({ transactionId }: ProviderPayment) => {
  const found = await stage.provider.find(transactionId)
  if (!found) throw new Error(`${transactionId} is not there`)
  return found
}
const heardOf = ({ transactionId }: ProviderPayment) =>
  stage.heard.map(({ body }) => JSON.parse(body.toString())).filter(({ payment }) => payment === transactionId)
const typesOf = (payment: ProviderPayment) => heardOf(payment).map(({ type }) => type)
const soon = { timeout: 10_000, interval: 20 }

async function paidWith(card: CardName, afterSeconds?: number): Promise<ProviderPayment> {
  const payment = await begin()
  await stage.play(payment, { act: 'pay', card, afterSeconds })
  return payment
}

describe('test cards', () => {
  test.each([
    ['success', 'succeeded', null],
    ['decline', 'failed', 'card_declined'],
    ['insufficient_funds', 'failed', 'insufficient_funds'],
    ['three_d_secure', 'requires_action', null],
    ['three_d_secure_passed', 'requires_action', null],
    ['three_d_secure_failed', 'requires_action', null],
    ['delayed', 'processing', null],
    ['delayed_decline', 'processing', null],
    ['duplicate_webhooks', 'succeeded', null],
    ['reversed_webhooks', 'succeeded', null],
    ['lost_webhooks', 'succeeded', null],
    ['dispute', 'succeeded', null],
  ] as const)('%s: at once it is %s', async (card, state, code) => {
    const found = await now(await paidWith(card, 3600))
    expect([found.state, found.failure?.code ?? null]).toEqual([state, code])
  })

  test('the table above has all of them, each with a number of its own', () => {
    expect(Object.keys(cards)).toHaveLength(12)
    expect(new Set(Object.values(cards).map(({ number }) => number)).size).toBe(12)
  })

  test('all are documented, each with its number', () => {
    const page = readFileSync(fromRoot('docs/payments-sandbox.md'), 'utf8')
    const rows = [...page.matchAll(/^\| `(\w+)` \| ([\d ]+) \|/gm)].map(([, name, number]) => [name, number])
    expect(rows).toEqual(Object.entries(cards).map(([name, { number }]) => [name, number]))
  })

  test.each([
    ['three_d_secure_passed', 'succeeded'],
    ['three_d_secure_failed', 'failed'],
    ['delayed', 'succeeded'],
    ['delayed_decline', 'failed'],
  ] as const)('%s comes to %s by itself', async (card, state) => {
    const payment = await paidWith(card, 0.05)
    await expect.poll(async () => (await now(payment)).state, soon).toBe(state)
  })

  test('dispute: the bank asks for the money back by itself, and whoever plays it decides', async () => {
    for (const won of [true, false]) {
      const payment = await paidWith('dispute', 0.05)
      await expect.poll(async () => (await now(payment)).disputes, soon).toMatchObject([{ state: 'open', amount: 1999 }])
      await stage.play(payment, { act: 'close_dispute', won })
      expect((await now(payment)).disputes).toMatchObject([{ state: won ? 'won' : 'lost' }])
      await expect.poll(() => typesOf(payment).at(-1), soon).toBe(won ? 'dispute.won' : 'dispute.lost')
    }
  })
})

describe('webhooks', () => {
  test('come once each and in order', async () => {
    const payment = await paidWith('success')
    await stage.provider.refund(refundOf(await now(payment)))
    await expect
      .poll(() => typesOf(payment), soon)
      .toEqual(['payment.created', 'payment.processing', 'payment.succeeded', 'refund.created', 'refund.succeeded'])
    expect(new Set(heardOf(payment).map(({ id }) => id)).size).toBe(5)
  })

  test('come three times with the card for it, and each has one id', async () => {
    const payment = await paidWith('duplicate_webhooks')
    await expect.poll(() => typesOf(payment).filter((type) => type === 'payment.succeeded').length, soon).toBe(3)
    expect(new Set(heardOf(payment).map(({ id, type }) => `${type} ${id}`)).size).toBe(3)
  })

  test('come last to first with the card for it', async () => {
    const payment = await paidWith('reversed_webhooks')
    await expect.poll(() => typesOf(payment), soon).toEqual(['payment.created', 'payment.succeeded', 'payment.processing'])
  })

  test('never come with the card for it, until somebody has them sent again; the list of notices has them', async () => {
    const payment = await paidWith('lost_webhooks')
    const later = await paidWith('success')
    await expect.poll(() => typesOf(later), soon).toContain('payment.succeeded')
    expect(typesOf(payment)).not.toContain('payment.succeeded')
    const listed: string[] = []
    for await (const { subject, type } of stage.provider.noticesSince(payment.createdAt)) {
      if (subject === payment.transactionId) listed.push(type)
    }
    expect(listed).toContain('payment.succeeded')
    await stage.play(payment, { act: 'send_again' })
    await expect.poll(() => typesOf(payment), soon).toContain('payment.succeeded')
  })

  test('that are not taken come again', async () => {
    stage.answer(503)
    const payment = await paidWith('success')
    await expect.poll(() => typesOf(payment), soon).toContain('payment.succeeded')
    stage.answer(200)
    await expect.poll(() => typesOf(payment).filter((type) => type === 'payment.succeeded').length, { timeout: 15_000 }).toBe(2)
  })
})

describe('a webhook proves who sent it', () => {
  const received = async () => {
    const payment = await paidWith('success')
    await expect.poll(() => typesOf(payment), soon).toContain('payment.succeeded')
    const heard = stage.heard.find(({ body }) => body.toString().includes(payment.transactionId))
    if (!heard) throw new Error('nothing was heard')
    return heard
  }
  const minutesLater = (minutes: number) => new Date(Date.now() + minutes * 60_000)

  test('as it came it is believed', async () => {
    const { body, headers } = await received()
    expect(stage.provider.readWebhook(body, headers, new Date())).toMatchObject({ type: 'payment.created', id: expect.any(String) })
    expect(stage.provider.readWebhook(body, headers, minutesLater(4.9))).toMatchObject({ type: 'payment.created' })
  })

  test.each([
    ['a flipped byte', (body: string) => body.replace('payment.created', 'payment.Created'), (signature: string) => signature, 0],
    ['a body that was written anew', (body: string) => JSON.stringify(JSON.parse(body), null, 1), (signature: string) => signature, 0],
    ['another signature', (body: string) => body, (signature: string) => signature.replace(/v1=..../, 'v1=0000'), 0],
    ['another time', (body: string) => body, (signature: string) => signature.replace(/t=(\d+)/, (_, t) => `t=${Number(t) + 1}`), 0],
    ['no signature', (body: string) => body, () => undefined, 0],
    ['one that is too old', (body: string) => body, (signature: string) => signature, 5.2],
    ['one from the future', (body: string) => body, (signature: string) => signature, -5.2],
  ] as const)('refused: %s', async (_what, change, sign, minutes) => {
    const { body, headers } = await received()
    const given = { 'sandbox-signature': sign(headers['sandbox-signature'] ?? '') }
    expect(() => stage.provider.readWebhook(Buffer.from(change(body.toString())), given, minutesLater(minutes))).toThrow(WebhookRefused)
  })
})

describe('whoever plays the bank', () => {
  test('is told what cannot be done now, and nothing changes', async () => {
    const payment = await begin()
    const refused = async (act: Parameters<SandboxStage['play']>[1]) => expect(stage.play(payment, act)).rejects.toThrow('409')
    await refused({ act: 'authenticate', passed: true })
    await refused({ act: 'decide', paid: true })
    await refused({ act: 'dispute' })
    await refused({ act: 'close_dispute', won: true })
    await stage.play(payment, { act: 'pay', card: 'success' })
    await refused({ act: 'pay', card: 'success' })
    expect(await now(payment)).toMatchObject({ state: 'succeeded', disputes: [] })
  })

  test('needs the client secret, the whole of it', async () => {
    const { clientSecret, transactionId } = await begin()
    for (const wrong of [transactionId, clientSecret?.slice(0, -1) ?? '', `${clientSecret}x`, '\u0000', '']) {
      const secret = { clientSecret: wrong, checkoutUrl: null }
      await expect(stage.play(secret, { act: 'pay', card: 'success' })).rejects.toThrow(/40[04]/)
    }
    expect(await stage.provider.find(transactionId)).toMatchObject({ state: 'requires_action' })
  })

  test('lets a person pass 3-D Secure, or not, and try again', async () => {
    const payment = await paidWith('three_d_secure')
    await stage.play(payment, { act: 'authenticate', passed: false })
    expect(await now(payment)).toMatchObject({ state: 'failed', failure: { code: 'authentication_failed' } })
    await stage.play(payment, { act: 'pay', card: 'three_d_secure' })
    await stage.play(payment, { act: 'authenticate', passed: true })
    expect(await now(payment)).toMatchObject({ state: 'succeeded', failure: null })
  })

  test('decides before the time about what waits', async () => {
    const [good, bad] = [await paidWith('delayed', 3600), await paidWith('delayed', 3600)]
    await stage.play(good, { act: 'decide', paid: true })
    await stage.play(bad, { act: 'decide', paid: false })
    expect([(await now(good)).state, (await now(bad)).state]).toEqual(['succeeded', 'failed'])
  })
})

test('what is disputed gives nothing back until it is decided', async () => {
  const payment = await paidWith('success')
  await stage.play(payment, { act: 'dispute' })
  await expect(stage.provider.refund(refundOf(payment))).rejects.toThrow('disputed')
  await stage.play(payment, { act: 'close_dispute', won: true })
  expect((await stage.provider.refund(refundOf(payment))).refunds).toHaveLength(1)
})

test('a key that comes with something else is refused', async () => {
  const order = orderOf()
  await stage.provider.create(order)
  await expect(stage.provider.create({ ...order, price: { amount: 1, currency: 'EUR' } })).rejects.toThrow('something else')
})
