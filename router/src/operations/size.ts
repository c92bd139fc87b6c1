import { Kind, type DocumentNode, type FragmentDefinitionNode, type SelectionSetNode } from 'graphql'

/** How much an operation asks for, with each fragment counted wherever it is spread. */
export interface OperationSize {
  /** Fields within fields. */
  depth: number
  rootFields: number
  aliases: number
  directives: number
  /** Fragment spreads. */
  spreads: number
  /** Fields. */
  selections: number
}

const nothing: OperationSize = { depth: 0, rootFields: 0, aliases: 0, directives: 0, spreads: 0, selections: 0 }

/**
 * Measures a document that nobody has validated yet: all its operations together, `depth` and `rootFields` of the largest.
 * Each fragment is measured once, so the time is linear in the text even where the expansion would be endless.
 */
export function measure(document: DocumentNode): OperationSize {
  const fragments = new Map<string, FragmentDefinitionNode>()
  for (const definition of document.definitions) {
    if (definition.kind === Kind.FRAGMENT_DEFINITION) fragments.set(definition.name.value, definition)
  }
  const measured = new Map<string, OperationSize>()

  const sizeOfFragment = (name: string): OperationSize => {
    const known = measured.get(name)
    if (known) return known
    const fragment = fragments.get(name)
    if (!fragment) return nothing
    // While it is being measured a fragment counts nothing, which ends cycles; validation refuses them.
    measured.set(name, nothing)
    const size = sizeOf(fragment.selectionSet)
    const complete = { ...size, directives: size.directives + (fragment.directives?.length ?? 0) }
    measured.set(name, complete)
    return complete
  }

  const sizeOf = ({ selections }: SelectionSetNode): OperationSize => {
    const total = { ...nothing }
    for (const selection of selections) {
      total.directives += selection.directives?.length ?? 0
      if (selection.kind === Kind.FIELD) {
        const inner = selection.selectionSet ? sizeOf(selection.selectionSet) : nothing
        addTo(total, inner)
        total.depth = Math.max(total.depth, inner.depth + 1)
        total.rootFields += 1
        total.selections += 1
        if (selection.alias) total.aliases += 1
        continue
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) total.spreads += 1
      const inner = selection.kind === Kind.FRAGMENT_SPREAD ? sizeOfFragment(selection.name.value) : sizeOf(selection.selectionSet)
      addTo(total, inner)
      total.depth = Math.max(total.depth, inner.depth)
      total.rootFields += inner.rootFields
    }
    return total
  }

  const whole = { ...nothing }
  for (const definition of document.definitions) {
    if (definition.kind !== Kind.OPERATION_DEFINITION) continue
    const size = sizeOf(definition.selectionSet)
    addTo(whole, size)
    whole.directives += definition.directives?.length ?? 0
    whole.depth = Math.max(whole.depth, size.depth)
    whole.rootFields = Math.max(whole.rootFields, size.rootFields)
  }
  return whole
}

function addTo(total: OperationSize, inner: OperationSize): void {
  total.aliases += inner.aliases
  total.directives += inner.directives
  total.spreads += inner.spreads
  total.selections += inner.selections
}
