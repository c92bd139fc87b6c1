import { Kind, OperationTypeNode, type DocumentNode, type SelectionNode, type SelectionSetNode } from 'graphql'

/**
 * Whether the field of a subscription depends on @skip or @include. GraphQL forbids it since September 2025, as there may be
 * nothing to begin; the rules of graphql-js 16 throw on it instead of saying so.
 */
export function mayHaveNoRoot({ definitions }: DocumentNode): boolean {
  const fragments = new Map(definitions.flatMap((node) => (node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node]] : [])))

  /** Each fragment is opened once, which ends cycles. */
  const isConditional = ({ selections }: SelectionSetNode, opened: Set<string>): boolean =>
    selections.some((selection) => {
      if (hasCondition(selection)) return true
      if (selection.kind === Kind.FIELD) return false
      if (selection.kind === Kind.INLINE_FRAGMENT) return isConditional(selection.selectionSet, opened)
      const fragment = opened.has(selection.name.value) ? undefined : fragments.get(selection.name.value)
      opened.add(selection.name.value)
      return fragment !== undefined && isConditional(fragment.selectionSet, opened)
    })

  return definitions.some(
    (node) =>
      node.kind === Kind.OPERATION_DEFINITION &&
      node.operation === OperationTypeNode.SUBSCRIPTION &&
      isConditional(node.selectionSet, new Set()),
  )
}

function hasCondition({ directives = [] }: SelectionNode): boolean {
  return directives.some(({ name }) => name.value === 'skip' || name.value === 'include')
}
