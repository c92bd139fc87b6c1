import type { Context as KitContext, Limiter } from '@stellr/kit'
import type { Store } from './store.ts'

export type Context = KitContext<Store, { limits: Limiter }>
