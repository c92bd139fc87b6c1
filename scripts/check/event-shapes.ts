import { isDeepStrictEqual } from 'node:util'
import type { Schema } from '../generate/event-schemas.ts'

/**
 * Everything in which a message of `next` may surprise a reader who knows `old`, or a message of `old` a reader who knows
 * `next`, one line each. Readers pass over fields that they do not know, so a field that may be missing can be added anywhere;
 * whatever was known must stay as it was.
 */
export function findShapeBreaks(old: Schema, next: Schema, at = ''): string[] {
  const [before, after] = [variantsOf(old), variantsOf(next)]
  const [couldBeNull, canBeNull] = [before, after].map((variants) => variants.some(isNull))
  const [was, is] = [before, after].map((variants) => variants.filter((variant) => !isNull(variant)))
  return [
    ...(canBeNull && !couldBeNull ? [`${at} may be null now: yesterday’s consumers refuse that.`] : []),
    ...(couldBeNull && !canBeNull ? [`${at} may not be null any more: in yesterday’s events it is.`] : []),
    ...compareVariants(was ?? [], is ?? [], at),
  ]
}

function compareVariants(before: readonly Schema[], after: readonly Schema[], at: string): string[] {
  const [old, next] = [before[0], after[0]]
  if (old && next && before.length === 1 && after.length === 1) return compare(old, next, at)
  const [was, is] = [before, after].map((variants) => variants.map((variant) => JSON.stringify(variant)).toSorted())
  return isDeepStrictEqual(was, is) ? [] : [`${at} was ${was?.join(' or ')} and is ${is?.join(' or ')} now.`]
}

function compare(old: Schema, next: Schema, at: string): string[] {
  if (old['type'] !== next['type']) return [`${at} was of type ${String(old['type'])} and is of type ${String(next['type'])} now.`]
  const others = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((keyword) => !judged.has(keyword))
  return [
    ...compareProperties(old, next, at),
    ...compareNested(old, next, 'items', `${at}[]`),
    ...compareNested(old, next, 'additionalProperties', `${at}.*`),
    ...compareEnums(old, next, at),
    ...others.flatMap((keyword) =>
      isDeepStrictEqual(old[keyword], next[keyword])
        ? []
        : [`${at} has another ${keyword}: ${shown(old[keyword])} before, ${shown(next[keyword])} now.`],
    ),
  ]
}

/** What is compared by itself, and what tells people something and readers nothing. */
const judged = new Set(['properties', 'required', 'items', 'additionalProperties', 'enum', 'description', 'title', '$schema'])

function compareProperties(old: Schema, next: Schema, at: string): string[] {
  const [was, is] = [propertiesOf(old), propertiesOf(next)]
  const [wasRequired, isRequired] = [requiredOf(old), requiredOf(next)]
  const pathOf = (name: string) => (at === '' ? name : `${at}.${name}`)
  const known = Object.entries(was).flatMap(([name, schema]) => {
    const now = is[name]
    if (!schema) return []
    if (!now) return [`${pathOf(name)} was removed: yesterday’s consumers read it.`]
    return [
      ...(wasRequired.has(name) && !isRequired.has(name) ? [`${pathOf(name)} may be missing now: yesterday’s consumers refuse that.`] : []),
      ...(isRequired.has(name) && !wasRequired.has(name)
        ? [`${pathOf(name)} is required now: in yesterday’s events it may be missing.`]
        : []),
      ...findShapeBreaks(schema, now, pathOf(name)),
    ]
  })
  const added = Object.keys(is).filter((name) => !was[name] && isRequired.has(name))
  return [...known, ...added.map((name) => `${pathOf(name)} is new and required: yesterday’s events lack it, so let it be optional.`)]
}

function compareNested(old: Schema, next: Schema, keyword: string, at: string): string[] {
  const [was, is] = [old[keyword], next[keyword]]
  if (isSchema(was) && isSchema(is)) return findShapeBreaks(was, is, at)
  return isDeepStrictEqual(was, is) ? [] : [`${at} was ${shown(was)} and is ${shown(is)} now.`]
}

function compareEnums(old: Schema, next: Schema, at: string): string[] {
  const [was, is] = [valuesOf(old), valuesOf(next)]
  if (!was && !is) return []
  if (!was || !is) return [`${at} was ${shown(was)} and is ${shown(is)} now.`]
  const [added, removed] = [is.filter((value) => !was.includes(value)), was.filter((value) => !is.includes(value))]
  return [
    ...added.map((value) => `${at} may be ${String(value)} now: yesterday’s consumers do not know it.`),
    ...removed.map((value) => `${at} cannot be ${String(value)} any more: in yesterday’s events it is.`),
  ]
}

/** What a value may be, one schema for each alternative. */
function variantsOf(schema: Schema): readonly Schema[] {
  const { anyOf, type, ...rest } = schema
  if (Array.isArray(anyOf)) return anyOf.filter(isSchema).flatMap(variantsOf)
  if (Array.isArray(type)) return type.map((one: unknown) => ({ type: one, ...rest }))
  return [schema]
}

function isNull(schema: Schema): boolean {
  return schema['type'] === 'null'
}

function propertiesOf(schema: Schema): Record<string, Schema | undefined> {
  return isSchema(schema['properties']) ? (schema['properties'] as Record<string, Schema>) : {}
}

function requiredOf(schema: Schema): Set<unknown> {
  return new Set(valuesOf(schema, 'required'))
}

function valuesOf(schema: Schema, keyword = 'enum'): readonly unknown[] | undefined {
  const values = schema[keyword]
  return Array.isArray(values) ? values : undefined
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function shown(value: unknown): string {
  return value === undefined ? 'anything' : JSON.stringify(value)
}
