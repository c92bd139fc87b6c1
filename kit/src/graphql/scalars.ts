import { GraphQLError, GraphQLScalarType, Kind, valueFromASTUntyped } from 'graphql'
import { z } from 'zod'
import { isCurrency } from '../money.ts'

const moment = z.iso.datetime({ offset: true })

/** A moment in UTC, RFC 3339. Leaves as a string, so that results are the same plain JSON in memory and over HTTP. */
export const DateTime = new GraphQLScalarType<string, string>({
  name: 'DateTime',
  serialize: (value) => parseMoment(value instanceof Date ? value.toISOString() : value),
  parseValue: parseMoment,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('DateTime is a string: 2026-03-01T09:30:00Z', { nodes: node })
    return parseMoment(node.value)
  },
})

/** A whole number that JavaScript holds exactly: from -(2^53 - 1) to 2^53 - 1. For money in minor units, and bytes. */
export const SafeInt = new GraphQLScalarType<number, number>({
  name: 'SafeInt',
  serialize: (value) => parseSafeInt(typeof value === 'bigint' ? Number(value) : value),
  parseValue: parseSafeInt,
  parseLiteral: (node) => {
    if (node.kind !== Kind.INT) throw new GraphQLError('SafeInt is a whole number', { nodes: node })
    return parseSafeInt(Number(valueFromASTUntyped(node)))
  },
})

/** A currency by its ISO 4217 code. */
export const Currency = new GraphQLScalarType<string, string>({
  name: 'Currency',
  serialize: parseCurrency,
  parseValue: parseCurrency,
  parseLiteral: (node) => {
    if (node.kind !== Kind.STRING) throw new GraphQLError('Currency is a string: "EUR"', { nodes: node })
    return parseCurrency(node.value)
  },
})

/** The custom scalars that every subgraph may use, by name. */
export const scalars: Readonly<Record<string, GraphQLScalarType>> = { DateTime, SafeInt, Currency }

function parseMoment(value: unknown): string {
  const parsed = moment.safeParse(value)
  if (!parsed.success) throw new GraphQLError('DateTime is written as RFC 3339: 2026-03-01T09:30:00Z')
  return new Date(parsed.data).toISOString()
}

function parseSafeInt(value: unknown): number {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new GraphQLError('SafeInt is a whole number within 2^53 - 1')
  return value
}

function parseCurrency(value: unknown): string {
  if (typeof value !== 'string' || !isCurrency(value)) throw new GraphQLError('Currency is an ISO 4217 code: EUR')
  return value
}
