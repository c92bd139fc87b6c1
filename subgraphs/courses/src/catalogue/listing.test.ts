import { systemRandom } from '@stellr/kit'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openCatalogue, type Asked, type Catalogue, type CourseFacts } from '../testing/catalogue.ts'

let catalogue: Catalogue
let ids: string[]
let tagId: string
const [category, instructorId] = [systemRandom.id(), systemRandom.id()]
// More than a page looks ahead, with few different keys, so that most neighbors tie.
const facts = Array.from({ length: 640 }, (_, n): CourseFacts => {
  const stars = n % 7 === 0 ? undefined : 1 + (n % 5)
  return {
    title: n % 4 === 0 ? 'Common knitting' : `Common ${n % 64 === 1 ? 'rarity' : 'sewing'}`,
    description: 'Needles',
    amount: 100 * (n % 3),
    ...(stars !== undefined && { stars }),
    learners: n % 6,
    publishedAt: `2026-01-0${1 + (n % 4)}T00:00:00.000Z`,
    difficulty: n % 32 === 5 ? 'ADVANCED' : 'BEGINNER',
    categoryId: n % 2 === 0 ? category : null,
    instructorId,
  }
})
beforeAll(async () => {
  catalogue = await openCatalogue()
  await catalogue.sql(`INSERT INTO category VALUES ($1, 'category', 'Category', now(), now())`, [category])
  ids = await catalogue.add(...facts, { title: 'Common draft', status: 'DRAFT' }, { title: 'Common archive', status: 'ARCHIVED' })
  ids.length = facts.length
  tagId = await catalogue.tagId('Tagged')
  await catalogue.sql(`INSERT INTO course_tag (course_id, tag_id) SELECT id, $1 FROM course WHERE learner_count IN (1, 3)`, [tagId])
  await catalogue.sql('ANALYZE')
})
afterAll(() => catalogue.stop())

/** Every id of a list, page by page. */
async function all(asked: Asked): Promise<string[]> {
  const seen: string[] = []
  let after: string | null = null
  do {
    const { data, errors } = await catalogue.courses({ first: 50, ...asked, after })
    if (errors.length > 0) throw new Error(JSON.stringify(errors))
    seen.push(...data.courses.edges.map((edge: { node: { id: string } }) => edge.node.id))
    after = data.courses.pageInfo.hasNextPage ? data.courses.pageInfo.endCursor : null
  } while (after)
  return seen
}

const sorts = {
  NEWEST: (n: number) => -Date.parse(facts[n]?.publishedAt ?? ''),
  RATING: (n: number) => -(facts[n]?.stars ?? -1),
  POPULARITY: (n: number) => -(facts[n]?.learners ?? 0),
  PRICE: (n: number) => facts[n]?.amount ?? 0,
}

/** The ids of those courses in an order, ties by id: the latest first, but for the price. */
function expected(sort: keyof typeof sorts, wanted: (n: number) => boolean): string[] {
  const chosen = [...facts.keys()].filter(wanted)
  const tie = (a: string, b: string) => (sort === 'PRICE' ? 1 : -1) * (a < b ? -1 : 1)
  return chosen.toSorted((a, b) => sorts[sort](a) - sorts[sort](b) || tie(ids[a] ?? '', ids[b] ?? '')).map((n) => ids[n] ?? '')
}

describe.each(Object.keys(sorts) as (keyof typeof sorts)[])('sorted by %s', (sort) => {
  test.each([
    ['all', {}, () => true],
    ['a common word', { search: 'common' }, () => true],
    ['a word of some', { search: 'knitting' }, (n: number) => n % 4 === 0],
    ['a rare word', { search: 'rarity' }, (n: number) => n % 64 === 1],
    ['a common filter', { filter: { free: false } }, (n: number) => n % 3 !== 0],
    ['a rare filter', { filter: { difficulties: ['ADVANCED'] } }, (n: number) => n % 32 === 5],
    ['a category', { filter: { categoryIds: [category] } }, (n: number) => n % 2 === 0],
    ['an instructor', { filter: { instructorId } }, () => true],
    ['both', { search: 'common', filter: { difficulties: ['ADVANCED'], free: true } }, (n: number) => n % 32 === 5 && n % 3 === 0],
  ] as const)('%s: each course once, ties and all, to the end', async (_what, asked, wanted) => {
    expect(await all({ ...asked, sort })).toEqual(expected(sort, wanted))
  })

  test('by a tag: each course once', async () => {
    const tagged = (n: number) => [1, 3].includes(n % 6)
    expect(await all({ filter: { tagIds: [tagId] }, sort, first: 7 })).toEqual(expected(sort, tagged))
    expect(await all({ filter: { tagIds: [tagId], categoryIds: [category] }, search: 'common', sort })).toEqual([])
  })

  test('a page of any size begins where the one before ended', async () => {
    expect(await all({ filter: { difficulties: ['ADVANCED'] }, sort, first: 3 })).toEqual(expected(sort, (n) => n % 32 === 5))
  })
})

test.each(['common', 'knitting', 'rarity', 'needles'])('RELEVANCE lists every match of %s once', async (search) => {
  const seen = await all({ search, sort: 'RELEVANCE' })
  const matches = await all({ search, sort: 'NEWEST' })
  expect(new Set(seen).size).toBe(seen.length)
  expect(seen.toSorted()).toEqual(matches.toSorted())
})

test('NEWEST is the order without a search, RELEVANCE the one with it', async () => {
  expect(await catalogue.titles({ first: 50 })).toEqual(await catalogue.titles({ first: 50, sort: 'NEWEST' }))
  const idsOf = async (asked: Asked) => (await catalogue.courses({ first: 50, ...asked })).data.courses.edges
  expect(await idsOf({ search: 'common' })).toEqual(await idsOf({ search: 'common', sort: 'RELEVANCE' }))
  expect(await idsOf({ search: ' ', sort: 'NEWEST' })).toEqual(await idsOf({}))
})

test.each([undefined, '', '  '])('RELEVANCE with %j to look for is refused', async (search) => {
  const { codes, errors } = await catalogue.courses({ ...(search !== undefined && { search }), sort: 'RELEVANCE' })
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: 'sort' }])
})

test.each([
  [0, 0],
  [1, 1],
  [50, 50],
  [null, 20],
])('first: %s gives %i', async (first, count) => {
  const { data } = await catalogue.courses({ first })
  expect(data.courses.edges).toHaveLength(count)
  expect(data.courses.pageInfo.hasNextPage).toBe(true)
})

test.each([-1, 51, 2 ** 31 - 1])('first: %i is refused', async (first) => {
  expect((await catalogue.courses({ first })).codes).toEqual(['BAD_USER_INPUT'])
  expect((await catalogue.courses({ first, search: 'common' })).codes).toEqual(['BAD_USER_INPUT'])
})

test('a cursor goes on in the list it is of, whatever way that list is asked for', async () => {
  const { data } = await catalogue.courses({ search: 'Common  KNITTING', filter: { difficulties: ['ADVANCED', 'BEGINNER'] }, first: 1 })
  const after = data.courses.pageInfo.endCursor
  const next = await catalogue.courses({
    search: 'common knitting',
    filter: { difficulties: ['BEGINNER', 'ADVANCED', 'BEGINNER'] },
    first: 1,
    after,
  })
  expect(next.data.courses.edges).toHaveLength(1)
  expect(next.data.courses.edges[0].node.id).not.toBe(data.courses.edges[0].node.id)
})

test.each([
  ['search', { search: 'knitting', filter: { free: false }, sort: 'PRICE' }],
  ['filter', { search: 'common', filter: { free: true }, sort: 'PRICE' }],
  ['missing filter', { search: 'common', sort: 'PRICE' }],
  ['sort', { search: 'common', filter: { free: false }, sort: 'POPULARITY' }],
])('a cursor of another %s is refused', async (_what, asked) => {
  const { data } = await catalogue.courses({ search: 'common', filter: { free: false }, sort: 'PRICE', first: 1 })
  const { codes, errors } = await catalogue.courses({ ...asked, after: data.courses.pageInfo.endCursor })
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: 'after' }])
})

const uuid = '01890000-0000-7000-8000-000000000000'
test.each([
  ['NEWEST', ['0000-01-01T00:00:00Z', uuid]],
  ['NEWEST', ['2026-02-30T00:00:00Z', uuid]],
  ['NEWEST', ['infinity', uuid]],
  ['NEWEST', [1, uuid]],
  ['RATING', [2 ** 31, uuid]],
  ['POPULARITY', [1.5, uuid]],
  ['PRICE', ['1; DROP TABLE course', uuid]],
  ['PRICE', [1, 'x']],
  ['PRICE', [1]],
  ['PRICE', null],
])('a cursor that is made up, knowing the name of the list, is refused: %s %j', async (sort, key) => {
  const { data } = await catalogue.courses({ sort, first: 1 })
  const [name] = JSON.parse(Buffer.from(data.courses.pageInfo.endCursor, 'base64url').toString())
  const after = Buffer.from(JSON.stringify([name, key])).toString('base64url')
  expect((await catalogue.courses({ sort, after })).codes).toEqual(['BAD_USER_INPUT'])
})

test.each(['', 'xyz', '%00', 'A'.repeat(5000)])('a cursor that is %j is refused', async (after) => {
  expect((await catalogue.courses({ after })).codes).toEqual(['BAD_USER_INPUT'])
})
