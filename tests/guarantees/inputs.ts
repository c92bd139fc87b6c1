import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  parse,
  print,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'
import type { Input } from './classroom.ts'

export interface Mutation {
  name: string
  input: GraphQLInputObjectType
}

const read = (file: string) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8')

/** What clients see. */
export const schema = buildSchema(read('api.graphql'))

/** Every mutation that clients see. */
export const mutations: readonly Mutation[] = Object.values(schema.getMutationType()?.getFields() ?? {}).map(({ name, args }) => {
  const input = getNamedType(args[0]?.type)
  if (args.length !== 1 || args[0]?.name !== 'input' || !isInputObjectType(input)) throw new Error(`${name} does not take one input`)
  return { name, input }
})

/** The mutations that the schema keeps for those who have a scope. */
export function mutationsFor(scope: string): string[] {
  return parse(read('supergraph.graphql')).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Mutation') return []
    const isKept = (directives = '') => directives.includes('@requiresScopes') && directives.includes(`"${scope}"`)
    return (definition.fields ?? []).filter(({ directives }) => isKept(directives?.map(print).join(' '))).map(({ name }) => name.value)
  })
}

/** One object of an input, and the whole input with that object changed. */
export interface Target {
  type: GraphQLInputObjectType
  value: Input
  /** Where it stands, as the platform's errors name it: `input.price`. */
  path: string
  with(extra: Input): Input
}

/** Every object in an input, itself first, also those in lists. Throws where one that the type could hold is not given. */
export function objectsIn(type: GraphQLInputObjectType, value: Input, path = 'input'): Target[] {
  const nested = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type)
    if (!isInputObjectType(inner)) return []
    const given = value[field.name]
    const items = isListType(getNullableType(field.type)) ? list(given) : [given]
    const objects = items.flatMap((item, index) => (isObject(item) ? [{ item, index }] : []))
    if (objects.length === 0) throw new Error(`give ${type.name}.${field.name} an object to try`)
    return objects.flatMap(({ item, index }) => {
      const at = `${path}.${field.name}${Array.isArray(given) ? `.${index}` : ''}`
      return objectsIn(inner, item, at).map((found) => ({
        ...found,
        with: (extra: Input) => {
          const changed = found.with(extra)
          return { ...value, [field.name]: Array.isArray(given) ? given.with(index, changed) : changed }
        },
      }))
    })
  })
  return [{ type, value, path, with: (extra) => ({ ...value, ...extra }) }, ...nested]
}

/** The input as it is written into an operation. Fields that the type does not have are written by what they hold. */
export function literal(value: unknown, type?: GraphQLInputType): string {
  if (Array.isArray(value)) return `[${value.map((item) => literal(item, type && getNamedType(type))).join(', ')}]`
  const named = type && getNamedType(type)
  if (isObject(value)) {
    const fields = isInputObjectType(named) ? named.getFields() : {}
    return `{ ${Object.entries(value)
      .map(([name, given]) => `${name}: ${literal(given, fields[name]?.type)}`)
      .join(', ')} }`
  }
  return isEnumType(named) ? String(value) : JSON.stringify(value)
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function isObject(value: unknown): value is Input {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
