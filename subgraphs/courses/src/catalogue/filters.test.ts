import { systemRandom } from '@stellr/kit'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openCatalogue, type Catalogue, type CourseFacts } from '../testing/catalogue.ts'

const FACETS = `edges { node { title } } facets { total capped free paid
  categories { category { id name } count } tags { tag { name } count } difficulties { difficulty count } }`

const instructors = Array.from({ length: 5 }, () => systemRandom.id())
const difficulties = ['BEGINNER', 'INTERMEDIATE', 'ADVANCED'] as const
let catalogue: Catalogue
let categories: string[]
let facts: CourseFacts[]
let tagIds: Record<string, string>

beforeAll(async () => {
  catalogue = await openCatalogue()
  categories = [await catalogue.category('Arts'), await catalogue.category('Science'), await catalogue.category('Empty')]
  facts = Array.from({ length: 120 }, (_, n) => ({
    title: `${n % 2 === 0 ? 'Even' : 'Odd'} course ${n}`,
    categoryId: n % 5 === 0 ? null : (categories[n % 2] ?? null),
    instructorId: instructors[n % 5] ?? '',
    difficulty: difficulties[n % 3] ?? 'BEGINNER',
    amount: n % 4 === 0 ? 0 : n * 10,
    currency: n % 3 === 0 ? 'USD' : 'EUR',
    tags: ['alpha', 'beta', 'gamma'].filter((_tag, t) => n % (t + 2) === 0),
    status: n % 10 === 9 ? (n % 20 === 9 ? 'DRAFT' : 'ARCHIVED') : 'PUBLISHED',
  }))
  await catalogue.add(...facts)
  tagIds = { alpha: await catalogue.tagId('alpha'), beta: await catalogue.tagId('beta') }
})
afterAll(() => catalogue.stop())

/** What a filter says, checked on every course, by no index at all. */
function passes(course: CourseFacts, filter: Record<string, unknown>, search?: string): boolean {
  const { categoryIds, tagIds: wantedTags, difficulties: levels, instructorId, free, maxPrice } = filter
  const given = (list: unknown): list is string[] => Array.isArray(list) && list.length > 0
  const price = maxPrice as { amount: number; currency: string } | undefined
  const amount = course.amount ?? 0
  return (
    course.status === 'PUBLISHED' &&
    (search === undefined || (course.title ?? '').toLowerCase().includes(search)) &&
    (!given(categoryIds) || categoryIds.includes(course.categoryId ?? '')) &&
    (!given(wantedTags) || (course.tags ?? []).some((tag) => wantedTags.includes(tagIds[tag] ?? ''))) &&
    (!given(levels) || levels.includes(course.difficulty ?? '')) &&
    (instructorId == null || course.instructorId === instructorId) &&
    (free == null || (amount === 0) === free) &&
    (!price || amount === 0 || (course.currency === price.currency && amount <= price.amount))
  )
}

function counted(courses: readonly CourseFacts[]) {
  const times = (keys: readonly (string | null | undefined)[]) => {
    const groups = Object.entries(
      Object.groupBy(
        keys.filter((key) => key != null),
        (key) => key,
      ),
    )
    return groups
      .map(([key, found]) => ({ key, count: found?.length ?? 0 }))
      .toSorted((a, b) => b.count - a.count || (a.key < b.key ? -1 : 1))
  }
  const free = courses.filter(({ amount }) => amount === 0).length
  const names = ['Arts', 'Science', 'Empty']
  return {
    total: courses.length,
    capped: false,
    free,
    paid: courses.length - free,
    categories: times(courses.map(({ categoryId }) => names[categories.indexOf(categoryId ?? '')])),
    tags: times(courses.flatMap(({ tags = [] }) => tags)),
    difficulties: times(courses.map(({ difficulty }) => difficulty)).toSorted(
      (a, b) => difficulties.indexOf(a.key as never) - difficulties.indexOf(b.key as never),
    ),
  }
}

const cases: [string, () => Record<string, unknown>, string?][] = [
  ['nothing', () => ({})],
  ['one category', () => ({ categoryIds: [categories[0]] })],
  ['two categories', () => ({ categoryIds: [categories[0], categories[1]] })],
  ['a category without courses', () => ({ categoryIds: [categories[2]] })],
  ['one tag', () => ({ tagIds: [tagIds['beta']] })],
  ['two tags', () => ({ tagIds: [tagIds['alpha'], tagIds['beta']] })],
  ['difficulties', () => ({ difficulties: ['ADVANCED', 'BEGINNER'] })],
  ['an instructor', () => ({ instructorId: instructors[2] })],
  ['free', () => ({ free: true })],
  ['paid', () => ({ free: false })],
  ['a price', () => ({ maxPrice: { amount: 500, currency: 'EUR' } })],
  ['a price of nothing', () => ({ maxPrice: { amount: 0, currency: 'USD' } })],
  ['a price of those that cost something', () => ({ maxPrice: { amount: 500, currency: 'USD' }, free: false })],
  ['empty lists', () => ({ categoryIds: [], tagIds: [], difficulties: [] })],
  ['nulls', () => ({ categoryIds: null, instructorId: null, free: null, maxPrice: null })],
  ['ids that are none', () => ({ categoryIds: ['x', "'; DROP TABLE course"] })],
  ['one id that is none', () => ({ tagIds: ['x', tagIds['beta']] })],
  ['an instructor that is none', () => ({ instructorId: '\u0000' })],
  ['everything', () => ({ categoryIds: [categories[0]], tagIds: [tagIds['alpha']], difficulties: ['BEGINNER'], free: false, maxPrice: { amount: 900, currency: 'USD' } })],
  ['a search', () => ({}), 'odd'],
  ['a search and filters', () => ({ free: false, difficulties: ['INTERMEDIATE'], categoryIds: [categories[0]] }), 'even'],
] // prettier-ignore

test.each(cases)('filtered by %s: the very courses, and facets that are what counting them gives', async (_what, filter, search) => {
  const chosen = facts.filter((course) => passes(course, filter(), search))
  for (const sort of ['NEWEST', 'PRICE']) {
    const asked = { filter: filter(), sort, first: 50, ...(search !== undefined && { search }) }
    const { data, errors } = await catalogue.courses(asked, `${FACETS} pageInfo { hasNextPage endCursor }`)
    expect(errors).toEqual([])
    const { edges, facets, pageInfo } = data.courses
    const titles = edges.map((edge: { node: { title: string } }) => edge.node.title)
    while (titles.length < chosen.length && titles.length % 50 === 0 && titles.length > 0) {
      const next = await catalogue.courses({ ...asked, after: pageInfo.endCursor })
      titles.push(...next.data.courses.edges.map((edge: { node: { title: string } }) => edge.node.title))
      pageInfo.endCursor = next.data.courses.pageInfo.endCursor
    }
    expect(titles.toSorted()).toEqual(chosen.map(({ title }) => title).toSorted())
    const keyed = (rows: { count: number }[], key: (row: never) => string) =>
      rows.map((row) => ({ key: key(row as never), count: row.count }))
    expect({
      ...facets,
      categories: keyed(facets.categories, ({ category }: { category: { name: string } }) => category.name),
      tags: keyed(facets.tags, ({ tag }: { tag: { name: string } }) => tag.name),
      difficulties: keyed(facets.difficulties, ({ difficulty }: { difficulty: string }) => difficulty),
    }).toEqual(counted(chosen))
  }
})

test.each([
  ['categoryIds', { categoryIds: Array.from({ length: 51 }, () => systemRandom.id()) }],
  ['tagIds', { tagIds: Array.from({ length: 51 }, () => 'x') }],
  ['maxPrice', { maxPrice: { amount: -1, currency: 'EUR' } }],
  ['maxPrice', { maxPrice: { amount: 100_000_001, currency: 'EUR' } }],
])('a filter by %s beyond its bounds is refused, and says where', async (field, filter) => {
  const { codes, errors } = await catalogue.courses({ filter })
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: expect.stringContaining(`filter.${field}`) }])
})

test('facets are counted for those who ask for them, over what a mistyped search was taken for, and kept for a while', async () => {
  const kept = await openCatalogue({ facetsKeptSeconds: 3600 })
  try {
    await kept.add({ title: 'Origami' })
    const total = async (search?: string) =>
      (await kept.courses({ ...(search !== undefined && { search }) }, FACETS)).data.courses.facets.total
    expect(await total('orgiami')).toBe(1)
    await kept.add({ title: 'Origami' })
    expect(await total('ORIGAMI')).toBe(1)
    expect(await total()).toBe(2)
  } finally {
    await kept.stop()
  }
})

test('more than 10,000 courses are not counted', async () => {
  const large = await openCatalogue()
  try {
    await large.add({ title: 'One', tags: ['only'] })
    await large.sql(
      `INSERT INTO course (id, slug, title, description, instructor_id, price_amount, price_currency, status, published_version, published_at, created_at, updated_at)
       SELECT gen_random_uuid(), gen_random_uuid(), 'x', '', gen_random_uuid(), 100, 'EUR', 'PUBLISHED', 1, now(), now(), now() FROM generate_series(1, 10000)`,
    )
    expect((await large.courses({}, FACETS)).data.courses.facets).toMatchObject({ total: 10_000, capped: true })
    expect((await large.courses({ filter: { free: false } }, FACETS)).data.courses.facets).toMatchObject({
      total: 10_000,
      capped: false,
      paid: 10_000,
    })
  } finally {
    await large.stop()
  }
})
