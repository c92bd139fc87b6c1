import type { Provider } from '@stellr/payments'
import type pg from 'pg'
import { z } from 'zod'
import { changedThere, type LedgerEntry } from './cases.ts'

/** What the audit asks of a provider. */
export type Ledger = Pick<Provider, 'name' | 'paymentsBetween' | 'find'>

export interface CopiedLedger {
  /** How many payments it has. */
  size: number
  /** How many of them say nothing of a payment of this platform: others may use the provider's account, too. */
  foreign: number
  /** What it has of some of our payments, by their ids or the provider's. */
  entriesOf(paymentIds: readonly string[], transactionIds: readonly string[]): Promise<LedgerEntry[]>
  /** What it has as ours and we do not know, in pages. */
  unknown(pageSize: number): AsyncIterable<readonly LedgerEntry[]>
}

const PAGE = 500
const id = z.uuid()

/**
 * Copies a provider's ledger into a table that only this connection sees and that goes with it, so that it can be compared
 * in any order without holding it in memory.
 */
export async function copyLedger(db: pg.Client, provider: Ledger, from: Date, to: Date): Promise<CopiedLedger> {
  await db.query('CREATE TEMP TABLE ledger (transaction_id text PRIMARY KEY, payment_id uuid, entry jsonb NOT NULL)')
  let page: ProviderEntry[] = []
  let [size, foreign] = [0, 0]
  const flush = async () => {
    await addEntries(db, page)
    page = []
  }
  for await (const { clientSecret: _secret, checkoutUrl: _url, failure: _failure, ...entry } of provider.paymentsBetween(from, to)) {
    const paymentId = id.safeParse(entry.paymentId).data?.toLowerCase() ?? null
    size += 1
    if (paymentId === null) foreign += 1
    page.push({ ...entry, paymentId })
    if (page.length === PAGE) await flush()
  }
  await flush()
  await db.query('CREATE INDEX ON ledger (payment_id)')
  await db.query('ANALYZE ledger')

  return {
    size,
    foreign,
    async entriesOf(paymentIds, transactionIds) {
      const { rows } = await db.query<{ entry: unknown }>(
        'SELECT entry FROM ledger WHERE payment_id = ANY($1::uuid[]) OR transaction_id = ANY($2::text[])',
        [paymentIds, transactionIds],
      )
      return rows.map(({ entry }) => revive(entry))
    },
    async *unknown(pageSize) {
      for (let after = ''; ;) {
        const { rows } = await db.query<{ transaction_id: string; entry: unknown }>(
          `SELECT transaction_id, entry FROM ledger l
           WHERE transaction_id > $1 AND payment_id IS NOT NULL
             AND NOT EXISTS (SELECT FROM payment p WHERE p.id = l.payment_id)
             AND NOT EXISTS (SELECT FROM payment p WHERE p.transaction_id = l.transaction_id)
           ORDER BY transaction_id LIMIT $2`,
          [after, pageSize],
        )
        if (rows.length > 0) yield rows.map(({ entry }) => revive(entry))
        if (rows.length < pageSize) return
        after = rows.at(-1)?.transaction_id ?? ''
      }
    },
  }
}

/** What the provider has and no payment of ours answers to. */
export function unknownThere(entry: LedgerEntry) {
  const { transactionId: transaction, paymentId, price, state } = entry
  return {
    kind: 'unknown-payment-there',
    ids: { transaction, payment: paymentId ?? '' },
    here: 'nothing',
    there: `${state}, ${price.amount} ${price.currency}`,
    changedAt: changedThere(entry),
  } as const
}

type ProviderEntry = LedgerEntry

// A list may show one payment on two of its pages.
async function addEntries(db: pg.Client, entries: readonly ProviderEntry[]): Promise<void> {
  if (entries.length === 0) return
  await db.query(
    `INSERT INTO ledger (transaction_id, payment_id, entry)
     SELECT e ->> 'transactionId', (e ->> 'paymentId')::uuid, e FROM jsonb_array_elements($1::jsonb) AS e
     ON CONFLICT DO NOTHING`,
    [JSON.stringify(entries)],
  )
}

const moment = z.coerce.date()
const part = z.object({ id: z.string(), amount: z.int(), at: moment })
const entry = z.object({
  transactionId: z.string(),
  paymentId: z.string().nullable(),
  state: z.enum(['requires_action', 'processing', 'failed', 'canceled', 'succeeded']),
  price: z.object({ amount: z.int(), currency: z.string() }),
  createdAt: moment,
  paidAt: moment.nullable(),
  refunds: z.array(part.extend({ refundId: z.string().nullable(), state: z.enum(['pending', 'succeeded', 'failed']) })),
  disputes: z.array(part.extend({ state: z.enum(['open', 'won', 'lost']) })),
}) satisfies z.ZodType<LedgerEntry>

// Through JSON and back: of times, only text has remained.
function revive(stored: unknown): LedgerEntry {
  return entry.parse(stored, { reportInput: false })
}
