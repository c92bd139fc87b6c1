import { ApolloGateway, type GraphQLDataSource } from '@apollo/gateway'
import { scalars, type Logger } from '@stellr/kit'
import { GraphQLError, isScalarType, OperationTypeNode, type GraphQLSchema } from 'graphql'
import { dataSource } from './data-source.ts'
import type { ErrorFormat } from './errors.ts'
import type { RequestContext } from './request-context.ts'
import { createPlans, type Execution, type GatewayRequest } from './subscriptions/plans.ts'
import { openSubscription } from './subscriptions/subscriptions.ts'
import type { SubgraphTransport } from './transports/transport.ts'

export type Transports = Readonly<Record<string, SubgraphTransport>>

export interface GatewayOptions {
  /** The copy without `for: SECURITY`, which the gateway would refuse. */
  supergraphSdl: string
  transports: Transports
  /** Milliseconds that a subscription waits for a subgraph which is away. */
  subscriptionPatienceMs: number
  /** For the errors of events; those of queries and mutations are formatted by Apollo Server. */
  format: ErrorFormat
  log: Logger
}

/**
 * Apollo's planner and executor over our transports, and subscriptions, which it would refuse: one is not executed but
 * begun, and its stream left in `context.live`. Throws when the supergraph has a subgraph without a transport.
 */
export function openGateway(options: GatewayOptions): ApolloGateway {
  const { supergraphSdl, transports, subscriptionPatienceMs: patienceMs, format, log } = options
  const services: Record<string, GraphQLDataSource<RequestContext>> = {}
  const transportTo = (name: string) => {
    const transport = transports[name]
    if (!transport) throw new Error(`the supergraph has a subgraph ${name}, but no transport leads to it`)
    return transport
  }
  const gateway = new ApolloGateway({
    supergraphSdl,
    logger: log.child({}, { level: 'warn' }),
    // Composition has validated it.
    validateSupergraph: false,
    __exposeQueryPlanExperimental: false,
    buildService: ({ name }) => (services[name] = dataSource(transportTo(name))),
  })
  let schema: GraphQLSchema | null = null
  gateway.onSchemaLoadOrUpdate(({ apiSchema }) => {
    teachScalars(apiSchema)
    schema = apiSchema
  })
  const plans = createPlans(supergraphSdl, () => {
    if (!schema) throw new Error('the gateway has not started')
    return schema
  })
  const begin = (request: GatewayRequest) => {
    const { context } = request
    if (!isOfSocket(context)) throw new Error('only a socket can carry a subscription')
    const plan = plans.of(request.source, request.document, request.request.operationName)
    const transport = transportTo(plan.primary.serviceName)
    context.live.stream = openSubscription({ plan, services, transport, request, context, patienceMs, tidy, format })
  }

  const execute = gateway.executor
  gateway.executor = async (request) => {
    if (request.operation?.operation !== OperationTypeNode.SUBSCRIPTION) return tidy(await execute(request))
    begin(request)
    return { data: {} }
  }
  return gateway
}

/** Apollo's types forget what a request's context is. */
function isOfSocket(context: object): context is Required<RequestContext> {
  return 'live' in context && 'viewer' in context
}

function tidy({ extensions, ...result }: Execution): Execution {
  // A subgraph broke its own schema. The gateway would tell it in an extension and let the response pass for whole.
  const broken: unknown = extensions?.['valueCompletion']
  const errors = Array.isArray(broken) ? broken.filter((error) => error instanceof GraphQLError).map(withoutCode) : result.errors
  // Fetches side by side fail in any order; the same answer should not look different each time.
  return errors ? { ...result, errors: errors.toSorted(byPath) } : result
}

/** A composed schema knows scalars by name only: it would let every literal and variable pass to the subgraphs. */
function teachScalars(schema: GraphQLSchema): void {
  for (const [name, { parseValue, parseLiteral }] of Object.entries(scalars)) {
    const scalar = schema.getType(name)
    if (isScalarType(scalar)) Object.assign(scalar, { parseValue, parseLiteral })
  }
}

const numeric = new Intl.Collator('en', { numeric: true })

function byPath(one: GraphQLError, other: GraphQLError): number {
  return numeric.compare(one.path?.join('.') ?? '', other.path?.join('.') ?? '')
}

/** Without a code of ours it is masked and logged, as every bug is. */
function withoutCode({ message, path }: GraphQLError): GraphQLError {
  return new GraphQLError(message, { path })
}
