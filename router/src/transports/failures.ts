import { errorCodes, type ErrorCode, type SubgraphResult } from '@stellr/kit'
import { Kind, parse } from 'graphql'
import type { SubgraphFetch } from './transport.ts'

/** The subgraph did not answer, or not as a subgraph does. The message is for our log: it may name addresses. */
export class SubgraphFailure extends Error {
  override name = 'SubgraphFailure'
}

/** The subgraph is well but would not take this fetch; says nothing about the next one. */
export class SubgraphRefusal extends Error {
  override name = 'SubgraphRefusal'
}

/** Nobody waits for the answer any more; says nothing about the subgraph's health. */
export class HungUp extends Error {
  override name = 'HungUp'

  constructor() {
    super('the client hung up')
  }
}

/** A stream broke off: what comes next is known only to whoever asks the subgraph again, from a cursor on. */
export class StreamLost extends Error {
  override name = 'StreamLost'
}

/** What the gateway gets when a subgraph is down, slow or broken: one error for each root field that stays empty. */
export function failedResult(service: string, code: ErrorCode, { operation }: Pick<SubgraphFetch, 'operation'>): SubgraphResult {
  const { message } = errorCodes[code]
  return { errors: rootPaths(operation).map((path) => ({ message, path, extensions: { code, message, service } })) }
}

/** Paths are seen from where the gateway puts the answer, which for entities is the entity itself: the empty path. */
function rootPaths(operation: string): string[][] {
  for (const definition of parse(operation, { noLocation: true }).definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    return definition.selectionSet.selections.flatMap((selection) => {
      if (selection.kind !== Kind.FIELD) return []
      return selection.name.value === '_entities' ? [[]] : [[selection.alias?.value ?? selection.name.value]]
    })
  }
  return [[]]
}
