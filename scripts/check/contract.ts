import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import {
  astFromValue,
  buildSchema,
  DangerousChangeType,
  findBreakingChanges,
  findDangerousChanges,
  type GraphQLInputField,
  type GraphQLSchema,
  isInputObjectType,
  print,
} from 'graphql'
import type { Step } from '../generate/steps.ts'

export const apiFile = 'schema/api.graphql'
/** The API as clients were last promised it: it grows by itself and shrinks only by `pnpm contract:accept`. */
export const releasedFile = 'schema/released.graphql'

/** Everything in `after` that an operation or a client written for `before` may trip over, one line each. */
export function findBreaks(before: string, after: string): string[] {
  const [old, next] = [buildSchema(before), buildSchema(after)]
  const changes = [
    ...findBreakingChanges(old, next),
    // The others of the dangerous kind (a new enum value, a new optional argument) are how an API grows.
    ...findDangerousChanges(old, next).filter(({ type }) => type === DangerousChangeType.ARG_DEFAULT_VALUE_CHANGE),
  ]
  return [...changes.map(({ description }) => description), ...changedInputDefaults(old, next)].toSorted()
}

/** Breaks of the last promise that nobody has owned up to. */
export function findUnsaidBreaks(root: string): string[] {
  return findBreaks(readFileSync(join(root, releasedFile), 'utf8'), readFileSync(join(root, apiFile), 'utf8'))
}

/** Keeps the promise in step with an API that only grows. A break leaves it as it is, for `pnpm check` to find. */
export const released: Step = {
  name: releasedFile,
  inputs: [apiFile, 'scripts/check/contract.ts'],
  outputs: [releasedFile],
  async run(root) {
    const api = readFileSync(join(root, apiFile), 'utf8')
    const promised = readOr(join(root, releasedFile), api)
    return { [releasedFile]: findBreaks(promised, api).length === 0 ? api : promised }
  },
}

function changedInputDefaults(old: GraphQLSchema, next: GraphQLSchema): string[] {
  return Object.values(old.getTypeMap())
    .filter(isInputObjectType)
    .flatMap((type) => {
      const now = next.getType(type.name)
      if (!isInputObjectType(now)) return []
      const fields = now.getFields()
      return Object.values(type.getFields()).flatMap((field) => {
        const other = fields[field.name]
        if (!other || defaultOf(field) === defaultOf(other)) return []
        return [`${type.name}.${field.name} has changed its default from ${defaultOf(field)} to ${defaultOf(other)}.`]
      })
    })
}

function defaultOf(field: GraphQLInputField): string {
  const value = field.defaultValue === undefined ? null : astFromValue(field.defaultValue, field.type)
  return value ? print(value) : 'nothing'
}

function readOr(file: string, otherwise: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return otherwise
  }
}
