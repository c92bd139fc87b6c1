// Placeholder by the lead so that types hold: SANDBOX replaces this file (keep the name and the exported function).
import type { ServiceTools } from '@stellr/kit'
import type { Store } from '../../store.ts'
import type { Provider } from '../provider.ts'

export type SandboxTools = Pick<ServiceTools<unknown, Store>, 'store' | 'clock' | 'random' | 'log'> & { secret: Uint8Array }

export function createSandbox(_tools: SandboxTools): Provider {
  throw new Error('not yet')
}
