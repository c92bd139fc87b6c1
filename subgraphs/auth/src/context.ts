import type { Backstage as KitBackstage, Context as KitContext, Tx as KitTx } from '@stellr/kit'
import type { Services } from './services.ts'
import type { Store } from './store.ts'

/** What every use case of auth gets. */
export type Context = KitContext<Store, Services>

/** The same without anybody asking: for jobs and commands. */
export type Backstage = KitBackstage<Store, Services>

export type Tx = KitTx<Store>
