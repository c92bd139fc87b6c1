import type { SubgraphTransport } from '../transports/transport.ts'

/** Asks auth something on the router's own behalf. Rejects when auth does not answer or refuses. */
export type AskAuth = (operation: string, variables: Record<string, unknown>) => Promise<unknown>

const viewer = { kind: 'service', name: 'router' } as const
const caller = { ipAddress: null, userAgent: null }

export function askThrough(transport: SubgraphTransport): AskAuth {
  const { signal } = new AbortController()
  return async (operation, variables) => {
    const kind = operation.startsWith('mutation') ? 'mutation' : 'query'
    const { data, errors } = await transport.execute({ operation, variables, kind, viewer, caller, signal })
    if (errors?.length) throw new Error(`auth answered: ${errors.map((error) => error.message).join(' ')}`)
    return data
  }
}
