import { systemRandom } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const teacher = viewerOf('INSTRUCTOR')
const admin = viewerOf('ADMIN')
const COURSE = `course { slug title description difficulty price { amount currency } accessDays coverImageUrl status version
  durationSeconds rating ratingCount publishedAt category { id } tags { id } instructor { id } modules { id } }`

test('a course begins as a draft with nothing in it: free, for ever, for beginners', async () => {
  const { course } = await school.done('createCourse', { title: ' Über C++ ', description: '' }, COURSE, teacher)
  expect(course).toEqual({
    slug: 'uber-c',
    title: 'Über C++',
    description: '',
    difficulty: 'BEGINNER',
    price: { amount: 0, currency: 'EUR' },
    accessDays: null,
    coverImageUrl: null,
    status: 'DRAFT',
    version: 0,
    durationSeconds: 0,
    rating: null,
    ratingCount: 0,
    publishedAt: null,
    category: null,
    tags: [],
    instructor: { id: teacher.id },
    modules: [],
  })
})

test('twenty courses of one title at once get twenty slugs that begin alike', async () => {
  const drafts = await Promise.all(Array.from({ length: 20 }, () => school.draft(teacher, { title: 'Same Title' })))
  const slugs = drafts.map(({ slug }) => slug)
  expect(new Set(slugs).size).toBe(20)
  expect(slugs).toContain('same-title')
  for (const slug of slugs) expect(slug).toMatch(/^same-title(-[0-9a-f]{6})?$/)
})

test('a slug that somebody asks for and another course has is a CONFLICT that names it', async () => {
  await school.draft(teacher, { slug: 'wanted' })
  const other = await school.draft(teacher)
  const replies = [
    await school.change('createCourse', { title: 'T', description: '', slug: 'wanted' }, 'course { id }', teacher),
    await school.change('updateCourse', { courseId: other.id, slug: 'wanted', title: 'Not saved' }, 'course { id }', teacher),
  ]
  for (const { codes, errors } of replies) {
    expect(codes).toEqual(['CONFLICT'])
    expect(errors[0]?.extensions?.['details']).toEqual({ slug: 'wanted' })
  }
  expect((await school.ask('query ($id: ID) { course(id: $id) { title } }', { id: other.id }, teacher)).data.course.title).toBe('Knots')
})

test('of many who ask for one slug at once, one gets it', async () => {
  const ask = () => school.change('createCourse', { title: 'T', description: '', slug: 'only-one' }, 'course { id }', teacher)
  const codes = (await Promise.all(Array.from({ length: 10 }, ask))).flatMap((reply) => reply.codes)
  expect(codes).toEqual(Array.from({ length: 9 }, () => 'CONFLICT'))
})

test('a change keeps what is left out, and removes what is null', async () => {
  const { category } = await school.done('createCategory', { name: 'Sailing' }, 'category { id }', admin)
  const { id } = await school.draft(teacher)
  const update = async (changes: object) => (await school.done('updateCourse', { courseId: id, ...changes }, COURSE, teacher)).course
  const changes = {
    title: 'Better knots',
    slug: 'better-knots',
    difficulty: 'ADVANCED',
    price: { amount: 1999, currency: 'JPY' },
    accessDays: 30,
    coverImageUrl: 'https://example.org/knot.png',
  }
  const full = { ...changes, description: 'How to tie them', category }
  expect(await update({ ...changes, categoryId: category.id })).toMatchObject(full)
  expect(await update({})).toMatchObject(full)
  const bare = { ...full, accessDays: null, coverImageUrl: null, category: null }
  expect(await update({ accessDays: null, coverImageUrl: null, categoryId: null })).toMatchObject(bare)
})

test('a draft is told to nobody; once published, each change is told whole, in order, one version each', async () => {
  const { id, teacher: owner } = await school.published()
  await school.done('updateCourse', { courseId: id, price: { amount: 500, currency: 'EUR' } }, 'course { id }', owner)
  await school.done('archiveCourse', { courseId: id }, 'course { id }', owner)
  await school.done('updateCourse', { courseId: id, title: 'Old knots' }, 'course { id }', owner)
  await school.done('restoreCourse', { courseId: id }, 'course { id }', owner)
  const draft = await school.draft(owner)
  await school.done('updateCourse', { courseId: draft.id, title: 'Secret' }, 'course { id }', owner)
  expect(await school.events(draft.id)).toEqual([])
  const told = (await school.events(id)).filter(({ subject }) => subject === id)
  expect(told.map(({ type, data: { status, title, price } }) => [type, status, title, price])).toEqual([
    ['course.published', 'PUBLISHED', 'Knots', { amount: 0, currency: 'EUR' }],
    ['course.updated', 'PUBLISHED', 'Knots', { amount: 500, currency: 'EUR' }],
    ['course.archived', 'ARCHIVED', 'Knots', { amount: 500, currency: 'EUR' }],
    ['course.updated', 'ARCHIVED', 'Old knots', { amount: 500, currency: 'EUR' }],
    ['course.restored', 'PUBLISHED', 'Old knots', { amount: 500, currency: 'EUR' }],
  ])
  const versions = told.map(({ aggregateversion }) => aggregateversion)
  expect(versions).toEqual(versions.map((_, at) => (versions[0] ?? 0) + at))
})

test('what the state of a course does not allow is a CONFLICT that says it', async () => {
  const { id, teacher: owner } = await school.published()
  const draft = await school.draft(owner)
  const attempt = async (mutation: string, courseId: string, payload = 'course { id }') =>
    (await school.change(mutation, { courseId }, payload, owner)).errors.map(({ extensions }) => [
      extensions?.['code'],
      extensions?.['details'],
    ])
  expect(await attempt('archiveCourse', draft.id)).toEqual([['CONFLICT', { status: 'DRAFT', allowed: ['PUBLISHED'] }]])
  expect(await attempt('restoreCourse', draft.id)).toMatchObject([['CONFLICT', { status: 'DRAFT' }]])
  expect(await attempt('publishCourse', draft.id)).toEqual([['CONFLICT', { reason: 'NO_LESSON' }]])
  expect(await attempt('restoreCourse', id)).toMatchObject([['CONFLICT', { status: 'PUBLISHED' }]])
  expect(await attempt('deleteCourse', id, 'deletedId')).toMatchObject([['CONFLICT', { status: 'PUBLISHED' }]])
  expect(await attempt('archiveCourse', id)).toEqual([])
  expect(await attempt('archiveCourse', id)).toMatchObject([['CONFLICT', { status: 'ARCHIVED' }]])
  expect(await attempt('publishCourse', id)).toMatchObject([['CONFLICT', { status: 'ARCHIVED' }]])
  expect(await attempt('deleteCourse', id, 'deletedId')).toMatchObject([['CONFLICT', { status: 'ARCHIVED' }]])
})

test('a deleted draft is gone with all that was in it', async () => {
  const { id } = await school.draft(teacher)
  const { module } = await school.done('addModule', { courseId: id, title: 'One' }, 'module { id }', teacher)
  const lessonId = await school.addLesson(module.id, teacher)
  expect(await school.done('deleteCourse', { courseId: id }, 'deletedId', teacher)).toEqual({ deletedId: id })
  expect((await school.change('deleteCourse', { courseId: id }, 'deletedId', teacher)).codes).toEqual(['NOT_FOUND'])
  expect((await school.ask('query ($id: ID) { course(id: $id) { id } }', { id }, admin)).codes).toEqual(['NOT_FOUND'])
  expect((await school.ask('query ($id: ID!) { lesson(id: $id) { id } }', { id: lessonId }, admin)).codes).toEqual(['NOT_FOUND'])
  expect(await school.sql('SELECT id FROM module WHERE course_id = $1 UNION SELECT id FROM lesson WHERE course_id = $1', [id])).toEqual([])
})

test('twenty changes at once all count', async () => {
  const { id, teacher: owner } = await school.published()
  const changes = Array.from({ length: 20 }, (_, n) => ({ courseId: id, price: { amount: n, currency: 'EUR' } }))
  await Promise.all(changes.map((change) => school.done('updateCourse', change, 'course { id }', owner)))
  const told = (await school.events(id)).filter(({ type }) => type === 'course.updated')
  expect(told).toHaveLength(20)
  const [course] = await school.sql<{ version: number; price_amount: number }>('SELECT version, price_amount FROM course WHERE id = $1', [
    id,
  ])
  expect(told.at(-1)).toMatchObject({ aggregateversion: course?.version, data: { price: { amount: course?.price_amount } } })
})

test('what an administrator changes of another’s course is told to the audit log, what its instructor does is not', async () => {
  const { id, teacher: owner } = await school.published()
  await school.done('updateCourse', { courseId: id, price: { amount: 100, currency: 'EUR' } }, 'course { id }', owner)
  await school.done('archiveCourse', { courseId: id }, 'course { id }', admin)
  const rows = await school.sql<{ data: object }>(
    `SELECT event -> 'data' AS data FROM stellr.outbox WHERE topic = 'audit' AND event -> 'data' ->> 'subjectId' = $1`,
    [id],
  )
  const state = { publishedVersion: 1, priceAmount: 100, priceCurrency: 'EUR', accessDays: null }
  expect(rows.map(({ data }) => data)).toEqual([
    expect.objectContaining({
      action: 'archiveCourse',
      actorId: admin.id,
      subjectType: 'Course',
      outcome: 'DONE',
      before: expect.objectContaining({ ...state, status: 'PUBLISHED' }),
      after: expect.objectContaining({ ...state, status: 'ARCHIVED' }),
    }),
  ])
})

test('every mutation counts against the limit of whoever sends it', async () => {
  const strict = await openSchool({ changesPerUser: 2 })
  try {
    const give = () => strict.change('createCourse', { title: 'T', description: '' }, 'course { id }', teacher)
    expect([(await give()).codes, (await give()).codes, (await give()).codes]).toEqual([[], [], ['RATE_LIMITED']])
    const others = ['publishCourse', 'archiveCourse', 'restoreCourse'].map((name) => [name, 'course { id }'] as const)
    for (const [name, payload] of [...others, ['deleteCourse', 'deletedId'] as const]) {
      expect((await strict.change(name, { courseId: systemRandom.id() }, payload, teacher)).codes).toEqual(['RATE_LIMITED'])
    }
  } finally {
    await strict.stop()
  }
})
