import { defineEvent, type EventDef } from '@stellr/kit'
import { z } from 'zod'
import { price } from './money.ts'
import { payments } from './topics.ts'

const payment = z
  .looseObject({
    paymentId: z.uuid(),
    enrollmentId: z.uuid().describe('What it was begun for. A late payment may pay for a later enrollment: that says so itself.'),
    userId: z.uuid(),
    courseId: z.uuid(),
    status: z.enum([
      'REQUIRES_ACTION',
      'PENDING',
      'FAILED',
      'CANCELED',
      'EXPIRED',
      'COMPLETED',
      'PARTIALLY_REFUNDED',
      'REFUNDED',
      'DISPUTED',
    ]),
    price: price.describe('What is paid.'),
    refundedAmount: z.int().min(0).describe('What was given back so far, in minor units.'),
    method: z.enum(['CARD', 'CHECKOUT']),
    provider: z.string().describe('`stripe`, `sandbox`.'),
    transactionId: z.string().nullable().describe('The provider’s id of it.'),
    initiatedAt: z.iso.datetime(),
    paidAt: z.iso.datetime().nullable(),
  })
  .meta({ title: 'Payment', description: 'The whole payment, after the change.' })

function paymentEvent(happened: string, description: string): EventDef<typeof payment> {
  return defineEvent(`payment.${happened}`, 1, payments, payment, `${description} Aggregate: the payment.`)
}

export const PaymentInitiated = paymentEvent('initiated', 'Somebody began to pay.')
export const PaymentCompleted = paymentEvent('completed', 'The money was received. Said once for each payment.')
export const PaymentFailed = paymentEvent(
  'failed',
  'It was not paid: FAILED, and may be tried again; CANCELED or EXPIRED, and is over, but for a bank that confirms late.',
)
export const PaymentRefunded = paymentEvent('refunded', 'Money was given back: a part of it, or with status REFUNDED all of it.')
export const PaymentDisputed = paymentEvent('disputed', 'The payer’s bank asks for the money back.')
export const PaymentDisputeClosed = paymentEvent(
  'dispute_closed',
  'A dispute has ended: with status REFUNDED for the payer, otherwise for the school.',
)

/** Every event of a payment: each carries the whole state. */
export const paymentEvents = [
  PaymentInitiated,
  PaymentCompleted,
  PaymentFailed,
  PaymentRefunded,
  PaymentDisputed,
  PaymentDisputeClosed,
] as const
