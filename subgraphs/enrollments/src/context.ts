import type { Backstage as KitBackstage, Context as KitContext, Limiter, Tx as KitTx } from '@stellr/kit'
import type { Store } from './store.ts'

export interface Services {
  limits: Limiter
  /** For how long somebody may take to pay. */
  unpaidAfterMinutes: number
}

export type Context = KitContext<Store, Services>

/** The same without anybody asking: for jobs. */
export type Backstage = KitBackstage<Store, Services>

export type Tx = KitTx<Store>
