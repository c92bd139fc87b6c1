import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { scalars, type Logger, type SubgraphResult } from '@stellr/kit'
import { GraphQLError, isScalarType, type GraphQLSchema } from 'graphql'
import { fetchDuration } from './metrics.ts'
import type { RequestContext } from './request-context.ts'
import type { SubgraphTransport } from './transports/transport.ts'

export type Transports = Readonly<Record<string, SubgraphTransport>>

type Process = GraphQLDataSource<RequestContext>['process']

/** Never aborted: a mutation runs to its end whether or not the client still listens. */
const { signal: never } = new AbortController()

/**
 * Apollo's planner and executor over our transports. Throws when the supergraph has a subgraph without a transport.
 * `supergraphSdl` is the copy without `for: SECURITY`, which the gateway would refuse.
 */
export function openGateway(supergraphSdl: string, transports: Transports, log: Logger): ApolloGateway {
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: log.child({}, { level: 'warn' }),
    // Composition has validated it.
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => {
      const transport = transports[name]
      if (!transport) throw new Error(`the supergraph has a subgraph ${name}, but no transport leads to it`)
      return dataSource(transport)
    },
  })
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => teachScalars(apiSchema))
  const execute = gateway.executor
  gateway.executor = async (request) => {
    const { extensions, ...result } = await execute(request)
    // A subgraph broke its own schema. The gateway would tell it in an extension and let the response pass for whole.
    const broken: unknown = extensions?.['valueCompletion']
    const errors = Array.isArray(broken) ? broken.filter((error) => error instanceof GraphQLError).map(withoutCode) : result.errors
    // Fetches side by side fail in any order; the same answer should not look different each time.
    return errors ? { ...result, errors: errors.toSorted(byPath) } : result
  }
  return gateway
}

/** A composed schema knows scalars by name only: it would let every literal and variable pass to the subgraphs. */
function teachScalars(schema: GraphQLSchema): void {
  for (const [name, { parseValue, parseLiteral }] of Object.entries(scalars)) {
    const scalar = schema.getType(name)
    if (isScalarType(scalar)) Object.assign(scalar, { parseValue, parseLiteral })
  }
}

function dataSource(transport: SubgraphTransport): GraphQLDataSource<RequestContext> {
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
    return {
      data: isRecord(result.data) ? result.data : null,
      ...(result.errors && { errors: result.errors.map((error) => ({ ...error })) }),
    }
  }
  return { process }
}

function outcomeOf({ errors }: SubgraphResult): string {
  if (!errors?.length) return 'ok'
  return errors.some((error) => error.extensions?.['code'] === 'SERVICE_UNAVAILABLE') ? 'unavailable' : 'errors'
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}

const numeric = new Intl.Collator('en', { numeric: true })

function byPath(one: GraphQLError, other: GraphQLError): number {
  return numeric.compare(one.path?.join('.') ?? '', other.path?.join('.') ?? '')
}

/** Without a code of ours it is masked and logged, as every bug is. */
function withoutCode({ message, path }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { path })
}
