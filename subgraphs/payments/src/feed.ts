import { defineFeed, feedBigInt, feedMoment, type Entry } from '@stellr/kit'
import { z } from 'zod'
import type { PaymentState } from './store.ts'

const payment = z.object({
  id: z.uuid(),
  enrollmentId: z.uuid(),
  userId: z.uuid(),
  courseId: z.uuid(),
  amount: feedBigInt,
  currency: z.string(),
  refundedAmount: feedBigInt,
  method: z.enum(['CARD', 'CHECKOUT']),
  provider: z.string(),
  transactionId: z.string().nullable(),
  attempt: z.int(),
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
  failureCode: z.string().nullable(),
  failureMessage: z.string().nullable(),
  cancelReason: z.string().nullable(),
  expiresAt: feedMoment,
  paidAt: feedMoment.nullable(),
  refundDays: z.int(),
  refundBelow: z.int(),
  nextCheckAt: feedMoment.nullable(),
  checks: z.int(),
  version: z.int(),
  createdAt: feedMoment,
  updatedAt: feedMoment,
})

/**
 * What somebody's payments became: its stream is the payer's id. What opens the way to paying is not in it: whoever may have
 * that asks for it.
 */
export const paymentFeed = defineFeed('payments', { keepHours: 7 * 24, data: z.object({ payment }) })

export type PaymentEntry = Entry<{ payment: PaymentState }>
