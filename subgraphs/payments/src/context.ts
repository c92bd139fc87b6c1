import type { Backstage as KitBackstage, Context as KitContext, Limiter, Tx as KitTx } from '@stellr/kit'
import type { Provider } from './providers/provider.ts'
import type { Store } from './store.ts'

export interface Services {
  limits: Limiter
  /** The one that new payments go to. */
  provider: Provider
  /** Each one that payments may have gone to, by its name. */
  providers: Readonly<Record<string, Provider>>
  rules: Rules
  /** Who issues receipts, in lines. */
  receiptIssuer: readonly string[]
  /** Signs the addresses of receipts. */
  receiptKey: Uint8Array
}

/** What an operator sets. */
export interface Rules {
  /** After how long the provider is asked about a payment of which it has told nothing; twice as long each time. */
  checkSeconds: number
  /** For how long a payment can be paid. */
  payableMinutes: number
  /** For how many days after paying learners may ask for the money back. */
  refundDays: number
  /** From which part of the course on a learner may not any more. */
  refundBelowBasisPoints: number
}

export type Context = KitContext<Store, Services>

/** The same without anybody asking: for jobs and webhooks. */
export type Backstage = KitBackstage<Store, Services>

export type Tx = KitTx<Store>
