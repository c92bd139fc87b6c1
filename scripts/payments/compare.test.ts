import { readFileSync } from 'node:fs'
import { fromRoot } from '@stellr/kit'
import { describe, expect, test } from 'vitest'
import type { EnrollmentFacts, LedgerEntry, PaymentCase, PaymentFacts, RefundFacts } from './cases.ts'
import { compareAccess, findPaidTwice, type Held } from './compare-access.ts'
import { compareBooks, compareCounter, findGaps } from './compare-books.ts'
import { compareMoney } from './compare-money.ts'
import { kinds, type Disagreement, type Kind } from './disagreements.ts'
import { unknownThere } from './ledger.ts'

const at = new Date('2026-09-05T10:02:10.000Z')
const [payment, user, course, enrollment] = ['payment', 'user', 'course', 'enrollment']

const theirs: LedgerEntry = {
  transactionId: 'pi_1',
  paymentId: payment,
  state: 'succeeded',
  price: { amount: 4900, currency: 'EUR' },
  createdAt: at,
  paidAt: at,
  refunds: [],
  disputes: [],
}
const access: EnrollmentFacts = { id: enrollment, userId: user, courseId: course, status: 'ACTIVE', paymentId: payment, updatedAt: at }
const back: RefundFacts = { id: 'refund', amount: 1900n, status: 'SUCCEEDED', providerRefundId: 're_1' }
const backThere: LedgerEntry['refunds'][number] = { id: 're_1', refundId: 'refund', amount: 1900, state: 'succeeded', at }
const dispute: LedgerEntry['disputes'][number] = { id: 'dp_1', amount: 4900, state: 'open', at }
const event = (type: PaymentCase['events'][number]['type'], amount: bigint | null = null, subject = '') => ({ type, subject, amount })

/** A payment that is paid, with access, and what makes it another one. */
type Change = { [Part in keyof PaymentCase]?: Part extends 'payment' ? Partial<PaymentFacts> : PaymentCase[Part] }
function caseOf({ payment: facts = {}, ...change }: Change = {}): PaymentCase {
  return {
    payment: {
      id: payment,
      userId: user,
      courseId: course,
      amount: 4900n,
      currency: 'EUR',
      refundedAmount: 0n,
      status: 'COMPLETED',
      transactionId: 'pi_1',
      paidAt: at,
      updatedAt: at,
      ...facts,
    },
    events: [event('INITIATED'), event('CREATED', null, 'pi_1'), event('SUCCEEDED', 4900n)],
    refunds: [],
    receipt: { number: 1, amount: 4900n, currency: 'EUR' },
    ledger: [theirs],
    enrollments: [access],
    ...change,
  }
}
const open = (status: string, state: LedgerEntry['state'], events: PaymentCase['events'] = [event('INITIATED')]) =>
  ({
    payment: { status, paidAt: null },
    ledger: [{ ...theirs, state, paidAt: null }],
    events,
    receipt: null,
    enrollments: [],
  }) satisfies Change
const inPart: Change = {
  payment: { status: 'PARTIALLY_REFUNDED', refundedAmount: 1900n },
  events: [event('SUCCEEDED', 4900n), event('REFUND_SUCCEEDED', 1900n, 'refund')],
  refunds: [back],
  ledger: [{ ...theirs, refunds: [backThere] }],
}
const whole: Change = {
  payment: { status: 'REFUNDED', refundedAmount: 4900n },
  events: [event('SUCCEEDED', 4900n), event('REFUND_SUCCEEDED', 4900n, 'refund')],
  refunds: [{ ...back, amount: 4900n }],
  ledger: [{ ...theirs, refunds: [{ ...backThere, amount: 4900 }] }],
  enrollments: [{ ...access, status: 'REFUNDED' }],
}
const disputed: Change = {
  payment: { status: 'DISPUTED' },
  events: [event('SUCCEEDED', 4900n), event('DISPUTE_OPENED', 4900n, 'dp_1')],
  ledger: [{ ...theirs, disputes: [dispute] }],
  enrollments: [{ ...access, status: 'SUSPENDED' }],
}
const lost: Change = {
  payment: { status: 'REFUNDED', refundedAmount: 4900n },
  events: [event('SUCCEEDED', 4900n), event('DISPUTE_OPENED', 4900n, 'dp_1'), event('DISPUTE_LOST', 4900n, 'dp_1')],
  ledger: [{ ...theirs, disputes: [{ ...dispute, state: 'lost' }] }],
  enrollments: [{ ...access, status: 'REFUNDED' }],
}

const compare = (one: PaymentCase) => [...compareMoney(one), ...compareAccess(one), ...compareBooks(one)]
const kindsOf = (found: readonly Disagreement[]) => found.map(({ kind }) => kind)
const planted = new Set<Kind>()

describe('finds nothing where all agree', () => {
  test.each<[string, Change]>([
    ['paid, with access', {}],
    [
      'begun, and not known there yet',
      { ...open('PENDING', 'processing'), payment: { status: 'PENDING', paidAt: null, transactionId: null }, ledger: [] },
    ],
    ['waiting for the person', open('REQUIRES_ACTION', 'requires_action', [event('INITIATED'), event('ACTION_REQUIRED')])],
    ['with the bank', open('PENDING', 'processing')],
    ['declined', open('FAILED', 'failed', [event('INITIATED'), event('FAILED')])],
    ['expired', open('EXPIRED', 'canceled', [event('INITIATED'), event('EXPIRED')])],
    ['given back in part', inPart],
    ['given back whole', whole],
    ['given back after the learner had left', { ...whole, enrollments: [{ ...access, status: 'DROPPED' }] }],
    ['given back before it gave access to anything', { ...whole, enrollments: [] }],
    ['on its way back without access', { enrollments: [], refunds: [{ ...back, status: 'PENDING', providerRefundId: null }] }],
    [
      'a refund that failed on both sides',
      { refunds: [{ ...back, status: 'FAILED' }], ledger: [{ ...theirs, refunds: [{ ...backThere, state: 'failed' }] }] },
    ],
    ['completed, and then left', { enrollments: [{ ...access, status: 'EXPIRED' }] }],
    ['suspended by somebody', { enrollments: [{ ...access, status: 'SUSPENDED' }] }],
    ['disputed', disputed],
    ['a dispute that was lost', lost],
    ['an attempt before that was ended there', { ledger: [theirs, { ...theirs, transactionId: 'pi_0', state: 'canceled' }] }],
  ])('%s', (_, change) => {
    expect(compare(caseOf(change))).toEqual([])
  })
})

describe('finds', () => {
  test.each<[Kind, string, Change]>([
    ['paid-here-not-there', 'never made there', { ledger: [{ ...theirs, state: 'requires_action' }] }],
    ['paid-here-not-there', 'not even begun there', { ledger: [] }],
    ['paid-there-not-here', 'nobody heard of it', open('PENDING', 'succeeded')],
    ['paid-there-not-here', 'after it had expired', open('EXPIRED', 'succeeded', [event('EXPIRED')])],
    [
      'paid-there-not-here',
      'not even its id was heard',
      { ...open('PENDING', 'succeeded'), payment: { status: 'PENDING', paidAt: null, transactionId: null } },
    ],
    ['missing-there', 'an id that the provider does not know', { ...open('PENDING', 'processing'), ledger: [] }],
    ['second-payment-there', 'paid twice there', { ledger: [theirs, { ...theirs, transactionId: 'pi_2' }] }],
    ['second-payment-there', 'another one can still be paid', { ledger: [theirs, { ...theirs, transactionId: 'pi_2', state: 'failed' }] }],
    ['amount-differs', 'a cent', { ledger: [{ ...theirs, price: { amount: 4899, currency: 'EUR' } }] }],
    ['amount-differs', 'a currency', { ledger: [{ ...theirs, price: { amount: 4900, currency: 'USD' } }] }],
    ['status-differs', 'ended here, open there', open('CANCELED', 'requires_action', [event('CANCELED')])],
    ['status-differs', 'open here, ended there', open('PENDING', 'canceled')],
    ['status-differs', 'a dispute that nobody heard of', { ledger: [{ ...theirs, disputes: [dispute] }] }],
    ['status-differs', 'a dispute that was won', { ...disputed, ledger: [{ ...theirs, disputes: [{ ...dispute, state: 'won' }] }] }],
    ['receipt-missing', 'none', { receipt: null }],
    ['receipt-differs', 'a cent', { receipt: { number: 1, amount: 4901n, currency: 'EUR' } }],
    ['receipt-differs', 'a currency', { receipt: { number: 1, amount: 4900n, currency: 'USD' } }],
    ['receipt-of-unpaid', 'too early', { ...open('PENDING', 'processing'), receipt: { number: 1, amount: 4900n, currency: 'EUR' } }],
    [
      'status-not-of-events',
      'a status that nothing led to',
      { events: [event('INITIATED'), event('SUCCEEDED', 4900n), event('DISPUTE_OPENED', 4900n, 'dp_1')] },
    ],
    [
      'status-not-of-events',
      'an amount that nothing led to',
      { ...inPart, events: [event('SUCCEEDED', 4900n), event('REFUND_SUCCEEDED', 1800n, 'refund')] },
    ],
    [
      'status-not-of-events',
      'a time of paying of what is not paid',
      { ...open('PENDING', 'processing'), payment: { status: 'PENDING', paidAt: at } },
    ],
    ['access-unpaid', 'of a payment that is not made', { ...open('PENDING', 'processing'), enrollments: [access] }],
    ['access-unpaid', 'of a payment that went back', { ...whole, enrollments: [access] }],
    ['access-unpaid', 'suspended, after all has gone back', { ...lost, enrollments: [{ ...access, status: 'SUSPENDED' }] }],
    ['access-while-disputed', 'a dispute does not suspend', { ...disputed, enrollments: [{ ...access, status: 'COMPLETED' }] }],
    ['access-taken-money-kept', 'only a part went back', { ...inPart, enrollments: [{ ...access, status: 'REFUNDED' }] }],
    ['paid-without-access', 'nothing came of it', { enrollments: [] }],
    ['paid-without-access', 'and the refund failed', { enrollments: [], refunds: [{ ...back, status: 'FAILED', providerRefundId: null }] }],
    [
      'payment-used-twice',
      'two attempts',
      {
        enrollments: [
          { ...access, status: 'DROPPED' },
          { ...access, id: 'enrollment-2' },
        ],
      },
    ],
    ['enrollment-of-another', 'another person', { enrollments: [{ ...access, userId: 'somebody' }] }],
    ['enrollment-of-another', 'another course', { enrollments: [{ ...access, courseId: 'something' }] }],
    [
      'refund-amount-differs',
      'the sums agree by chance',
      {
        payment: { status: 'PARTIALLY_REFUNDED', refundedAmount: 1900n },
        events: [event('SUCCEEDED', 4900n), event('REFUND_SUCCEEDED', 1900n, 'refund')],
        refunds: [{ ...back, amount: 1000n }],
        ledger: [{ ...theirs, refunds: [backThere] }],
      },
    ],
  ])('%s: %s', (kind, _, change) => {
    const found = compare(caseOf(change))
    planted.add(kind)
    expect(kindsOf(found)).toEqual([kind])
    expect(found[0]?.ids).toMatchObject({ payment })
  })

  // What does not agree in one refund does not in its sum either.
  test.each<[Kind, readonly Kind[], Change]>([
    ['refund-there-not-here', ['refunded-sum-differs'], { ledger: [{ ...theirs, refunds: [{ ...backThere, refundId: null }] }] }],
    [
      'refund-there-not-here',
      ['refunded-sum-differs'],
      { refunds: [{ ...back, status: 'PENDING' }], ledger: [{ ...theirs, refunds: [backThere] }] },
    ],
    ['refund-here-not-there', ['refunded-sum-differs'], { ...inPart, ledger: [theirs] }],
    [
      'refund-here-not-there',
      ['refunded-sum-differs'],
      { ...inPart, ledger: [{ ...theirs, refunds: [{ ...backThere, state: 'failed' }] }] },
    ],
    ['refunded-sum-differs', [], { ...lost, ledger: [{ ...theirs, disputes: [{ ...dispute, amount: 4800, state: 'lost' }] }] }],
    [
      'refunded-more-than-paid',
      [],
      {
        ...whole,
        ledger: [{ ...theirs, refunds: [{ ...backThere, amount: 4900 }], disputes: [{ ...dispute, amount: 1, state: 'lost' }] }],
      },
    ],
  ])('%s, besides %s: %#', (kind, besides, change) => {
    planted.add(kind)
    expect(kindsOf(compare(caseOf(change))).toSorted()).toEqual([kind, ...besides].toSorted())
  })

  test('a gap between numbers, within a page and between two', () => {
    planted.add('receipt-gap')
    expect([...findGaps(0, [1, 2, 3]), ...findGaps(3, [4])]).toEqual([])
    expect(findGaps(0, [2, 3, 7]).map(({ ids }) => ids)).toEqual([
      { from: '1', to: '1' },
      { from: '4', to: '6' },
    ])
    expect(findGaps(3, [5]).map(({ ids }) => ids)).toEqual([{ from: '4', to: '4' }])
  })

  test('a counter that is ahead of the last receipt', () => {
    planted.add('receipt-counter')
    expect(compareCounter(7, 7)).toEqual([])
    expect(kindsOf(compareCounter(8, 7))).toEqual(['receipt-counter'])
  })

  test('who has paid twice for what they hold, but not who has left and come back, or gets one back', () => {
    planted.add('paid-twice')
    const one: Held = { paymentId: 'one', userId: user, courseId: course, updatedAt: at, goesBack: false, enrollmentStatus: 'ACTIVE' }
    const other = { ...one, paymentId: 'other', enrollmentStatus: null }
    expect(findPaidTwice([one, other])).toMatchObject([{ kind: 'paid-twice', ids: { payment1: 'one', payment2: 'other', user, course } }])
    expect(findPaidTwice([one, { ...other, goesBack: true }])).toEqual([])
    expect(findPaidTwice([one, { ...other, enrollmentStatus: 'DROPPED' }])).toEqual([])
    expect(findPaidTwice([])).toEqual([])
  })

  test('what the provider has as ours and we do not know', () => {
    planted.add('unknown-payment-there')
    expect(unknownThere(theirs)).toMatchObject({ kind: 'unknown-payment-there', ids: { transaction: 'pi_1', payment } })
  })
})

test('every kind of disagreement but one was planted here; an enrollment by an unknown payment needs databases', () => {
  expect(Object.keys(kinds).filter((kind) => !planted.has(kind as Kind))).toEqual(['enrollment-of-unknown-payment'])
})

test('the handbook says of every kind what to do', () => {
  const handbook = readFileSync(fromRoot('docs/operations.md'), 'utf8')
  expect(Object.keys(kinds).filter((kind) => !handbook.includes(`\`${kind}\``))).toEqual([])
})
