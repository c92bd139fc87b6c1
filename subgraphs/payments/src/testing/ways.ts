import type { PaymentStatus } from '../models.ts'

const open: readonly PaymentStatus[] = ['REQUIRES_ACTION', 'PENDING', 'FAILED', 'CANCELED', 'EXPIRED']
const settled: readonly PaymentStatus[] = ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED']

/** Where a payment may go from each status. What is not named is nobody's way. */
const ways: Record<PaymentStatus, readonly PaymentStatus[]> = {
  REQUIRES_ACTION: [...open, ...settled],
  PENDING: [...open, ...settled],
  FAILED: [...open, ...settled],
  CANCELED: settled,
  EXPIRED: settled,
  COMPLETED: ['PARTIALLY_REFUNDED', 'REFUNDED', 'DISPUTED'],
  PARTIALLY_REFUNDED: ['REFUNDED', 'DISPUTED'],
  DISPUTED: ['COMPLETED', 'PARTIALLY_REFUNDED', 'REFUNDED'],
  REFUNDED: [],
}

/** The moves among a payment's statuses, first to last, that no payment may make. */
export function forbiddenMoves(statuses: readonly PaymentStatus[]): string[] {
  return statuses.flatMap((to, index) => {
    const from = statuses[index - 1]
    return from === undefined || from === to || ways[from].includes(to) ? [] : [`${from} ${to}`]
  })
}

/** Every order of some things. */
export function permutations<T>(items: readonly T[]): T[][] {
  if (items.length === 0) return [[]]
  return items.flatMap((item, index) => permutations(items.toSpliced(index, 1)).map((rest) => [item, ...rest]))
}
