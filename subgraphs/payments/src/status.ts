import type { PaymentEventType, PaymentStatus } from './store.ts'

/** What matters of an event. */
export interface Fact {
  type: PaymentEventType
  /** Which refund, dispute or try it is about. */
  subject: string
  amount: bigint | null
}

export interface Outcome {
  status: PaymentStatus
  refundedAmount: bigint
}

/**
 * What the events of a payment come to. Once the money was received, the order in which anything is heard does not matter:
 * a failure that comes late changes nothing, and what went back stays back. Before that the latest word counts, and the
 * end of a payment stands against everything but the money itself.
 */
export function outcomeOf(price: bigint, facts: readonly Fact[]): Outcome {
  const has = (type: PaymentEventType) => facts.some((fact) => fact.type === type)
  if (!has('SUCCEEDED')) return { status: unpaid(facts), refundedAmount: 0n }
  const lost = of(facts, 'DISPUTE_LOST')
  const back = sum([...of(facts, 'REFUND_SUCCEEDED'), ...lost])
  const refundedAmount = back < price ? back : price
  if (lost.length > 0 || refundedAmount === price) return { status: 'REFUNDED', refundedAmount }
  const closed = new Set(of(facts, 'DISPUTE_WON').map(({ subject }) => subject))
  if (of(facts, 'DISPUTE_OPENED').some(({ subject }) => !closed.has(subject))) return { status: 'DISPUTED', refundedAmount }
  return { status: refundedAmount > 0n ? 'PARTIALLY_REFUNDED' : 'COMPLETED', refundedAmount }
}

/** Those in which a payment waits for somebody to pay it. An enrollment has one such payment: the index says the same. */
export const openStatuses: readonly PaymentStatus[] = ['REQUIRES_ACTION', 'PENDING', 'FAILED']

/** Those in which the school has the money, or a part of it. */
export const paidStatuses: readonly PaymentStatus[] = ['COMPLETED', 'PARTIALLY_REFUNDED', 'DISPUTED']

const saysUnpaid: Partial<Record<PaymentEventType, PaymentStatus>> = {
  INITIATED: 'PENDING',
  ACTION_REQUIRED: 'REQUIRES_ACTION',
  PROCESSING: 'PENDING',
  FAILED: 'FAILED',
  CANCELED: 'CANCELED',
  EXPIRED: 'EXPIRED',
}

function unpaid(facts: readonly Fact[]): PaymentStatus {
  const said = facts.flatMap(({ type }) => saysUnpaid[type] ?? [])
  return said.find((status) => status === 'CANCELED' || status === 'EXPIRED') ?? said.at(-1) ?? 'PENDING'
}

function of(facts: readonly Fact[], type: PaymentEventType): readonly Fact[] {
  return facts.filter((fact) => fact.type === type)
}

function sum(facts: readonly Fact[]): bigint {
  return facts.reduce((total, { amount }) => total + (amount ?? 0n), 0n)
}
