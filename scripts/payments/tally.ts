import { backThere, isPaid, type PaymentCase } from './cases.ts'
import type { Disagreement, Kind } from './disagreements.ts'

/** What an audit has found. */
export interface Audited {
  provider: string
  /** How many of each were looked at. `foreign`: in the ledger, but not ours; `elsewhere`: payments with other providers, not compared. */
  checked: Record<Counted, number>
  /** What was received and given back, by currency, in minor units. */
  sums: Record<string, { here: Sum; there: Sum }>
  /** The first thousands; `total` says how many there are. */
  disagreements: readonly Disagreement[]
  total: number
  byKind: Partial<Record<Kind, number>>
  /** Disagreements of what changed in the last `graceSeconds`. */
  inFlight: number
  graceSeconds: number
}

export type Counted = 'payments' | 'ledger' | 'foreign' | 'elsewhere' | 'enrollments' | 'receipts'

export interface Sum {
  received: bigint
  givenBack: bigint
}

const MOST = 5_000

/** Adds up what an audit finds, and keeps no more of it than can be read. */
export function createTally({ provider, graceSeconds, now }: { provider: string; graceSeconds: number; now: Date }) {
  const checked = { payments: 0, ledger: 0, foreign: 0, elsewhere: 0, enrollments: 0, receipts: 0 }
  const sums: Audited['sums'] = {}
  const disagreements: Disagreement[] = []
  const byKind: Audited['byKind'] = {}
  let [total, inFlight] = [0, 0]
  const settledBefore = now.getTime() - graceSeconds * 1000

  return {
    count(what: Counted, many: number): void {
      checked[what] += many
    },
    sum({ payment, ledger }: PaymentCase): void {
      const { here, there } = (sums[payment.currency] ??= { here: { received: 0n, givenBack: 0n }, there: { received: 0n, givenBack: 0n } })
      if (isPaid(payment)) here.received += payment.amount
      here.givenBack += payment.refundedAmount
      for (const entry of ledger) {
        if (entry.state === 'succeeded') there.received += BigInt(entry.price.amount)
        there.givenBack += BigInt(backThere(entry))
      }
    },
    add(found: readonly Disagreement[]): void {
      for (const one of found) {
        if (graceSeconds > 0 && one.changedAt !== null && one.changedAt.getTime() > settledBefore) {
          inFlight += 1
          continue
        }
        total += 1
        byKind[one.kind] = (byKind[one.kind] ?? 0) + 1
        if (disagreements.length < MOST) disagreements.push(one)
      }
    },
    result: (): Audited => ({ provider, checked, sums, disagreements, total, byKind, inFlight, graceSeconds }),
  }
}
