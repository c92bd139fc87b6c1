import type { Chance } from '../../demo/chance.ts'
import type { ProviderPayment } from '../../subgraphs/payments/src/providers/provider.ts'
import type { PaymentStatus } from '../../subgraphs/payments/src/models.ts'
import type { PaymentShown } from '../../subgraphs/payments/src/testing/school.ts'
import type { StripeSchool } from '../testkit/stripe/school.ts'
import type { StripeEventThing } from '../testkit/stripe/world.ts'

/** What somebody does to a payment at Stripe. */
export type Step =
  | 'decline'
  | 'asks_who'
  | 'is_not_them'
  | 'bank_at_work'
  | 'pays'
  | 'ends'
  | 'gives_it_back'
  | 'gives_a_part_back'
  | 'begins_to_give_back'
  | 'has_given_back'
  | 'disputes'
  | 'wins'
  | 'loses'

/** Something that Stripe tells, and the payment as it was then. */
export interface Told {
  event: StripeEventThing
  shown: ProviderPayment
}

/** Plays steps at Stripe, which tells nobody, and keeps what it would tell after each, its beginning first. */
export async function playHistory({ school, stub }: StripeSchool, payment: PaymentShown, steps: readonly Step[]): Promise<Told[]> {
  const id = payment.transactionId ?? ''
  const { provider } = school.backstage().services
  const told: Told[] = []
  const keep = async () => {
    const [event, shown] = [stub.events.at(-1), await provider.find(id)]
    if (!event || !shown) throw new Error('Stripe tells nothing')
    told.push({ event, shown })
  }
  await keep()
  for (const step of steps) {
    await take({ stub, id, payment }, step)
    await keep()
  }
  return told
}

interface Scene {
  stub: StripeSchool['stub']
  id: string
  payment: PaymentShown
}

async function take({ stub, id, payment }: Scene, step: Step): Promise<void> {
  const intent = stub.world.get('payment_intent', id)
  const refund = () => stub.world.all('refund', ({ payment_intent, status }) => payment_intent === id && status === 'pending')[0]?.id ?? ''
  const dispute = () => stub.world.all('dispute', ({ payment_intent }) => payment_intent === id)[0]?.id ?? ''
  switch (step) {
    case 'decline':
      return void (await stub.payer.pay(payment, 'decline'))
    case 'asks_who':
      return void (await stub.payer.pay(payment, 'three_d_secure'))
    case 'is_not_them':
      return void (await stub.payer.authenticate(payment, false))
    case 'bank_at_work':
      intent['status'] = 'processing'
      return stub.world.tell('payment_intent.processing', intent)
    case 'pays':
      if (intent['status'] === 'processing') return stub.settle(id, true)
      if (intent['status'] === 'requires_action') return void (await stub.payer.authenticate(payment, true))
      return void (await stub.payer.pay(payment, 'success'))
    case 'ends':
      return ask(stub, `payment_intents/${id}/cancel`)
    case 'gives_it_back':
      return ask(stub, 'refunds', { payment_intent: id })
    case 'gives_a_part_back':
      return ask(stub, 'refunds', { payment_intent: id, amount: '500' })
    case 'begins_to_give_back':
      stub.refundsAre('pending')
      await ask(stub, 'refunds', { payment_intent: id })
      return stub.refundsAre('succeeded')
    case 'has_given_back':
      return stub.endRefund(refund(), 'succeeded')
    case 'disputes':
      return void stub.dispute(id)
    case 'wins':
    case 'loses':
      return stub.changeDispute(dispute(), step === 'wins' ? 'won' : 'lost')
  }
}

async function ask({ url, secretKey }: StripeSchool['stub'], path: string, fields: Record<string, string> = {}): Promise<void> {
  const headers = { authorization: `Bearer ${secretKey}` }
  const reply = await fetch(`${url}/v1/${path}`, { method: 'POST', headers, body: new URLSearchParams(fields) })
  if (!reply.ok) throw new Error(`Stripe answers ${reply.status}: ${await reply.text()}`)
}

/** Where a payment can go from here. */
const next: Readonly<Record<string, readonly Step[]>> = {
  begun: ['decline', 'asks_who', 'bank_at_work', 'pays', 'ends'],
  decline: ['decline', 'asks_who', 'bank_at_work', 'pays', 'ends'],
  asks_who: ['is_not_them', 'pays', 'ends'],
  is_not_them: ['decline', 'asks_who', 'pays', 'ends'],
  bank_at_work: ['pays'],
  pays: ['gives_it_back', 'gives_a_part_back', 'begins_to_give_back', 'disputes'],
  gives_a_part_back: ['gives_a_part_back', 'begins_to_give_back', 'disputes'],
  begins_to_give_back: ['has_given_back'],
  disputes: ['wins', 'loses'],
  wins: ['begins_to_give_back'],
}

/** A way that a payment may go, drawn. */
export function drawHistory(chance: Chance, longest: number): Step[] {
  const steps: Step[] = []
  const length = chance.between(1, longest)
  while (steps.length < length) {
    const parts = steps.filter((step) => step === 'gives_a_part_back').length
    const open = next[steps.at(-1) ?? 'begun']?.filter((step) => step !== 'gives_a_part_back' || parts < 3)
    if (!open || open.length === 0) break
    steps.push(chance.pick(open))
  }
  return steps
}

/** What a payment is whose provider says this, worked out by itself. */
export function statusThere({ state, price, refunds, disputes }: ProviderPayment): PaymentStatus {
  const unpaid = { requires_action: 'REQUIRES_ACTION', processing: 'PENDING', failed: 'FAILED', canceled: 'CANCELED' } as const
  if (state !== 'succeeded') return unpaid[state]
  const back = refunds.filter((refund) => refund.state === 'succeeded').reduce((sum, { amount }) => sum + amount, 0)
  if (back >= price.amount || disputes.some((dispute) => dispute.state === 'lost')) return 'REFUNDED'
  if (disputes.some((dispute) => dispute.state === 'open')) return 'DISPUTED'
  return back > 0 ? 'PARTIALLY_REFUNDED' : 'COMPLETED'
}
