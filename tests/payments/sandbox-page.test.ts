import { createHash } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PaymentOrder, ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import { cards } from '../../subgraphs/payments/src/providers/sandbox/cards.ts'
import { secretOf } from '../../subgraphs/payments/src/testing/play.ts'
import { openSandboxStage, type SandboxStage } from '../testkit/sandbox.ts'
import { orderOf, refundOf } from './provider.contract.ts'

let stage: SandboxStage
beforeAll(async () => {
  stage = await openSandboxStage()
})
afterAll(() => stage.close())

type Act = Parameters<SandboxStage['play']>[1]

const soon = { timeout: 10_000, interval: 20 }
const pathOf = ({ clientSecret, checkoutUrl }: ProviderPayment) => `/sandbox/checkout?payment=${clientSecret ?? secretOf(checkoutUrl)}`
const begin = (changes: Partial<PaymentOrder> = {}) => stage.provider.create(orderOf({ method: 'CHECKOUT', ...changes }))
const stateOf = async ({ transactionId }: ProviderPayment) => (await stage.provider.find(transactionId))?.state

async function ask(path: string, init: RequestInit = {}) {
  const reply = await fetch(`${stage.url}${path}`, { redirect: 'manual', ...init })
  return { status: reply.status, headers: reply.headers, text: await reply.text() }
}
const look = async (payment: ProviderPayment) => (await ask(pathOf(payment))).text
const send = (payment: ProviderPayment, form: Record<string, string>) =>
  ask(pathOf(payment), { method: 'POST', body: new URLSearchParams(form) })

async function having(...acts: readonly Act[]): Promise<ProviderPayment> {
  const payment = await begin()
  for (const act of acts) await stage.play(payment, act)
  return payment
}

/** What a page says of the state, and what can be done on it besides having webhooks sent again. */
function read(page: string) {
  const acts = [...page.matchAll(/name="act"\s+value="(\w+)"/g)].map(([, act = '']) => act)
  const buttons = [...page.matchAll(/<button[^>]*>\s*([^<]+?)\s*<\/button>/g)].map(([, says = '']) => says)
  return {
    state: /<strong id="state"[^>]*>([^<]*)</.exec(page)?.[1],
    acts: acts.filter((act) => act !== 'send_again'),
    buttons: buttons.filter((says) => says !== 'Send them again'),
  }
}

describe('the page', () => {
  const later = 3600
  const pay = (card: keyof typeof cards): Act => ({ act: 'pay', card, afterSeconds: later })
  const won: Act = { act: 'close_dispute', won: true }
  const lost: Act = { act: 'close_dispute', won: false }

  test.each<[string, Act[], ReturnType<typeof read>]>([
    ['was begun', [], { state: 'Not paid yet', acts: ['pay'], buttons: ['Pay EUR 19.99'] }],
    ['was declined', [pay('decline')], { state: 'Failed', acts: ['pay'], buttons: ['Pay EUR 19.99'] }],
    [
      'has its payer asked',
      [pay('three_d_secure')],
      { state: 'The bank asks', acts: ['authenticate'], buttons: ['It is me', 'It is not me'] },
    ],
    [
      'has its bank ask',
      [pay('three_d_secure_passed')],
      { state: 'The bank asks', acts: ['authenticate'], buttons: ['It is me', 'It is not me'] },
    ],
    ['waits for its bank', [pay('delayed')], { state: 'Being decided', acts: ['decide'], buttons: ['Pay', 'Decline'] }],
    ['was made', [pay('success')], { state: 'Paid', acts: ['dispute'], buttons: ['Dispute the payment'] }],
    [
      'is disputed',
      [pay('success'), { act: 'dispute' }],
      { state: 'Paid, and disputed', acts: ['close_dispute'], buttons: ['The school wins', 'The school loses'] },
    ],
    [
      'was disputed, and stands',
      [pay('success'), { act: 'dispute' }, won],
      { state: 'Paid', acts: ['dispute'], buttons: ['Dispute the payment'] },
    ],
    ['was lost in a dispute', [pay('success'), { act: 'dispute' }, lost], { state: 'Paid, and lost in a dispute', acts: [], buttons: [] }],
  ])('of a payment that %s shows its state, and what that allows', async (_what, acts, shown) => {
    expect(read(await look(await having(...acts)))).toEqual(shown)
  })

  test('of a canceled one offers nothing', async () => {
    const payment = await begin()
    await stage.provider.cancel(payment.transactionId)
    expect(read(await look(payment))).toEqual({ state: 'Canceled', acts: [], buttons: [] })
  })

  test('has every test card, with its number', async () => {
    const page = await look(await begin())
    for (const [name, { number, title }] of Object.entries(cards)) {
      expect(page).toContain(`value="${name}"`)
      expect(page).toContain(title)
      expect(page).toContain(number)
    }
  })

  test('says why a payment failed, and when the bank decides', async () => {
    expect(await look(await having(pay('insufficient_funds')))).toContain('There is not enough money on the card.')
    expect(await look(await having(pay('delayed')))).toMatch(/decides by itself at <time datetime="\d{4}-/)
  })

  test('has what went back', async () => {
    const payment = await having(pay('success'))
    await stage.provider.refund(refundOf(payment, { price: { amount: 500, currency: 'EUR' } }))
    const part = await look(payment)
    expect(read(part).state).toBe('Paid, and given back in part')
    expect(part).toContain('EUR 5.00')
    await stage.provider.refund(refundOf(payment, { price: { amount: 1499, currency: 'EUR' } }))
    const whole = await look(payment)
    expect(read(whole)).toMatchObject({ state: 'Paid, and given back', acts: [] })
    expect(whole).toContain('EUR 14.99')
  })

  test.each([
    [1999, 'JPY', 'JPY 1,999'],
    [1999, 'KWD', 'KWD 1.999'],
    [1999, 'HUF', 'HUF 19.99'],
    [123_456_789, 'USD', 'USD 1,234,567.89'],
  ])('%i minor units of %s are %s', async (amount, currency, written) => {
    expect(await look(await begin({ price: { amount, currency } }))).toContain(`<p class="amount">${written}</p>`)
  })

  test.each([
    [`</title></bdi><script>alert("1")</script>`, '&lt;/title&gt;&lt;/bdi&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;'],
    [`"onload='x' & <b>`, '&quot;onload=&#39;x&#39; &amp; &lt;b&gt;'],
    ['ציור למתחילים', 'ציור למתחילים'],
    ['\u202Ebackwards', '\u202Ebackwards'],
    ['🎨 Drawing 👩🏽‍🎨', '🎨 Drawing 👩🏽‍🎨'],
  ])('shows a course called %s as text, by itself', async (description, escaped) => {
    const page = await look(await begin({ description }))
    expect(page).toContain(`<bdi>${escaped}</bdi>`)
    expect(page).toContain(`<title>Not paid yet: ${escaped} `)
    expect(page).not.toMatch(/<script|onload=['"]/)
  })

  test('works for payments by card as well, with their client secret', async () => {
    const payment = await begin({ method: 'CARD' })
    expect(payment.checkoutUrl).toBeNull()
    expect(read(await look(payment)).acts).toEqual(['pay'])
    expect((await send(payment, { act: 'pay', card: 'success' })).status).toBe(303)
    expect(await stateOf(payment)).toBe('succeeded')
  })

  test('has its webhooks, and sends them again', async () => {
    const payment = await having(pay('lost_webhooks'))
    const fates = async () => [...(await look(payment)).matchAll(/<td>([a-z ]+)<\/td>/g)].map(([, fate]) => fate)
    await expect.poll(fates, soon).toEqual(['arrived', 'lost', 'lost'])
    stage.answer(503)
    expect((await send(payment, { act: 'send_again' })).status).toBe(303)
    expect(await fates()).toEqual(['on its way', 'on its way', 'on its way'])
    stage.answer(200)
    await expect.poll(fates, soon).toEqual(['arrived', 'arrived', 'arrived'])
  })
})

describe('a form', () => {
  test('does it, and leads back to the page', async () => {
    const payment = await begin()
    const { headers, status } = await send(payment, { act: 'pay', card: 'three_d_secure' })
    expect(status).toBe(303)
    expect(new URL(headers.get('location') ?? '', `${stage.url}${pathOf(payment)}`).href).toBe(`${stage.url}${pathOf(payment)}`)
    await send(payment, { act: 'authenticate', passed: 'false' })
    expect(await stateOf(payment)).toBe('failed')
    await send(payment, { act: 'pay', card: 'delayed' })
    await send(payment, { act: 'decide', paid: 'true' })
    expect(await stateOf(payment)).toBe('succeeded')
    await send(payment, { act: 'dispute' })
    await send(payment, { act: 'close_dispute', won: 'false' })
    expect((await stage.provider.find(payment.transactionId))?.disputes).toMatchObject([{ state: 'lost' }])
  })

  test('that comes too late is told so, with the page as it is now', async () => {
    const payment = await having({ act: 'pay', card: 'success' })
    const { status, text } = await send(payment, { act: 'pay', card: 'decline' })
    expect(status).toBe(409)
    expect(text).toContain('role="alert"')
    expect(text).toContain('not possible any more')
    expect(read(text)).toMatchObject({ state: 'Paid', acts: ['dispute'] })
    expect(await stateOf(payment)).toBe('succeeded')
  })

  test('sent twice at once pays once', async () => {
    const payment = await begin()
    const sent = await Promise.all([1, 2, 3, 4].map(() => send(payment, { act: 'pay', card: 'success' })))
    expect(sent.map(({ status }) => status).toSorted()).toEqual([303, 409, 409, 409])
  })

  test.each([
    ['an act that there is not', { act: 'steal' }],
    ['a card that there is not', { act: 'pay', card: 'gold' }],
    ['no card', { act: 'pay' }],
    ['neither yes nor no', { act: 'authenticate', passed: 'perhaps' }],
    ['nothing', {}],
  ] as const)('with %s is refused, and nothing changes', async (_what, form) => {
    const payment = await begin()
    const { status, text } = await send(payment, form)
    expect(status).toBe(400)
    expect(read(text)).toMatchObject({ state: 'Not paid yet', acts: ['pay'] })
  })

  test.each([
    ['no body at all', undefined, undefined, 400],
    ['JSON', '{"act":"pay","card":"success"}', 'application/json', 415],
    ['a form of parts', '--x--', 'multipart/form-data; boundary=x', 415],
    ['more than 4 KB', `act=pay&card=success&x=${'x'.repeat(4096)}`, 'application/x-www-form-urlencoded', 413],
  ] as const)('with %s is refused as a page, and nothing changes', async (_what, body, type, status) => {
    const payment = await begin()
    const refused = await ask(pathOf(payment), { method: 'POST', ...(body && { body, headers: { 'content-type': type } }) })
    expect(refused.status).toBe(status)
    expect(refused.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await stateOf(payment)).toBe('requires_action')
  })
})

test.each([
  '',
  '?payment=',
  '?payment=%00',
  '?payment=a&payment=b',
  '?payment[x]=1',
  `?payment=${'x'.repeat(1000)}`,
  '?payment="><script>1',
])('nothing is found at %s, and the page says so', async (query) => {
  for (const method of ['GET', 'POST']) {
    const body = method === 'POST' ? new URLSearchParams({ act: 'pay', card: 'success' }) : null
    const { headers, status, text } = await ask(`/sandbox/checkout${query}`, { method, body })
    expect(status).toBe(404)
    expect(headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(text).toContain('There is no such payment')
    expect(text).not.toContain('<script')
  }
})

test('every answer keeps browsers from doing more with it, and from keeping it', async () => {
  const payment = await begin()
  const answers = [
    await ask(pathOf(payment)),
    await send(payment, { act: 'decide', paid: 'true' }),
    await send(payment, { act: 'pay', card: 'success' }),
    await send(payment, { act: 'steal' }),
    await ask('/sandbox/checkout?payment=unknown'),
    await ask(pathOf(payment), { method: 'POST', body: '{}', headers: { 'content-type': 'application/json' } }),
  ]
  expect(answers.map(({ status }) => status)).toEqual([200, 409, 303, 400, 404, 415])
  const style = /<style>(.*)<\/style>/s.exec(answers[0]?.text ?? '')?.[1] ?? ''
  const hash = createHash('sha256').update(style).digest('base64')
  for (const { headers } of answers) {
    expect(headers.get('cache-control')).toBe('no-store')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('referrer-policy')).toBe('no-referrer')
    expect(headers.get('content-security-policy')).toBe(
      `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`,
    )
  }
})
