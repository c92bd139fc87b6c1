import { getNullableType, isEnumType, isInputObjectType, isListType, isNonNullType, type GraphQLInputType } from 'graphql'
import type { InputProblem } from '@stellr/kit'

const scalars: Record<string, string> = {
  Int: 'Expected a whole number from -2147483648 to 2147483647.',
  Float: 'Expected a number.',
  String: 'Expected a string.',
  Boolean: 'Expected true or false.',
  ID: 'Expected a string or a whole number.',
  DateTime: 'Expected a moment as RFC 3339 writes it: 2026-03-01T09:30:00Z.',
  SafeInt: 'Expected a whole number from -(2^53 - 1) to 2^53 - 1.',
  Currency: 'Expected an ISO 4217 code: EUR.',
}

// No message of these repeats the value that was sent: it may be a password, and replies end up in logs.

export function missing(path: string): InputProblem {
  return { path, rule: 'required', message: 'This is required.' }
}

export function unknownField(path: string, typeName: string): InputProblem {
  return { path, rule: 'unrecognized_keys', message: `${typeName} has no such field.` }
}

/** What a place of this type takes instead of what was sent. */
export function expected(path: string, type: GraphQLInputType): InputProblem {
  const wanted = getNullableType(type)
  if (isEnumType(wanted)) {
    return {
      path,
      rule: 'invalid_value',
      message: `Expected one of ${wanted
        .getValues()
        .map((value) => value.name)
        .join(', ')}.`,
    }
  }
  return { path, rule: 'invalid_type', message: messageFor(wanted) }
}

function messageFor(type: GraphQLInputType): string {
  if (isNonNullType(type)) return messageFor(type.ofType)
  if (isListType(type)) return 'Expected a list.'
  if (!isInputObjectType(type)) return scalars[type.name] ?? `Expected a value of type ${type.name}.`
  const fields = Object.keys(type.getFields()).join(', ')
  return type.isOneOf ? `Expected an object with exactly one of the fields ${fields}.` : `Expected an object with the fields ${fields}.`
}
