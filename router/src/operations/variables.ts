import type { InputProblem } from '@stellr/kit'
import {
  getNullableType,
  isInputObjectType,
  isInputType,
  isListType,
  isNonNullType,
  isRequiredInputField,
  Kind,
  typeFromAST,
  visit,
  type DocumentNode,
  type GraphQLInputObjectType,
  type GraphQLInputType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql'
import { refusal } from '../errors.ts'
import { expected, missing, unknownField } from './expectations.ts'

const MOST_PROBLEMS = 20

/**
 * A check of what a client sent as variables against what the operation declares. Throws BAD_USER_INPUT (400) with one
 * entry in `details` per problem; its path starts at the argument that the variable is for: `input.email`.
 */
export function createVariableCheck() {
  const paths = new WeakMap<DocumentNode, ReadonlyMap<string, string>>()
  return (operation: OperationDefinitionNode, document: DocumentNode, schema: GraphQLSchema, sent: Record<string, unknown>): void => {
    const definitions = operation.variableDefinitions
    if (!definitions?.length) return
    let known = paths.get(document)
    if (!known) {
      known = argumentPaths(document)
      paths.set(document, known)
    }
    const problems: InputProblem[] = []
    for (const { variable, type: typeNode, defaultValue } of definitions) {
      const name = variable.name.value
      const type = typeFromAST(schema, typeNode)
      const value = Object.hasOwn(sent, name) ? sent[name] : undefined
      if (!isInputType(type) || (value === undefined && (defaultValue || !isNonNullType(type)))) continue
      check(value, type, known.get(name) ?? name, problems)
    }
    if (problems.length > 0) throw refusal('BAD_USER_INPUT', problems.slice(0, MOST_PROBLEMS))
  }
}

function check(value: unknown, type: GraphQLInputType, path: string, problems: InputProblem[]): void {
  if (problems.length >= MOST_PROBLEMS) return
  const wanted = getNullableType(type)
  if (value === null || value === undefined) {
    if (isNonNullType(type)) problems.push(missing(path))
  } else if (isListType(wanted)) {
    // A single value stands for a list of one (GraphQL, section 3.11).
    if (Array.isArray(value)) value.forEach((item: unknown, index) => check(item, wanted.ofType, `${path}.${index}`, problems))
    else check(value, wanted.ofType, path, problems)
  } else if (isInputObjectType(wanted)) {
    checkFields(value, wanted, path, problems)
  } else if (!isNonNullType(wanted) && !accepts(wanted, value)) {
    problems.push(expected(path, wanted))
  }
}

function checkFields(value: unknown, type: GraphQLInputObjectType, path: string, problems: InputProblem[]): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    problems.push(expected(path, type))
    return
  }
  const given = new Map(Object.entries(value))
  const fields = type.getFields()
  if (type.isOneOf && (given.size !== 1 || [...given.values()].includes(null))) problems.push(expected(path, type))
  for (const field of Object.values(fields)) {
    if (given.has(field.name)) check(given.get(field.name), field.type, `${path}.${field.name}`, problems)
    else if (isRequiredInputField(field)) problems.push(missing(`${path}.${field.name}`))
  }
  for (const key of given.keys()) {
    // The key is the client's own text and may be long.
    if (!Object.hasOwn(fields, key)) problems.push(unknownField(`${path}.${key.slice(0, 100)}`, type.name))
  }
}

function accepts(type: { parseValue(value: unknown): unknown }, value: unknown): boolean {
  try {
    return type.parseValue(value) !== undefined
  } catch {
    return false
  }
}

/** Where each variable is used first, as a path from the argument down. */
function argumentPaths(document: DocumentNode): Map<string, string> {
  const found = new Map<string, string>()
  const walk = (value: ValueNode, path: string) => {
    if (value.kind === Kind.VARIABLE && !found.has(value.name.value)) found.set(value.name.value, path)
    if (value.kind === Kind.LIST) value.values.forEach((item, index) => walk(item, `${path}.${index}`))
    if (value.kind === Kind.OBJECT) for (const field of value.fields) walk(field.value, `${path}.${field.name.value}`)
  }
  visit(document, { Argument: ({ name, value }) => walk(value, name.value) })
  return found
}
