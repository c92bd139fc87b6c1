import {
  buildSchema,
  getNamedType,
  isObjectType,
  Kind,
  parse,
  type FieldNode,
  type GraphQLObjectType,
  type OperationDefinitionNode,
} from 'graphql'
import { supergraphSdl } from '../../schema/index.ts'

const schema = buildSchema(supergraphSdl(), { assumeValid: true })

/** Every value in an answer, by its path: `me.enrollments.edges.0.node.id`. */
export function leavesOf(value: unknown, path: readonly string[] = [], found = new Map<string, unknown>()): Map<string, unknown> {
  if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) leavesOf(inner, [...path, key], found)
  } else if (value !== null && value !== undefined) {
    found.set(path.join('.'), value)
  }
  return found
}

/** The domains without which a value cannot be: of each field on the way the one domain that has it. */
export function ownersOfPath(text: string, path: string): string[] {
  const operation = parse(text).definitions.find(
    (definition): definition is OperationDefinitionNode => definition.kind === Kind.OPERATION_DEFINITION,
  )
  if (!operation) throw new Error('there is no operation')
  let type: GraphQLObjectType | null | undefined = schema.getRootType(operation.operation)
  let selections = operation.selectionSet
  const owners = new Set<string>()
  for (const step of path.split('.')) {
    if (/^\d+$/.test(step)) continue
    const node = selections.selections.find(
      (selection): selection is FieldNode => selection.kind === Kind.FIELD && selection.name.value === step,
    )
    const field = type?.getFields()[step]
    if (!type || !node || !field) throw new Error(`${path} is not in the operation`)
    const graphs = graphsOf(type, step)
    if (graphs.length === 1 && graphs[0] !== undefined) owners.add(graphs[0])
    const next = getNamedType(field.type)
    type = isObjectType(next) ? next : null
    selections = node.selectionSet ?? selections
  }
  return [...owners]
}

// A field names its subgraphs where not all that have the type have the field.
function graphsOf(type: GraphQLObjectType, field: string): string[] {
  const own = type.getFields()[field]?.astNode?.directives ?? []
  const named = own.filter(({ name }) => name.value === 'join__field')
  const declaring = named.length > 0 ? named : (type.astNode?.directives ?? []).filter(({ name }) => name.value === 'join__type')
  return declaring.flatMap(({ arguments: given }) => {
    const graph = given?.find(({ name }) => name.value === 'graph')?.value
    return graph?.kind === Kind.ENUM ? [graph.value.toLowerCase()] : []
  })
}
