import { messageOf, type EventDef } from '@stellr/kit'
import { contractName, events } from '@stellr/schema/events/index'
import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSamples } from '../check/events.ts'
import { top } from '../check/files.ts'
import { messageSchema, type Schema } from './event-schemas.ts'

type Json = null | boolean | number | string | readonly Json[] | { readonly [name: string]: Json }

const folder = join(top, 'schema/events')
const names = events.map(contractName)
const samples = readSamples(top)

test('every event that is exported anywhere in schema/events is registered, once', async () => {
  const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && file !== 'index.ts')
  const modules = await Promise.all(files.map((file): Promise<Record<string, unknown>> => import(join(folder, file))))
  const exported = modules.flatMap((module) => Object.values(module)).filter((value) => isEvent(value))
  expect(exported.length).toBeGreaterThan(0)
  expect(new Set(events)).toEqual(new Set(exported))
  expect(new Set(names).size).toBe(events.length)
})

test('every event has its schema and its samples, and there are no others', () => {
  const nothing = names.map((name) => `${name}.json`).toSorted()
  expect(readdirSync(join(folder, 'schemas')).toSorted()).toEqual(nothing)
  expect(readdirSync(join(folder, 'samples')).toSorted()).toEqual(nothing)
})

test('every event and its topic are described for their readers', () => {
  const silent = events.filter(({ description, topic }) => !description || !topic.description)
  expect(silent.map(contractName)).toEqual([])
})

describe.each(events.map((event) => [contractName(event), event] as const))('%s', (name, event) => {
  const contract = messageOf(event)
  const schema = JSON.parse(readFileSync(join(folder, `schemas/${name}.json`), 'utf8')) as Schema
  const ajv = addFormats.default(new Ajv({ strictTypes: false }))
  const valid = ajv.compile(schema)
  const own = Object.entries(samples[name] ?? {}) as [string, Json][]

  test('its samples are messages of it, read as they are', () => {
    for (const [sample, message] of own) {
      expect(contract.parse(message), sample).toEqual(message)
      expect(valid(message), `${sample}: ${ajv.errorsText(valid.errors)}`).toBe(true)
    }
  })

  test('its schema and its contract accept and refuse the same', () => {
    let refused = 0
    for (const [, message] of own) {
      for (const changed of variationsOf(message)) {
        const accepts = contract.safeParse(changed).success
        if (!accepts) refused += 1
        expect(valid(changed), JSON.stringify(changed)).toBe(accepts)
      }
    }
    expect(refused).toBeGreaterThan(20)
  })
})

// Events that tell the same of their aggregate do it together: one that was paid for had a status before, a new one had none.
const alike = [...Map.groupBy(events, ({ data }) => data).values()]
test.each(alike.map((group) => [group.map(({ type }) => type).join(', '), group] as const))(
  'the samples of %s show every field: with a value and, where it may be, null and missing',
  (_types, group) => {
    const schema = messageSchema(group[0] ?? expect.unreachable('a group is of something'))
    const messages = group.flatMap((event) => Object.values(samples[contractName(event)] ?? {}))
    const shown = new Set(messages.flatMap((message) => waysIn(schema, message as Json, '')))
    const possible = waysOf(schema, '')
    expect(possible.length).toBeGreaterThan(10)
    expect(possible.filter((way) => !shown.has(way))).toEqual([])
  },
)

test('the agreement is not an empty one: a schema that forgets a rule is found out', () => {
  const forgetful = new Ajv({ strictTypes: false }).compile({ type: 'object' })
  const [name = ''] = names
  const contract = messageOf(events[0] ?? expect.unreachable('there are events'))
  const variations = Object.values(samples[name] ?? {}).flatMap((message) => variationsOf(message as Json))
  expect(variations.some((changed) => forgetful(changed) !== contract.safeParse(changed).success)).toBe(true)
})

/** In which ways each field may show: `data.name value`, `data.name null`, `data.name missing`. */
function waysOf(schema: Schema, path: string): string[] {
  return alternativesOf(schema).flatMap((variant) => [
    ...fieldsOf(variant).flatMap(([field, inner]) => {
      const types = alternativesOf(inner).flatMap(({ type }) => type)
      const optional = !listOf<string>(variant['required']).includes(field)
      const at = `${path}.${field}`
      return [
        `${at} value`,
        ...(types.includes('null') ? [`${at} null`] : []),
        ...(optional ? [`${at} missing`] : []),
        ...waysOf(inner, at),
      ]
    }),
    ...(isSchema(variant['items']) ? waysOf(variant['items'], `${path}[]`) : []),
  ])
}

/** In which ways the fields show in a message. */
function waysIn(schema: Schema, value: Json, path: string): string[] {
  return alternativesOf(schema).flatMap((variant) => [
    ...fieldsOf(variant).flatMap(([field, inner]) => {
      if (!isRecord(value)) return []
      const [at, own] = [`${path}.${field}`, value[field]]
      if (own === undefined) return [`${at} missing`]
      return own === null ? [`${at} null`] : [`${at} value`, ...waysIn(inner, own, at)]
    }),
    ...(Array.isArray(value) && isSchema(variant['items'])
      ? value.flatMap((item: Json) => waysIn(variant['items'] as Schema, item, `${path}[]`))
      : []),
  ])
}

function alternativesOf(schema: Schema): readonly Schema[] {
  return [schema, ...listOf<Schema>(schema['anyOf'])]
}

function fieldsOf(schema: Schema): [string, Schema][] {
  return isSchema(schema['properties']) ? Object.entries(schema['properties'] as Record<string, Schema>) : []
}

/** The message with one thing changed at a time, at any depth: left out, of another type, at and over an edge, or unknown. */
function variationsOf(value: Json): Json[] {
  const here: Json[] = [null, true, '', 'something else', 0, -1, 1.5, 5, 6, 10_001, [], {}, [value]]
  if (typeof value === 'string') here.push(`${value} `, value.toLowerCase(), value.toUpperCase(), value.replace('Z', '+02:00'))
  if (Array.isArray(value)) {
    const inside = value.flatMap((item: Json, index) => variationsOf(item).map((other) => value.with(index, other)))
    return [...here, [...value, null], ...inside]
  }
  if (!isRecord(value)) return here
  const inside = Object.entries(value).flatMap(([name, field]) => {
    const { [name]: _left, ...rest } = value
    return [rest, ...variationsOf(field).map((other) => ({ ...value, [name]: other }))]
  })
  return [...here, { ...value, addedlater: { some: 'thing' } }, ...inside]
}

function isEvent(value: unknown): value is EventDef {
  return isSchema(value) && 'type' in value && 'version' in value && 'topic' in value
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function isRecord(value: Json): value is { readonly [name: string]: Json } {
  return isSchema(value)
}

function listOf<T>(value: unknown): readonly T[] {
  return Array.isArray(value) ? value : []
}
