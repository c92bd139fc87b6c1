import type { Context as KitContext, Limiter, Tx as KitTx } from '@stellr/kit'
import type { Facets } from './catalogue/facets.ts'
import type { Recent } from './catalogue/recent.ts'
import type { Store } from './store.ts'

/** What every use case of courses gets. */
export type Context = KitContext<Store, { limits: Limiter; facets: Recent<Facets> }>

export type Tx = KitTx<Store>
