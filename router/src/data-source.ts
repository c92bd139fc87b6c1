import type { GraphQLDataSource } from '@apollo/gateway'
import type { SubgraphResult } from '@stellr/kit'
import { fetchDuration } from './metrics.ts'
import type { RequestContext } from './request-context.ts'
import type { SubgraphTransport } from './transports/transport.ts'

type Process = GraphQLDataSource<RequestContext>['process']

/** Never aborted: a mutation runs to its end whether or not the client still listens. */
const { signal: never } = new AbortController()

/** A subgraph as the gateway asks it, for whoever the operation is. */
export function dataSource(transport: SubgraphTransport): GraphQLDataSource<RequestContext> {
  const process: Process = async (options) => {
    if (!('incomingRequestContext' in options)) throw new Error(`not part of an operation: ${options.kind}`)
    const { request, incomingRequestContext } = options
    const { context } = incomingRequestContext
    const { viewer, caller, signal } = context
    const operation = request.query ?? ''
    const kind = operation.startsWith('mutation') ? 'mutation' : 'query'
    const finish = fetchDuration.startTimer({ subgraph: transport.name })
    const result = await transport.execute({
      operation,
      operationName: request.operationName,
      variables: request.variables ?? {},
      kind,
      viewer,
      caller,
      signal: kind === 'mutation' ? never : signal,
    })
    finish({ outcome: outcomeOf(result) })
    const signedIn = result.extensions?.signedIn
    // Whoever registers or signs in sees their own account in the very same answer. Of no other domain is this believed.
    if (signedIn && transport.name === 'auth' && kind === 'mutation') context.viewer = signedIn
    return asResponse(result)
  }
  return { process }
}

/** An answer as the gateway takes it. */
export function asResponse({ data, errors }: SubgraphResult): Awaited<ReturnType<Process>> {
  return { data: isRecord(data) ? data : null, ...(errors && { errors: errors.map((error) => ({ ...error })) }) }
}

function outcomeOf({ errors }: SubgraphResult): string {
  if (!errors?.length) return 'ok'
  return errors.some((error) => error.extensions?.['code'] === 'SERVICE_UNAVAILABLE') ? 'unavailable' : 'errors'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
