import { moneyOf } from '../../whole-state.ts'
import type { SandboxFile } from '../../store/sandbox.ts'
import type { ProviderPayment } from '../provider.ts'
import { failures } from './cards.ts'

/** A payment of the sandbox's, as any provider shows one. */
export function readFile({ payment, refunds, disputes }: SandboxFile): ProviderPayment {
  const { id, amount, clientSecret, createdAt, currency, failure, method, paidAt, reference, state } = payment
  return {
    transactionId: id,
    paymentId: reference,
    state: stateOf(state),
    price: moneyOf(amount, currency),
    clientSecret: method === 'CARD' ? clientSecret : null,
    checkoutUrl: method === 'CHECKOUT' ? checkoutPath(clientSecret) : null,
    failure: failure === null ? null : { code: failure, message: failures[failure] ?? 'The payment failed.' },
    createdAt,
    paidAt,
    refunds: refunds.map((refund) => ({
      id: refund.id,
      refundId: refund.reference,
      amount: Number(refund.amount),
      state: 'succeeded',
      at: refund.createdAt,
    })),
    disputes: disputes.map((dispute) => ({
      id: dispute.id,
      amount: Number(dispute.amount),
      state: disputeStateOf(dispute.state),
      at: dispute.updatedAt,
    })),
  }
}

/** What can still go back, or be disputed. */
export function leftIn({ payment, refunds, disputes }: SandboxFile): bigint {
  const gone = [...refunds, ...disputes.filter(({ state }) => state === 'lost')].reduce((sum, { amount }) => sum + amount, 0n)
  return payment.amount - gone
}

/** Where the sandbox's page is, whose address names the payment by its client secret. */
export const CHECKOUT_PATH = '/sandbox/checkout'

export function checkoutPath(clientSecret: string): string {
  return `${CHECKOUT_PATH}?payment=${clientSecret}`
}

function stateOf(state: string): ProviderPayment['state'] {
  switch (state) {
    case 'requires_action':
    case 'processing':
    case 'failed':
    case 'canceled':
    case 'succeeded':
      return state
    default:
      throw new RangeError(`the sandbox has a payment that is ${state}`)
  }
}

function disputeStateOf(state: string): 'open' | 'won' | 'lost' {
  return state === 'won' || state === 'lost' ? state : 'open'
}
