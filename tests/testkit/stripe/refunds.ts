import { invalid } from './refusal.ts'
import { count, text, type Thing, type World } from './world.ts'

export type RefundOutcome = 'succeeded' | 'pending'

export interface RefundOrder {
  intentId: string
  amount: number | undefined
  metadata: Record<string, string> | undefined
}

export function createRefund(world: World, { intentId, amount, metadata }: RefundOrder, status: RefundOutcome): Thing {
  const intent = world.get('payment_intent', intentId)
  if (intent['status'] !== 'succeeded') {
    throw invalid('This PaymentIntent does not have a successful charge to refund.', 'payment_intent_unexpected_state')
  }
  const charge = world.get('charge', text(intent['latest_charge']))
  const left = count(charge['amount']) - count(charge['amount_refunded'])
  if (left === 0) throw invalid(`Charge ${charge.id} has already been refunded.`, 'charge_already_refunded')
  const isOpen = world.all('dispute', (dispute) => dispute['charge'] === charge.id && dispute['status'] !== 'won').length > 0
  if (isOpen) throw invalid(`Charge ${charge.id} has been charged back; cannot issue a refund.`, 'charge_disputed')
  if ((amount ?? left) > left) throw invalid('Refund amount is greater than unrefunded amount on charge', undefined, 'amount')
  const refund = world.add('re', 'refund', {
    amount: amount ?? left,
    currency: intent['currency'],
    charge: charge.id,
    payment_intent: intent.id,
    metadata: metadata ?? {},
    reason: null,
    status,
  })
  giveBack(charge, refund.amount)
  world.tell('refund.created', refund)
  world.tell('charge.refunded', charge)
  return refund
}

/** What becomes of a refund later: also one that had succeeded may come back. */
export function endRefund(world: World, refund: Thing, status: 'succeeded' | 'failed' | 'canceled'): void {
  refund['status'] = status
  if (status !== 'succeeded') giveBack(world.get('charge', text(refund['charge'])), -count(refund['amount']))
  world.tell(status === 'failed' ? 'refund.failed' : 'refund.updated', refund)
}

function giveBack(charge: Thing, amount: number): void {
  const refunded = count(charge['amount_refunded']) + amount
  Object.assign(charge, { amount_refunded: refunded, refunded: refunded === charge['amount'] })
}

export function openDispute(world: World, intent: Thing, status: string, amount?: number): Thing {
  const charge = world.get('charge', text(intent['latest_charge']))
  charge['disputed'] = true
  const dispute = world.add('du', 'dispute', {
    amount: amount ?? charge['amount'],
    currency: charge['currency'],
    charge: charge.id,
    payment_intent: intent.id,
    reason: 'fraudulent',
    status,
  })
  world.tell('charge.dispute.created', dispute)
  return dispute
}

export function changeDispute(world: World, dispute: Thing, status: string): void {
  dispute['status'] = status
  world.tell(status === 'won' || status === 'lost' ? 'charge.dispute.closed' : 'charge.dispute.updated', dispute)
}
