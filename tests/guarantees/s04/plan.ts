import {
  getNamedType,
  getNullableType,
  type GraphQLObjectType,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql'
import type { Outcomes, Visit } from './outcomes.ts'

/** One cell line of the matrix: where a field stands in the reply, and what each viewer gets there. */
export interface Row {
  /** `Type.field` */
  field: string
  path: readonly (string | number)[]
  outcomes: Outcomes
}

export interface Reply {
  data?: unknown
  errors?: readonly { path?: readonly (string | number)[]; extensions?: { code?: unknown } }[]
}

/** The operation of a visit, and its rows. Throws when a row names a field that the type does not have. */
export function planVisit(schema: GraphQLSchema, visit: Visit): { text: string; rows: Row[] } {
  const operation = parse(visit.ask.replace('*', '__typename')).definitions[0]
  if (operation?.kind !== Kind.OPERATION_DEFINITION) throw new Error(`no operation: ${visit.ask}`)
  const { type, path, root } = walk(schema, operation)
  const fields = type?.getFields() ?? {}
  const rows = visit.rows.flatMap(([names, outcomes]) =>
    names.split(' ').map((name): Row => {
      if (!fields[name]) throw new Error(`${visit.ask} has a row for ${type?.name}.${name}, which is not in the schema`)
      return { field: `${type?.name}.${name}`, path: [...path, name], outcomes }
    }),
  )
  const selection = rows.map(({ path: at }) => {
    const name = String(at.at(-1))
    return isCompositeType(getNamedType(fields[name]?.type)) ? `${name} { __typename }` : name
  })
  return { text: visit.ask.replace('*', selection.join(' ')), rows: [{ ...root, outcomes: visit.root }, ...rows] }
}

/** Fields that clients see and no row speaks of. */
export function fieldsWithoutRow(schema: GraphQLSchema, rows: readonly Row[]): string[] {
  const known = new Set(rows.map(({ field }) => field))
  return Object.values(schema.getTypeMap())
    .filter((type) => isObjectType(type) && !type.name.startsWith('__'))
    .flatMap((type) => (isObjectType(type) ? Object.keys(type.getFields()).map((name) => `${type.name}.${name}`) : []))
    .filter((field) => !known.has(field))
}

/** What the viewer got at `path`. An error of the field, of what it stands in, or of the whole operation decides. */
export function outcomeAt(path: Row['path'], { data, errors = [] }: Reply): string {
  const error = errors.find(({ path: at = [] }) => at.every((step, index) => step === path[index]))
  if (error) return String(error.extensions?.code)
  const value = path.reduce<unknown>((parent, step) => (isContainer(parent) ? parent[step] : undefined), data)
  return value === null || value === undefined ? 'null' : 'value'
}

/** Follows the one field of each level down to the type whose fields are asked for; null when the root field is all there is. */
function walk(schema: GraphQLSchema, operation: OperationDefinitionNode) {
  let type = schema.getRootType(operation.operation)
  let selections: SelectionSetNode | undefined = operation.selectionSet
  const path: (string | number)[] = []
  let root: Pick<Row, 'field' | 'path'> | undefined
  for (;;) {
    const node: SelectionNode | undefined = selections?.selections[0]
    if (!type || node?.kind !== Kind.FIELD) throw new Error('a visit asks for one field on each level, and for * on the last')
    if (node.name.value === '__typename' && root) return { type, path, root }
    const field = type.getFields()[node.name.value]
    if (!field) throw new Error(`${type.name} has no field ${node.name.value}`)
    path.push(field.name)
    root ??= { field: `${type.name}.${field.name}`, path: [...path] }
    if (!isCompositeType(getNamedType(field.type))) return { type: null, path, root }
    if (isListType(getNullableType(field.type))) path.push(0)
    type = objectType(getNamedType(field.type))
    selections = node.selectionSet
  }
}

function objectType(type: unknown): GraphQLObjectType {
  if (!isObjectType(type)) throw new Error(`not an object type: ${String(type)}`)
  return type
}

function isContainer(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null
}
