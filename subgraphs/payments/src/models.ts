import type { PaymentEventRow, RefundRow } from './store.ts'

export type { PaymentEntry } from './feed.ts'
export type {
  EnrollmentRow,
  PaymentEventRow,
  PaymentEventType,
  PaymentMethod,
  PaymentRow,
  PaymentState,
  PaymentStatus,
  ReceiptRow,
  RefundRow,
} from './store.ts'

/** An event of a payment, with the currency that its amount is in. */
export type PaymentEventView = PaymentEventRow & { readonly currency: string }

export type RefundView = RefundRow & { readonly currency: string }

export interface EnrollmentRef {
  readonly id: string
}

export interface UserRef {
  readonly id: string
}

export interface CourseRef {
  readonly id: string
}
