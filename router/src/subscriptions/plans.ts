import { operationFromDocument, Supergraph } from '@apollo/federation-internals'
import { buildOperationContext, executeQueryPlan, type ServiceMap } from '@apollo/gateway'
import { QueryPlanner, type FetchNode, type QueryPlan } from '@apollo/query-planner'
import { createBoundedCache } from '@stellr/kit'
import type { DocumentNode, GraphQLError, GraphQLSchema } from 'graphql'

type ExecuteParameters = Parameters<typeof executeQueryPlan>
type OperationContext = ExecuteParameters[3]

/** What the gateway knows of an operation. */
export type GatewayRequest = ExecuteParameters[2]

/** What one event, or one query, comes to before its errors are formatted. */
export interface Execution {
  data?: Record<string, unknown> | null
  errors?: readonly GraphQLError[]
  extensions?: Record<string, unknown>
}

/** How a subscription is served. */
export interface SubscriptionPlan {
  /** What its one subgraph is subscribed to. */
  primary: FetchNode
  /** Runs for each event: `services` must answer the primary fetch with the event. */
  complete(services: ServiceMap, request: GatewayRequest): Promise<Execution>
}

export interface SubscriptionPlans {
  /** The plan of the one subscription in a validated document; planned once per text. */
  of(source: string, document: DocumentNode, operationName: string | undefined): SubscriptionPlan
}

const MOST_PLANS = 1000
/** Longer texts are planned each time: remembering them would let a stranger fill memory. */
const LONGEST_REMEMBERED = 16_384

/**
 * Plans subscriptions with Apollo's planner, which the gateway has too but keeps to itself. Made when the first one comes: it
 * takes a moment and some megabytes. `schema` is the one that the gateway serves.
 */
export function createPlans(supergraphSdl: string, schema: () => GraphQLSchema): SubscriptionPlans {
  const plans = createBoundedCache<string, SubscriptionPlan>(MOST_PLANS)
  let parts: ReturnType<typeof build> | null = null

  const planOf = (document: DocumentNode, operationName: string | undefined): SubscriptionPlan => {
    const { planner, apiSchema, supergraphSchema } = (parts ??= build(supergraphSdl))
    const { node } = planner.buildQueryPlan(operationFromDocument(apiSchema, document, { operationName }))
    if (node?.kind !== 'Subscription') throw new Error(`a subscription was planned as ${node?.kind}`)
    const { primary, rest } = node
    const perEvent: QueryPlan = { kind: 'QueryPlan', node: { kind: 'Sequence', nodes: rest ? [primary, rest] : [primary] } }
    const context: OperationContext = buildOperationContext({ schema: schema(), operationDocument: document, operationName })
    return {
      primary,
      complete: (services, request) => executeQueryPlan(perEvent, services, request, context, supergraphSchema, apiSchema),
    }
  }
  return {
    of(source, document, operationName) {
      const key = `${operationName ?? ''}\n${source}`
      const known = plans.get(key)
      if (known) return known
      const plan = planOf(document, operationName)
      if (source.length <= LONGEST_REMEMBERED) plans.set(key, plan)
      return plan
    },
  }
}

function build(supergraphSdl: string) {
  const supergraph = Supergraph.build(supergraphSdl, { validateSupergraph: false })
  return {
    planner: new QueryPlanner(supergraph),
    apiSchema: supergraph.apiSchema(),
    supergraphSchema: supergraph.schema.toGraphQLJSSchema(),
  }
}
