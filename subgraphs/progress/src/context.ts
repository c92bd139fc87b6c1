import type { Context as KitContext, Limiter, Tx as KitTx } from '@stellr/kit'
import type { Store } from './store.ts'

export type Context = KitContext<Store, { limits: Limiter }>

export type Tx = KitTx<Store>
