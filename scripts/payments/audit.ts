import pg from 'pg'
import type { LedgerEntry, PaymentCase } from './cases.ts'
import { compareAccess, findPaidTwice } from './compare-access.ts'
import { compareBooks, compareCounter, findGaps } from './compare-books.ts'
import { compareMoney } from './compare-money.ts'
import type { Disagreement } from './disagreements.ts'
import { copyLedger, unknownThere, type CopiedLedger, type Ledger } from './ledger.ts'
import { enrollmentsPaidBy, readPaidEnrollments } from './read-enrollments.ts'
import { countElsewhere, knownPayments, readHeldTwice, readPayments, readReceiptNumbers, type OwnBooks } from './read-payments.ts'
import { createTally, type Audited } from './tally.ts'

export interface AuditOptions {
  /** The databases of payments and enrollments. */
  databases: { payments: string; enrollments: string }
  provider: Ledger
  /** Payments that were begun from then on; all, when left out. */
  since?: Date | undefined
  /** Payments that were begun before then. */
  until?: Date | undefined
  /** What changed in the last so many seconds may be on its way, and is counted apart. */
  graceSeconds?: number
  pageSize?: number
  now?: Date
}

// A payment is begun at the provider soon after it was here, or, where that failed, as long as it is tried again.
const SKEW_MS = 24 * 60 * 60 * 1000

/**
 * Compares what payments, the provider and enrollments say of all money, as sets, and finds every disagreement. Reads page
 * by page and changes nothing. With `graceSeconds: 0` whatever is not settled is a disagreement.
 */
export async function audit({
  databases,
  provider,
  since = new Date(0),
  until,
  graceSeconds = 0,
  pageSize = 500,
  now = new Date(),
}: AuditOptions): Promise<Audited> {
  const payments = clientOf(databases.payments)
  const enrollments = clientOf(databases.enrollments)
  const end = until ?? new Date(now.getTime() + SKEW_MS)
  const wanted = { provider: provider.name, since, until: end }
  const tally = createTally({ provider: provider.name, graceSeconds, now })
  try {
    await Promise.all([payments.connect(), enrollments.connect()])
    const from = new Date(Math.max(0, since.getTime() - SKEW_MS))
    const ledger = await copyLedger(payments, provider, from, new Date(end.getTime() + SKEW_MS))
    tally.count('ledger', ledger.size)
    tally.count('foreign', ledger.foreign)
    tally.count('elsewhere', await countElsewhere(payments, wanted))
    for await (const page of readPayments(payments, wanted, pageSize)) {
      for (const one of await casesOf(page, ledger, provider, enrollments)) {
        tally.count('payments', 1)
        tally.sum(one)
        tally.add([...compareMoney(one), ...compareAccess(one), ...compareBooks(one)])
      }
    }
    for await (const page of ledger.unknown(pageSize)) tally.add(page.map(unknownThere))
    for await (const page of readPaidEnrollments(enrollments, pageSize)) {
      tally.count('enrollments', page.length)
      const known = await knownPayments(
        payments,
        page.map(({ paymentId }) => paymentId),
      )
      tally.add(page.filter(({ paymentId }) => !known.has(paymentId)).map(ofUnknownPayment))
    }
    for await (const held of readHeldTwice(payments, pageSize)) tally.add(await paidTwice(held, enrollments))
    await auditReceipts(payments, pageSize, tally)
    return tally.result()
  } finally {
    await Promise.allSettled([payments.end(), enrollments.end()])
  }
}

// A connection that is lost fails the statement that is under way, or the next one: nobody need hear of it besides.
function clientOf(connectionString: string): pg.Client {
  return new pg.Client({ connectionString }).on('error', () => undefined)
}

async function casesOf(page: readonly OwnBooks[], ledger: CopiedLedger, provider: Ledger, enrollments: pg.Client): Promise<PaymentCase[]> {
  const ids = page.map(({ payment }) => payment.id)
  const entries = await ledger.entriesOf(
    ids,
    page.flatMap(({ payment }) => payment.transactionId ?? []),
  )
  const byPayment = Map.groupBy(entries, ({ paymentId }) => paymentId)
  const byTransaction = new Map(entries.map((entry) => [entry.transactionId, entry]))
  const access = Map.groupBy(await enrollmentsPaidBy(enrollments, ids), ({ paymentId }) => paymentId)
  const cases: PaymentCase[] = []
  for (const own of page) {
    const { id, transactionId } = own.payment
    const ours = transactionId === null ? undefined : (byTransaction.get(transactionId) ?? (await askFor(provider, transactionId)))
    const theirs = new Map([...(byPayment.get(id) ?? []), ...(ours ? [ours] : [])].map((entry) => [entry.transactionId, entry]))
    cases.push({ ...own, ledger: [...theirs.values()], enrollments: access.get(id) ?? [] })
  }
  return cases
}

// What is not in the list may have been begun long before or after: only the provider itself knows.
async function askFor(provider: Ledger, transactionId: string): Promise<LedgerEntry | undefined> {
  return (await provider.find(transactionId)) ?? undefined
}

function ofUnknownPayment({ id, paymentId, status, updatedAt }: { id: string; paymentId: string; status: string; updatedAt: Date }) {
  const ids = { enrollment: id, payment: paymentId }
  return { kind: 'enrollment-of-unknown-payment', ids, here: 'nothing', there: status, changedAt: updatedAt } satisfies Disagreement
}

async function paidTwice(
  held: readonly Omit<Parameters<typeof findPaidTwice>[0][number], 'enrollmentStatus'>[],
  enrollments: pg.Client,
): Promise<Disagreement[]> {
  const access = await enrollmentsPaidBy(
    enrollments,
    held.map(({ paymentId }) => paymentId),
  )
  const statusOf = new Map(access.map(({ paymentId, status }) => [paymentId, status]))
  const whole = held.map((one) => ({ ...one, enrollmentStatus: statusOf.get(one.paymentId) ?? null }))
  return [...Map.groupBy(whole, ({ userId, courseId }) => `${userId} ${courseId}`).values()].flatMap(findPaidTwice)
}

async function auditReceipts(payments: pg.Client, pageSize: number, tally: ReturnType<typeof createTally>): Promise<void> {
  const pages = readReceiptNumbers(payments, pageSize)
  let last = 0
  for (;;) {
    const { done, value } = await pages.next()
    if (done === true) {
      // While somebody pays, there are more than the counter said at the beginning.
      if (value > last) tally.add(compareCounter(value, last))
      return
    }
    tally.count('receipts', value.length)
    tally.add(findGaps(last, value))
    last = value.at(-1) ?? last
  }
}
