import { backThere, isPaid, lastChange, type LedgerEntry, type PaymentCase } from './cases.ts'
import type { Disagreement, Kind } from './disagreements.ts'

/** Where a payment and the provider's ledger do not say the same. */
export function compareMoney(one: PaymentCase): Disagreement[] {
  const { payment, ledger } = one
  const found: Disagreement[] = []
  const theirs = counterpart(one)
  const changedAt = lastChange(one)
  const report = (kind: Kind, here: string, there: string, more: Record<string, string> = {}) => {
    const transaction = theirs?.transactionId ?? payment.transactionId
    found.push({ kind, ids: { payment: payment.id, ...(transaction !== null && { transaction }), ...more }, here, there, changedAt })
  }

  for (const other of ledger) {
    if (other !== theirs && other.state !== 'canceled')
      report('second-payment-there', statusHere(one), other.state, { second: other.transactionId })
  }
  if (!theirs) {
    if (isPaid(payment)) report('paid-here-not-there', statusHere(one), 'nothing')
    else if (payment.transactionId !== null) report('missing-there', statusHere(one), 'nothing')
    return found
  }

  const { price } = theirs
  if (BigInt(price.amount) !== payment.amount || price.currency !== payment.currency) {
    report('amount-differs', written(payment.amount, payment.currency), written(price.amount, price.currency))
  }
  const paidThere = theirs.state === 'succeeded'
  if (isPaid(payment) && !paidThere) report('paid-here-not-there', statusHere(one), theirs.state)
  else if (!isPaid(payment) && paidThere) report('paid-there-not-here', statusHere(one), theirs.state)
  else if (paidThere) comparePaid(one, theirs, report)
  else if (!sameUnpaid(payment.status, theirs.state)) report('status-differs', payment.status, theirs.state)
  return found
}

// Ours by the provider's own id; while we do not have that, the one that got furthest.
function counterpart({ payment, ledger }: PaymentCase): LedgerEntry | undefined {
  if (payment.transactionId !== null) return ledger.find(({ transactionId }) => transactionId === payment.transactionId)
  return ledger.find(({ state }) => state === 'succeeded') ?? ledger[0]
}

type Report = (kind: Kind, here: string, there: string, more?: Record<string, string>) => void

function comparePaid({ payment, refunds }: PaymentCase, theirs: LedgerEntry, report: Report): void {
  const gone = BigInt(backThere(theirs))
  if (gone > payment.amount) report('refunded-more-than-paid', `${payment.amount} paid`, `${gone} given back`)
  const due = gone < payment.amount ? gone : payment.amount
  if (due !== payment.refundedAmount) report('refunded-sum-differs', `${payment.refundedAmount}`, `${gone}`)

  const isOpen = theirs.disputes.some(({ state }) => state === 'open')
  const isOver = due === payment.amount || theirs.disputes.some(({ state }) => state === 'lost')
  const isDisputed = payment.status === 'DISPUTED'
  if (isDisputed !== (isOpen && !isOver)) report('status-differs', payment.status, isOpen ? 'disputed' : 'not disputed')

  const paired = new Set<string>()
  for (const there of theirs.refunds) {
    const here = refunds.find(({ id, providerRefundId }) => id === there.refundId || providerRefundId === there.id)
    if (here) paired.add(here.id)
    const ids = { ...(here && { refund: here.id }), providerRefund: there.id }
    const [doneHere, doneThere] = [here?.status === 'SUCCEEDED', there.state === 'succeeded']
    if (here && here.amount !== BigInt(there.amount)) report('refund-amount-differs', `${here.amount}`, `${there.amount}`, ids)
    if (doneHere && !doneThere) report('refund-here-not-there', 'SUCCEEDED', there.state, ids)
    if (!doneHere && doneThere) report('refund-there-not-here', here?.status ?? 'nothing', there.state, ids)
  }
  for (const { id, status } of refunds) {
    if (status === 'SUCCEEDED' && !paired.has(id)) report('refund-here-not-there', status, 'nothing', { refund: id })
  }
}

function sameUnpaid(here: string, there: LedgerEntry['state']): boolean {
  return (here === 'EXPIRED' ? 'CANCELED' : here) === unpaidHere[there]
}

const unpaidHere: Record<LedgerEntry['state'], string> = {
  requires_action: 'REQUIRES_ACTION',
  processing: 'PENDING',
  failed: 'FAILED',
  canceled: 'CANCELED',
  succeeded: '',
}

function statusHere({ payment }: PaymentCase): string {
  return `${payment.status}, ${written(payment.amount, payment.currency)}`
}

function written(amount: bigint | number, currency: string): string {
  return `${amount} ${currency}`
}
