import { createBoundedCache } from '@stellr/kit'
import { GraphQLError, parse } from 'graphql'
import { refusal } from '../errors.ts'
import { mayHaveNoRoot } from './conditions.ts'
import { measure, type OperationSize } from './size.ts'

/** The largest operation that is run. */
export interface OperationLimits extends OperationSize {
  /** Words and signs of the text. */
  tokens: number
}

const MOST_REMEMBERED = 2000
/** Longer texts are measured each time: remembering them would let a stranger fill memory. */
const LONGEST_REMEMBERED = 16_384
const CONDITIONAL = 'The field of a subscription must not depend on @skip or @include.'

/**
 * A check to run before an operation is validated, because validation itself can take seconds on a hostile one, or throw. Throws
 * OPERATION_TOO_LARGE with details { limit, allowed, found }, and GRAPHQL_VALIDATION_FAILED for a subscription that may have no
 * field. What is not GraphQL passes: Apollo Server says it better.
 */
export function createLimits(limits: OperationLimits): (text: string) => void {
  const accepted = createBoundedCache<string, true>(MOST_REMEMBERED)
  return (text) => {
    if (accepted.get(text)) return
    const seen = look(text, limits)
    if (!seen) return
    const { size } = seen
    for (const limit of ['depth', 'rootFields', 'aliases', 'directives', 'spreads', 'selections'] as const) {
      if (size[limit] <= limits[limit]) continue
      throw refusal('OPERATION_TOO_LARGE', { limit, allowed: limits[limit], found: Math.min(size[limit], Number.MAX_SAFE_INTEGER) })
    }
    if (seen.mayHaveNoRoot) throw refusal('GRAPHQL_VALIDATION_FAILED', undefined, {}, CONDITIONAL)
    if (text.length <= LONGEST_REMEMBERED) accepted.set(text, true)
  }
}

/** What there is to say of a text; null when it is not GraphQL. */
function look(text: string, { tokens, depth }: OperationLimits): { size: OperationSize; mayHaveNoRoot: boolean } | null {
  try {
    const document = parse(text, { noLocation: true, maxTokens: tokens })
    return { size: measure(document), mayHaveNoRoot: mayHaveNoRoot(document) }
  } catch (error) {
    // The parser descends with the text, so a very deep one ends at the end of the stack.
    if (error instanceof RangeError) throw refusal('OPERATION_TOO_LARGE', { limit: 'depth', allowed: depth })
    if (!(error instanceof GraphQLError)) throw error
    if (error.message.includes('Parsing aborted')) throw refusal('OPERATION_TOO_LARGE', { limit: 'tokens', allowed: tokens })
    return null
  }
}
