import type { ApolloServerPlugin, GraphQLRequestContextWillSendResponse } from '@apollo/server'
import type { Logger } from '@stellr/kit'
import { OperationTypeNode } from 'graphql'
import { refusal } from './errors.ts'
import type { Refusals } from './identity/refusals.ts'
import { operationDuration, operations } from './metrics.ts'
import { describeLiterals } from './operations/literals.ts'
import { createRuleCheck, type Rules } from './operations/rules.ts'
import { createVariableCheck } from './operations/variables.ts'
import type { RequestContext } from './request-context.ts'

/** What happens to an operation between its validation and its plan, in this order, and how it is counted. */
export function pipeline(rules: Rules, refusals: Pick<Refusals, 'add'>, log: Logger): ApolloServerPlugin<RequestContext> {
  const checkRules = createRuleCheck(rules, refusals, log)
  const checkVariables = createVariableCheck()
  const refused = async () => operations.inc({ type: 'unknown', outcome: 'refused' })
  return {
    contextCreationDidFail: refused,
    invalidRequestWasReceived: refused,
    async unexpectedErrorProcessingRequest({ error }) {
      log.error({ err: error }, 'the request pipeline failed')
    },
    async requestDidStart() {
      const startedAt = performance.now()
      return {
        async validationDidStart({ schema, document }) {
          return async (errors) => {
            if (errors) describeLiterals(schema, document, errors)
          }
        },
        async didResolveOperation({ operation, document, schema, request, contextValue }) {
          if (!operation) throw refusal('OPERATION_RESOLUTION_FAILURE')
          if (operation.operation === OperationTypeNode.SUBSCRIPTION && !contextValue.live) throw refusal('SUBSCRIPTION_NEEDS_SOCKET')
          checkRules(operation, document, schema, contextValue.viewer)
          checkVariables(operation, document, schema, request.variables ?? {})
        },
        async willSendResponse(request) {
          const type = request.operation?.operation ?? 'unknown'
          operations.inc({ type, outcome: outcomeOf(request) })
          operationDuration.observe({ type }, (performance.now() - startedAt) / 1000)
        },
      }
    },
  }
}

function outcomeOf({ response: { body } }: GraphQLRequestContextWillSendResponse<RequestContext>): string {
  if (body.kind !== 'single') return 'ok'
  const { data, errors } = body.singleResult
  if (!errors?.length) return 'ok'
  if (data === undefined) return 'refused'
  return data === null ? 'failed' : 'partial'
}
