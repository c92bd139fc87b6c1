import type { ServiceTools } from '@stellr/kit'
import type { Store } from '../../store.ts'

export type SandboxTools = Pick<ServiceTools<unknown, Store>, 'store' | 'clock' | 'random' | 'log'> & {
  /** Signs webhooks. */
  secret: Uint8Array
}
