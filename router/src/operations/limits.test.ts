import { DomainError } from '@stellr/kit'
import { getIntrospectionQuery } from 'graphql'
import { expect, test } from 'vitest'
import { routerConfig } from '../settings.ts'
import { createLimits } from './limits.ts'

const limits = { tokens: 2000, depth: 4, rootFields: 3, aliases: 3, directives: 3, spreads: 4, selections: 20 }
const check = createLimits(limits)

function refused(text: string, by = check): unknown {
  try {
    by(text)
  } catch (error) {
    if (error instanceof DomainError) return { code: error.code, details: error.details }
    throw error
  }
  return null
}

const found = (limit: keyof typeof limits, value: number) => ({
  code: 'OPERATION_TOO_LARGE',
  details: { limit, allowed: limits[limit], found: value },
})

test('an operation within the limits passes, again and again', () => {
  const text = '{ a { b { c { d } } } }'
  expect([refused(text), refused(text)]).toEqual([null, null])
})

test.each([
  ['{ a { b { c { d { e } } } } }', found('depth', 5)],
  ['{ a { ...F } } fragment F on T { b { c { ... on U { d { e } } } } }', found('depth', 5)],
  ['{ a b ...F } fragment F on Query { c d }', found('rootFields', 4)],
  ['{ a { p: b q: b } ...F } fragment F on Query { x { p: b q: b } }', found('aliases', 4)],
  ['{ a @x ... @x { b @x @x } }', found('directives', 4)],
  ['{ a { ...F ...F } } fragment F on T { ...G ...G } fragment G on T { b }', found('spreads', 6)],
  ['{ a { ...F ...F } } fragment F on T { a b c d e f g h i j }', found('selections', 21)],
  ['query A { a b c d } query B { a }', found('rootFields', 4)],
])('%s is refused', (text, expected) => {
  expect(refused(text)).toEqual(expected)
})

test('a text of too many tokens is not even read to its end', () => {
  expect(refused(`{ ${'a '.repeat(2000)} }`)).toEqual({
    code: 'OPERATION_TOO_LARGE',
    details: { limit: 'tokens', allowed: 2000 },
  })
})

test('cycles of fragments end, and what is not GraphQL is left to be refused by others', () => {
  expect(refused('{ ...A } fragment A on T { ...B } fragment B on T { ...A }')).toBeNull()
  expect(refused('{ ...A } fragment A on T { a { ...A } }')).toBeNull()
  expect(refused('{ ...Nowhere }')).toBeNull()
  expect(refused('{ "a" }')).toBeNull()
  expect(refused('')).toBeNull()
})

test('fragments that double a hundred times are counted, not expanded', () => {
  const wide = createLimits({ ...limits, tokens: 10_000 })
  const chain = Array.from({ length: 100 }, (_, i) => `fragment F${i} on T { ...F${i + 1} ...F${i + 1} }`).join(' ')
  const text = `{ a { ...F0 } } ${chain} fragment F100 on T { b }`
  const startedAt = performance.now()
  expect(refused(text, wide)).toMatchObject({ details: { limit: 'spreads', found: Number.MAX_SAFE_INTEGER } })
  expect(performance.now() - startedAt).toBeLessThan(50)
})

test('nesting is refused however deep it goes', () => {
  const deep = createLimits({ ...limits, tokens: 200_000 })
  expect(refused(`${'{ a '.repeat(600)}${'}'.repeat(600)}`, deep)).toMatchObject({ details: { limit: 'depth', found: 600 } })
  expect(refused(`${'{ a '.repeat(50_000)}${'}'.repeat(50_000)}`, deep)).toMatchObject({ details: { limit: 'depth' } })
})

test('by default, tools may introspect', () => {
  const { maxTokens, maxDepth, maxRootFields, maxAliases, maxDirectives, maxSpreads, maxSelections } = routerConfig.parse({})
  const byDefault = createLimits({
    tokens: maxTokens,
    depth: maxDepth,
    rootFields: maxRootFields,
    aliases: maxAliases,
    directives: maxDirectives,
    spreads: maxSpreads,
    selections: maxSelections,
  })
  const everything = {
    descriptions: true,
    specifiedByUrl: true,
    directiveIsRepeatable: true,
    schemaDescription: true,
    inputValueDeprecation: true,
    oneOf: true,
  }
  expect(refused(getIntrospectionQuery(everything), byDefault)).toBeNull()
})
