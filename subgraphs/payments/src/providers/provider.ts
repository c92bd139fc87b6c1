import type { Money } from '@stellr/kit'
import type { FastifyInstance } from 'fastify'
import type { PaymentMethod } from '../models.ts'

/** Who moves the money. A further provider is one more file that makes one of these, and a line in providers.ts. */
export interface Provider {
  /** As clients and the database call it; its webhooks come to /webhooks/<name>. */
  name: string
  /** Begins a payment. With the same `key` again it is the same payment, whenever that is. */
  create(order: PaymentOrder): Promise<ProviderPayment>
  /** A payment as it is now; null when the provider knows of none. */
  find(transactionId: string): Promise<ProviderPayment | null>
  /** Ends a payment that was not made. Returns how it is afterwards: when it was too late, as it was. */
  cancel(transactionId: string): Promise<ProviderPayment>
  /** Gives money back, once for each `key`. Returns the payment as it is afterwards. */
  refund(order: RefundOrder): Promise<ProviderPayment>
  /** What a webhook says, once its signature has proved who sent it. Throws WebhookRefused otherwise. */
  readWebhook(body: Buffer, headers: Readonly<Record<string, string | undefined>>, now: Date): ProviderNotice
  /** The payment that a notice is about, as it is now; null when it is about none of ours. */
  subjectOf(notice: ProviderNotice): Promise<ProviderPayment | null>
  /** Everything that it has told, or tried to, since a moment, oldest first. */
  noticesSince(since: Date): AsyncIterable<ProviderNotice>
  /** Its books: every payment that was begun between two moments. */
  paymentsBetween(from: Date, to: Date): AsyncIterable<ProviderPayment>
  /** Plain HTTP routes of its own (listed in schema/index.ts), besides the webhook. */
  routes?(app: FastifyInstance): void
  /** Work that it does by itself, until it is closed. Begun once the process serves requests, at this address. */
  start?(ownUrl: string): void
  close?(): Promise<void>
}

export interface PaymentOrder {
  /** The provider does this once for each key. */
  key: string
  paymentId: string
  method: PaymentMethod
  price: Money
  /** What is bought, as people call it. */
  description: string
  /** Until when it can be paid. */
  expiresAt: Date
}

export interface RefundOrder {
  key: string
  refundId: string
  transactionId: string
  price: Money
}

/** A payment as its provider has it. */
export interface ProviderPayment {
  transactionId: string
  /** Our id, as we gave it at the beginning; null for a payment that was not begun by us. */
  paymentId: string | null
  state: 'requires_action' | 'processing' | 'failed' | 'canceled' | 'succeeded'
  /** What it moves, in our minor units (ISO 4217), however the provider counts. */
  price: Money
  clientSecret: string | null
  /** An address, or with a leading slash a path below the platform's own. */
  checkoutUrl: string | null
  failure: { code: string; message: string } | null
  createdAt: Date
  paidAt: Date | null
  refunds: readonly ProviderRefund[]
  disputes: readonly ProviderDispute[]
}

export interface ProviderRefund {
  id: string
  /** Our id; null when it was made elsewhere, as on the provider's own pages. */
  refundId: string | null
  amount: number
  state: 'pending' | 'succeeded' | 'failed'
  at: Date
}

export interface ProviderDispute {
  id: string
  amount: number
  state: 'open' | 'won' | 'lost'
  at: Date
}

/** Something that a provider tells. */
export interface ProviderNotice {
  /** The provider's id of it: told again, it has the same. */
  id: string
  type: string
  at: Date
  /** What it is about, as its provider understands it. */
  subject: string
}

/** The provider has answered, and does not do it: asking the same again is of no use. */
export class ProviderRefused extends Error {
  override name = 'ProviderRefused'
  /** As a word, in the provider's terms. */
  readonly code: string

  constructor(code: string, message: string) {
    super(message)
    this.code = code
  }
}

/** Nobody knows what the provider has done: no answer, a failure, or nonsense. Asking the same again, with its key, is safe. */
export class ProviderUnavailable extends Error {
  override name = 'ProviderUnavailable'
}

/** A webhook that does not prove who sent it, or when. */
export class WebhookRefused extends Error {
  override name = 'WebhookRefused'
}
