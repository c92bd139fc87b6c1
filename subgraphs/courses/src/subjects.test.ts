import { anonymous, systemRandom } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const admin = viewerOf('ADMIN')
const teacher = viewerOf('INSTRUCTOR')
const tag = async (name: string): Promise<string> => (await school.done('createTag', { name }, 'tag { id }', admin)).tag.id
const category = async (name: string): Promise<string> =>
  (await school.done('createCategory', { name }, 'category { id }', admin)).category.id

async function deeds(subjectId: string) {
  const rows = await school.sql<{ data: object }>(
    `SELECT event -> 'data' AS data FROM stellr.outbox WHERE topic = 'audit' AND event -> 'data' ->> 'subjectId' = $1 ORDER BY seq`,
    [subjectId],
  )
  return rows.map(({ data }) => data)
}

test('categories and tags are listed by name, to everybody', async () => {
  for (const name of ['Zoology', 'Algebra']) await category(name)
  for (const name of ['zebras', 'apes']) await tag(name)
  const { data } = await school.ask('{ categories { name slug } tags { name } }')
  expect(data.categories).toEqual([
    { name: 'Algebra', slug: 'algebra' },
    { name: 'Zoology', slug: 'zoology' },
  ])
  expect(data.tags).toEqual([{ name: 'apes' }, { name: 'zebras' }])
})

test('a name is given once, in whatever case and however its accents are written', async () => {
  const createdTag = await tag('Café')
  const other = await tag('Bar')
  for (const name of ['Café', 'CAFÉ', 'Cafe\u0301', ' café ']) {
    const { codes, errors } = await school.change('createTag', { name }, 'tag { id }', admin)
    expect(codes).toEqual(['CONFLICT'])
    expect(errors[0]?.extensions?.['details']).toMatchObject({ name: expect.stringMatching(/^caf/i) })
    expect((await school.change('updateTag', { tagId: other, name }, 'tag { id }', admin)).codes).toEqual(['CONFLICT'])
  }
  expect((await school.done('updateTag', { tagId: createdTag, name: 'CAFÉ' }, 'tag { name }', admin)).tag.name).toBe('CAFÉ')
  await category('Music')
  const arts = await category('Arts')
  expect((await school.change('createCategory', { name: 'MUSIC' }, 'category { id }', admin)).codes).toEqual(['CONFLICT'])
  expect((await school.change('updateCategory', { categoryId: arts, name: 'music' }, 'category { id }', admin)).codes).toEqual(['CONFLICT'])
})

test('of many who create one name at once, one does', async () => {
  const create = () => school.change('createCategory', { name: 'Once' }, 'category { id }', admin)
  const codes = (await Promise.all(Array.from({ length: 10 }, create))).flatMap((reply) => reply.codes)
  expect(codes).toEqual(Array.from({ length: 9 }, () => 'CONFLICT'))
})

test('a category’s slug is made from its name, or chosen; what is taken is named', async () => {
  const create = (input: object) => school.change('createCategory', input, 'category { slug }', admin)
  expect((await create({ name: 'C++' })).data.category.slug).toBe('category-c')
  expect((await create({ name: 'C#' })).data.category.slug).toMatch(/^category-c-[0-9a-f]{6}$/)
  expect((await create({ name: '音楽' })).data.category.slug).toBe('category')
  expect((await create({ name: 'Film', slug: 'cinema' })).data.category.slug).toBe('cinema')
  const taken = await create({ name: 'Movies', slug: 'cinema' })
  expect(taken.errors[0]?.extensions).toMatchObject({ code: 'CONFLICT', details: { slug: 'cinema' } })
})

test('what an administrator does to them is told to the audit log; what fails is not', async () => {
  const id = await category('Chess')
  const actor = { actorId: admin.id, actorRole: 'ADMIN', subjectId: id, subjectType: 'Category', outcome: 'DONE', count: 1 }
  await school.done('updateCategory', { categoryId: id, name: 'Board games' }, 'category { name slug }', admin)
  expect((await school.change('updateCategory', { categoryId: id, slug: 'no slug!' }, 'category { id }', admin)).codes).toEqual([
    'BAD_USER_INPUT',
  ])
  await school.done('deleteCategory', { categoryId: id }, 'deletedId', admin)
  expect(await deeds(id)).toEqual([
    { ...actor, action: 'createCategory', before: null, after: { name: 'Chess', slug: 'chess' } },
    { ...actor, action: 'updateCategory', before: { name: 'Chess', slug: 'chess' }, after: { name: 'Board games', slug: 'chess' } },
    { ...actor, action: 'deleteCategory', before: { name: 'Board games', slug: 'chess' }, after: null },
  ])
  const tagId = await tag('rooks')
  await school.done('updateTag', { tagId, name: 'knights' }, 'tag { id }', admin)
  await school.done('deleteTag', { tagId }, 'deletedId', admin)
  expect(await deeds(tagId)).toMatchObject([
    { action: 'createTag', before: null, after: { name: 'rooks' } },
    { action: 'updateTag', before: { name: 'rooks' }, after: { name: 'knights' } },
    { action: 'deleteTag', before: { name: 'knights' }, after: null },
  ])
})

test('a category with courses stays; without them it goes', async () => {
  const id = await category('Baking')
  const course = await school.draft(teacher, { categoryId: id })
  expect((await school.change('deleteCategory', { categoryId: id }, 'deletedId', admin)).codes).toEqual(['CONFLICT'])
  await school.done('updateCourse', { courseId: course.id, categoryId: null }, 'course { id }', teacher)
  expect(await school.done('deleteCategory', { categoryId: id }, 'deletedId', admin)).toEqual({ deletedId: id })
  expect((await school.change('deleteCategory', { categoryId: id }, 'deletedId', admin)).codes).toEqual(['NOT_FOUND'])
})

test('a category that goes at the moment a course is put into it leaves no course without one', async () => {
  for (let round = 0; round < 10; round += 1) {
    const id = await category(`Round ${round}`)
    const course = await school.draft(teacher)
    const [put, gone] = await Promise.all([
      school.change('updateCourse', { courseId: course.id, categoryId: id }, 'course { id }', teacher),
      school.change('deleteCategory', { categoryId: id }, 'deletedId', admin),
    ])
    expect([put.codes.join() || 'put', gone.codes.join() || 'gone'].toSorted().join()).toMatch(/^(BAD_USER_INPUT,gone|CONFLICT,put)$/)
  }
})

test('a course’s tags are replaced as a whole; a deleted tag is gone from every course', async () => {
  const [one, two, three] = [await tag('one'), await tag('two'), await tag('three')]
  const { id, teacher: owner } = await school.published()
  const set = async (tagIds: string[]) =>
    (await school.done('setCourseTags', { courseId: id, tagIds }, 'course { tags { name } }', owner)).course.tags.map(
      ({ name }: { name: string }) => name,
    )
  expect(await set([two, one, two])).toEqual(['one', 'two'])
  expect(await set([three, one])).toEqual(['one', 'three'])
  await school.done('deleteTag', { tagId: one }, 'deletedId', admin)
  await school.done('updateTag', { tagId: three, name: '3' }, 'tag { id }', admin)
  expect((await school.ask('query ($id: ID) { course(id: $id) { tags { name } } }', { id })).data.course.tags).toEqual([{ name: '3' }])
  expect(await set([])).toEqual([])
  expect((await school.events(id)).filter(({ type }) => type === 'course.updated')).toHaveLength(3)
})

test('tags that are deleted and set at the same moment end in a state that fits', async () => {
  const { id, teacher: owner } = await school.published()
  for (let round = 0; round < 10; round += 1) {
    const [gone, stays] = [await tag(`gone ${round}`), await tag(`stays ${round}`)]
    const [set, deleted, renamed] = await Promise.all([
      school.change('setCourseTags', { courseId: id, tagIds: [stays, gone] }, 'course { id }', owner),
      school.change('deleteTag', { tagId: gone }, 'deletedId', admin),
      school.change('updateTag', { tagId: stays, name: `renamed ${round}` }, 'tag { id }', admin),
    ])
    expect(['', 'BAD_USER_INPUT']).toContain(set.codes.join())
    expect([deleted.codes, renamed.codes]).toEqual([[], []])
  }
})

test.each([
  ['createCategory', { name: 'N' }, 'category { id }'],
  ['updateCategory', { categoryId: systemRandom.id(), name: 'N' }, 'category { id }'],
  ['deleteCategory', { categoryId: systemRandom.id() }, 'deletedId'],
  ['createTag', { name: 'N' }, 'tag { id }'],
  ['updateTag', { tagId: systemRandom.id(), name: 'N' }, 'tag { id }'],
  ['deleteTag', { tagId: systemRandom.id() }, 'deletedId'],
])('%s is for administrators only', async (mutation, input, payload) => {
  expect((await school.change(mutation, input, payload, anonymous)).codes).toEqual(['UNAUTHENTICATED'])
  for (const viewer of [viewerOf('STUDENT'), teacher, { ...admin, scopes: ['author'] }]) {
    expect((await school.change(mutation, input, payload, viewer)).codes).toEqual(['FORBIDDEN'])
  }
  if (!mutation.startsWith('create')) expect((await school.change(mutation, input, payload, admin)).codes).toEqual(['NOT_FOUND'])
})
