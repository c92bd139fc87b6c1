import type { InputProblem } from '@stellr/kit'
import {
  GraphQLError,
  isNonNullType,
  isValueNode,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLInputType,
  type GraphQLSchema,
} from 'graphql'
import { expected, missing, unknownField } from './expectations.ts'

interface Place {
  path: string
  type: GraphQLInputType | undefined
  parentTypeName: string
}

/**
 * Finds the validation errors that are about input written into the operation, and puts `details` of the same shape as a
 * wrong variable gets into their extensions. Errors about anything else stay as they are.
 */
export function describeLiterals(schema: GraphQLSchema, document: DocumentNode, errors: readonly Error[]): void {
  const places = locate(schema, document)
  for (const error of errors) {
    if (!(error instanceof GraphQLError)) continue
    const problem = problemOf(error, places)
    if (problem) error.extensions['details'] = [problem]
  }
}

function problemOf({ nodes, message }: GraphQLError, places: ReadonlyMap<ASTNode, Place>): InputProblem | null {
  const node = nodes?.[0]
  if (!node) return null
  const argument = /argument "(\w+)" of type "[^"]+" is required/.exec(message)?.[1]
  if (argument !== undefined) return missing(argument)
  const place = places.get(node)
  if (!place) return null
  if (node.kind === Kind.OBJECT_FIELD) return unknownField(place.path, place.parentTypeName)
  const field = /^Field "\w+\.(\w+)" of required type/.exec(message)?.[1]
  if (field !== undefined) return missing(`${place.path}.${field}`)
  if (!place.type) return null
  return node.kind === Kind.NULL && isNonNullType(place.type) ? missing(place.path) : expected(place.path, place.type)
}

/** Where each literal and each field of an input object stands, as a path from the argument (or variable) down. */
function locate(schema: GraphQLSchema, document: DocumentNode): Map<ASTNode, Place> {
  const places = new Map<ASTNode, Place>()
  const typeInfo = new TypeInfo(schema)
  const path: string[] = []
  const isItem = (key: string | number | undefined, ancestors: readonly (ASTNode | readonly ASTNode[])[]) => {
    const owner = ancestors.at(-1)
    return typeof key === 'number' && owner !== undefined && 'kind' in owner && owner.kind === Kind.LIST
  }
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      enter(node, key, _parent, _path, ancestors) {
        if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD) path.push(node.name.value)
        if (node.kind === Kind.VARIABLE_DEFINITION) path.push(node.variable.name.value)
        if (isItem(key, ancestors)) path.push(String(key))
        if (!isValueNode(node) && node.kind !== Kind.OBJECT_FIELD) return
        const parent = typeInfo.getParentInputType()
        places.set(node, {
          path: path.join('.'),
          type: typeInfo.getInputType() ?? undefined,
          parentTypeName: parent ? String(parent) : 'This type',
        })
      },
      leave(node, key, _parent, _path, ancestors) {
        if (node.kind === Kind.ARGUMENT || node.kind === Kind.OBJECT_FIELD || node.kind === Kind.VARIABLE_DEFINITION) path.pop()
        if (isItem(key, ancestors)) path.pop()
      },
    }),
  )
  return places
}
