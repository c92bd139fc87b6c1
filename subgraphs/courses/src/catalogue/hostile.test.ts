import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCatalogue, type Catalogue } from '../testing/catalogue.ts'

let catalogue: Catalogue
beforeAll(async () => {
  catalogue = await openCatalogue()
  await catalogue.add(
    { title: 'Design', description: "It's a (very) good course: 100% & more" },
    { title: 'שלום עולם' },
    { title: '日本語入門' },
  )
})
afterAll(() => catalogue.stop())

test.each([
  ["design'; DROP TABLE course; --", []],
  ["'", []],
  ["''design''", ['Design']],
  ['"design', ['Design']],
  ['\\', []],
  ["design\\'", ['Design']],
  ["\\'design", ['Design']],
  ['design & ! | ( ) : * <-> <2>', []],
  ['design:*', ['Design']],
  ['design:A', ['Design']],
  ['!design', ['Design']],
  ['(design', ['Design']],
  ['design |', ['Design']],
  ['$1 $$ design', []],
  ['%design%', ['Design']],
  ['_esign', []],
  ['design\u0000', ['Design']],
  ['\u0000', []],
  ['design \ud800', ['Design']],
  ['\udfff', []],
  ['🦄', []],
  ['design 🦄🏳️‍🌈', ['Design']],
  ['\u202edesign', ['Design']],
  ['שלום', ['שלום עולם']],
  ['日本', ['日本語入門']],
  ['...', []],
  ['!?&|()', []],
  ['\u200b', []],
  ['x'.repeat(200), []],
  ['design '.repeat(28), ['Design']],
  ['a b c d e f g h i j k l m n o p q r s t u v w x y z'.repeat(3), []],
  ['\u0301'.repeat(200), []],
  ['ﷺ'.repeat(200), []],
  ['__proto__', []],
  ['100%', ['Design']],
])('searching %j neither fails nor finds what it should not', async (search, titles) => {
  for (const sort of ['RELEVANCE', 'NEWEST', 'PRICE']) {
    const { data, errors } = await catalogue.courses({ search, sort }, 'edges { node { title } } facets { total } correctedSearch')
    expect(errors).toEqual([])
    const found = data.courses.edges.map((edge: { node: { title: string } }) => edge.node.title)
    if (data.courses.correctedSearch === null) expect(found).toEqual(titles)
    expect(data.courses.facets.total).toBe(found.length)
  }
})

test.each(['', ' ', '\t\n', '\u00a0\u3000'])('searching %j, which is blank, is no search', async (search) => {
  expect(await catalogue.titles({ search })).toHaveLength(3)
})

test('a search of more than 200 characters is refused, and says where', async () => {
  const { codes, errors } = await catalogue.courses({ search: 'x'.repeat(201) })
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: 'search', rule: 'too_big' }])
})

test('hostile titles, descriptions and tags are indexed as the words that they hold', async () => {
  const title = `O'Brien's "quoted" \\ back:slash & 'x':1A | \u202e🦄`
  await catalogue.add({ title, description: "'':* \\\\' <-> ".repeat(500), tags: ["it's:1A"] })
  for (const search of ['brien', 'quoted slash', '1A']) {
    expect(await catalogue.titles({ search })).toEqual([title])
  }
})
