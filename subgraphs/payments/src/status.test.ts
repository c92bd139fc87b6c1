import { describe, expect, test } from 'vitest'
import type { PaymentEventType, PaymentStatus } from './models.ts'
import { outcomeOf, type Fact } from './status.ts'
import { forbiddenMoves, permutations } from './testing/ways.ts'

const PRICE = 1000n
const fact = (type: PaymentEventType, subject = '', amount: bigint | null = null): Fact => ({ type, subject, amount })
const paid = fact('SUCCEEDED', '', PRICE)
const refund = (subject: string, amount: bigint) => fact('REFUND_SUCCEEDED', subject, amount)
const opened = (subject: string) => fact('DISPUTE_OPENED', subject, PRICE)

test.each<[PaymentStatus, bigint, ...Fact[]]>([
  ['PENDING', 0n],
  ['PENDING', 0n, fact('INITIATED')],
  ['PENDING', 0n, fact('INITIATED'), fact('CREATED')],
  ['REQUIRES_ACTION', 0n, fact('INITIATED'), fact('ACTION_REQUIRED', '2')],
  ['PENDING', 0n, fact('ACTION_REQUIRED', '2'), fact('PROCESSING', '3')],
  ['FAILED', 0n, fact('PROCESSING', '2'), fact('FAILED', '3')],
  ['PENDING', 0n, fact('FAILED', '3'), fact('PROCESSING', '4')],
  ['CANCELED', 0n, fact('INITIATED'), fact('CANCELED')],
  ['EXPIRED', 0n, fact('FAILED', '2'), fact('EXPIRED')],
  ['CANCELED', 0n, fact('CANCELED'), fact('FAILED', '2'), fact('PROCESSING', '3')],
  ['COMPLETED', 0n, fact('INITIATED'), paid],
  ['COMPLETED', 0n, fact('EXPIRED'), paid],
  ['COMPLETED', 0n, paid, fact('FAILED', '3')],
  ['COMPLETED', 0n, paid, fact('CANCELED')],
  ['COMPLETED', 0n, paid, fact('REFUND_REQUESTED', 'a', 300n)],
  ['COMPLETED', 0n, paid, fact('REFUND_FAILED', 'a', 300n)],
  ['PARTIALLY_REFUNDED', 300n, paid, refund('a', 300n)],
  ['PARTIALLY_REFUNDED', 900n, paid, refund('a', 300n), refund('b', 600n)],
  ['REFUNDED', PRICE, paid, refund('a', 300n), refund('b', 700n)],
  ['DISPUTED', 0n, paid, opened('d')],
  ['COMPLETED', 0n, paid, opened('d'), fact('DISPUTE_WON', 'd', PRICE)],
  ['DISPUTED', 0n, paid, opened('d'), fact('DISPUTE_WON', 'd', PRICE), opened('e')],
  ['DISPUTED', 300n, paid, refund('a', 300n), opened('d')],
  ['PARTIALLY_REFUNDED', 300n, paid, refund('a', 300n), opened('d'), fact('DISPUTE_WON', 'd', 700n)],
  ['REFUNDED', 700n, paid, opened('d'), fact('DISPUTE_LOST', 'd', 700n)],
  ['REFUNDED', PRICE, paid, refund('a', 300n), opened('d'), fact('DISPUTE_LOST', 'd', PRICE)],
  ['PENDING', 0n, fact('INITIATED'), fact('MISMATCH', 'x')],
])('%s with %s given back: %#', (status, refundedAmount, ...facts) => {
  expect(outcomeOf(PRICE, facts)).toEqual({ status, refundedAmount })
})

describe('whatever comes first', () => {
  const happenings = [
    fact('ACTION_REQUIRED', '2'),
    fact('FAILED', '3'),
    fact('EXPIRED'),
    paid,
    refund('a', 400n),
    opened('d'),
    fact('DISPUTE_WON', 'd', 600n),
  ]

  test('the end is the same, in each of the orders in which it can be heard', () => {
    const ends = new Set(permutations(happenings).map((facts) => text(outcomeOf(PRICE, facts))))
    expect([...ends]).toEqual(['PARTIALLY_REFUNDED 400'])
  })

  test('a payment only ever moves as payments may', () => {
    const moves = new Set<string>()
    for (const facts of permutations(happenings)) {
      const states: PaymentStatus[] = ['PENDING', ...facts.map((_, index) => outcomeOf(PRICE, facts.slice(0, index + 1)).status)]
      expect(forbiddenMoves(states)).toEqual([])
      for (const [index, to] of states.entries()) moves.add(`${states[index - 1]} ${to}`)
    }
    // The control: some of each kind were made.
    expect(moves).toContain('EXPIRED COMPLETED')
    expect(moves).toContain('DISPUTED PARTIALLY_REFUNDED')
  })
})

function text({ status, refundedAmount }: { status: string; refundedAmount: bigint }): string {
  return `${status} ${refundedAmount}`
}
