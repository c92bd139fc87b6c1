import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId, openSchool, type School } from '../testing/school.ts'

let school: School

beforeAll(async () => {
  school = await openSchool()
})

afterAll(() => school.stop())

const ofLearner = (userId: string) =>
  school.sql<{ id: string; status: string; cancel_reason: string | null }>(
    'SELECT id, status::text, cancel_reason FROM payment WHERE user_id = $1 ORDER BY created_at, id',
    [userId],
  )
const atProvider = (enrollmentId: string) =>
  school.sql<{ id: string; state: string }>(
    `SELECT sandbox_payment.id, state FROM sandbox_payment JOIN payment ON payment.id::text = reference WHERE enrollment_id = $1`,
    [enrollmentId],
  )

test('a payment is begun at the price of the enrollment, and leads to the provider', async () => {
  const enrolled = await school.enroll({ price: { amount: 1999, currency: 'EUR' } })
  const card = await school.begin(enrolled)
  expect(card).toMatchObject({
    status: 'REQUIRES_ACTION',
    amount: { amount: 1999, currency: 'EUR' },
    method: 'CARD',
    provider: 'sandbox',
    transactionId: expect.any(String),
    clientSecret: expect.any(String),
    checkoutUrl: null,
    failure: null,
    paidAt: null,
    refunds: [],
    receipt: null,
  })
  const checkout = await school.begin(await school.enroll(), 'CHECKOUT')
  expect(checkout).toMatchObject({ clientSecret: null, checkoutUrl: expect.stringContaining('/sandbox/checkout?payment=') })
  expect((await school.events(card.id)).map(({ type, version }) => [type, version])).toEqual([['payment.initiated', 1]])
})

test.each([
  ['JPY', 500],
  ['KWD', 1_234],
  ['EUR', 1],
  ['USD', 99_999_999],
])('a price in %s is paid in its own minor units', async (currency, amount) => {
  const enrolled = await school.enroll({ price: { amount, currency } })
  const payment = await school.begin(enrolled)
  expect(payment.amount).toEqual({ amount, currency })
  expect(await school.sql('SELECT amount::int, currency FROM sandbox_payment WHERE reference = $1', [payment.id])).toEqual([
    { amount, currency },
  ])
})

describe('one open payment', () => {
  test('two tabs that pay at once share it, and so does whoever asks again later', async () => {
    const enrolled = await school.enroll()
    const answers = await Promise.all(Array.from({ length: 20 }, () => school.initiate(enrolled)))
    const ids = answers.map(({ data }) => data.initiatePayment.payment.id)
    expect(new Set(ids).size).toBe(1)
    expect((await school.begin(enrolled)).id).toBe(ids[0])
    expect(await atProvider(enrolled.id)).toHaveLength(1)
  })

  test('asking for the other method ends what was begun, here and at the provider', async () => {
    const enrolled = await school.enroll()
    const card = await school.begin(enrolled)
    const checkout = await school.begin(enrolled, 'CHECKOUT')
    expect(checkout.id).not.toBe(card.id)
    expect(await ofLearner(enrolled.learner.id)).toEqual([
      { id: card.id, status: 'CANCELED', cancel_reason: 'replaced' },
      { id: checkout.id, status: expect.any(String), cancel_reason: null },
    ])
    expect((await atProvider(enrolled.id)).map(({ state }) => state).toSorted()).toEqual(['canceled', 'requires_action'])
  })

  test('of many who ask for either method at once, one payment is open in the end', async () => {
    const enrolled = await school.enroll()
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, index) => school.initiate(enrolled, { method: index % 2 === 0 ? 'CARD' : 'CHECKOUT' })),
    )
    expect(new Set(answers.flatMap(({ codes }) => codes))).toEqual(
      new Set(answers.some(({ codes }) => codes.length > 0) ? ['CONFLICT'] : []),
    )
    const open = (await ofLearner(enrolled.learner.id)).filter(({ status }) => status !== 'CANCELED')
    expect(open).toHaveLength(1)
  })
})

describe('an idempotency key', () => {
  test('sent again it has no further effect, also at once', async () => {
    const enrolled = await school.enroll()
    const key = newId()
    const answers = await Promise.all(Array.from({ length: 20 }, () => school.initiate(enrolled, { key })))
    expect(answers.flatMap(({ codes }) => codes)).toEqual([])
    expect(new Set(answers.map(({ data }) => JSON.stringify(data))).size).toBe(1)
    expect(await ofLearner(enrolled.learner.id)).toHaveLength(1)
  })

  test('with another input it is a conflict, and changes nothing', async () => {
    const enrolled = await school.enroll()
    const key = newId()
    await school.initiate(enrolled, { key })
    expect((await school.initiate(enrolled, { key, method: 'CHECKOUT' })).codes).toEqual(['IDEMPOTENCY_CONFLICT'])
    const other = await school.enroll({}, enrolled.learner)
    expect((await school.initiate(other, { key })).codes).toEqual(['IDEMPOTENCY_CONFLICT'])
    expect(await ofLearner(enrolled.learner.id)).toHaveLength(1)
  })

  test('another person’s key is another key', async () => {
    const [ada, grace] = [await school.enroll(), await school.enroll()]
    const key = newId()
    const answers = [await school.initiate(ada, { key }), await school.initiate(grace, { key })]
    expect(answers.flatMap(({ codes }) => codes)).toEqual([])
    expect(answers[0]?.data.initiatePayment.payment.id).not.toBe(answers[1]?.data.initiatePayment.payment.id)
  })

  test('stands for the payment that was begun with it, also when that has ended', async () => {
    const enrolled = await school.enroll()
    const key = newId()
    const first = (await school.initiate(enrolled, { key })).data.initiatePayment.payment
    await school.begin(enrolled, 'CHECKOUT')
    const again = (await school.initiate(enrolled, { key })).data.initiatePayment.payment
    expect(again).toMatchObject({ id: first.id, status: 'CANCELED', clientSecret: null })
  })
})

describe('refused', () => {
  test('an unknown enrollment and another’s, alike', async () => {
    const enrolled = await school.enroll()
    const long = '0195d4a8-0000-7000-8000-000000000001'
    const [foreign, unknown] = [
      await school.initiate(enrolled, { viewer: viewerOf('STUDENT') }),
      await school.initiate({ id: long, learner: enrolled.learner }),
    ]
    expect(foreign.codes).toEqual(['NOT_FOUND'])
    expect(foreign.errors.map(({ message }) => message)).toEqual(unknown.errors.map(({ message }) => message))
    expect((await school.initiate(enrolled, { viewer: viewerOf('ADMIN') })).codes).toEqual(['NOT_FOUND'])
  })

  test('what is paid already, in the moment in which it is', async () => {
    const enrolled = await school.enroll()
    await school.pay(enrolled)
    expect((await school.initiate(enrolled)).codes).toEqual(['ALREADY_PAID'])
  })

  test.each(['CANCELED', 'DROPPED', 'EXPIRED', 'REFUNDED'] as const)('an enrollment that is %s', async (status) => {
    const enrolled = await school.enroll()
    await enrolled.change({ status })
    expect((await school.initiate(enrolled)).errors.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'CONFLICT', details: { status } }),
    ])
  })

  test('one that costs nothing', async () => {
    const enrolled = await school.enroll({ status: 'ACTIVE', price: { amount: 0, currency: 'EUR' } })
    expect((await school.initiate(enrolled)).codes).toEqual(['CONFLICT'])
  })

  test.each([
    ['enrollmentId', { enrollmentId: 'nobody’s' }],
    ['idempotencyKey', { idempotencyKey: 'short' }],
    ['idempotencyKey', { idempotencyKey: 'x'.repeat(101) }],
    ['idempotencyKey', { idempotencyKey: 'with\u0000in it' }],
  ])('an input with a wrong %s', async (field, wrong) => {
    const input = { enrollmentId: newId(), method: 'CARD', idempotencyKey: newId(), ...wrong }
    const text = 'mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { payment { id } } }'
    const { errors } = await school.ask(text, { input }, viewerOf('STUDENT'))
    expect(errors.map(({ extensions }) => extensions)).toEqual([
      expect.objectContaining({ code: 'BAD_USER_INPUT', details: [expect.objectContaining({ path: `input.${field}` })] }),
    ])
  })
})

test('an open payment ends when its enrollment does', async () => {
  const enrolled = await school.enroll()
  const payment = await school.begin(enrolled)
  await enrolled.change({ status: 'CANCELED' })
  await school.until(payment.id, 'CANCELED')
  expect((await atProvider(enrolled.id)).map(({ state }) => state)).toEqual(['canceled'])
  expect((await school.events(payment.id)).at(-1)).toMatchObject({ type: 'payment.failed', version: 2, data: { status: 'CANCELED' } })
})
