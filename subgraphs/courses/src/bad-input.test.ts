import { systemRandom } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
let courseId: string
let moduleId: string
let lessonId: string
const teacher = viewerOf('INSTRUCTOR')
const admin = viewerOf('ADMIN')
beforeAll(async () => {
  school = await openSchool()
  courseId = (await school.draft(teacher)).id
  moduleId = (await school.done('addModule', { courseId, title: 'One' }, 'module { id }', teacher)).module.id
  lessonId = await school.addLesson(moduleId, teacher)
})
afterAll(() => school.stop())

const payloads: Record<string, string> = {
  deleteCourse: 'deletedId',
  deleteCategory: 'deletedId',
  deleteTag: 'deletedId',
  rateCourse: 'review { id }',
}

function send(mutation: string, input: object) {
  const thing = /(Module|Lesson|Category|Tag)s?$/.exec(mutation)?.[1]?.toLowerCase() ?? 'course'
  const changed: Record<string, string> = {
    archiveModule: 'course',
    reorderModules: 'course',
    archiveLesson: 'module',
    reorderLessons: 'module',
    setCourseTags: 'course',
  }
  return school.change(
    mutation,
    input,
    payloads[mutation] ?? `${changed[mutation] ?? thing} { id }`,
    thing === 'tag' || thing === 'category' ? admin : teacher,
  )
}

const long = (length: number) => 'x'.repeat(length)
const unknown = systemRandom.id()
const hostile = { control: 'a\u0000b', surrogate: 'a\ud800b' }
const course = { title: 'T', description: '' }

test.each<[string, string, () => object]>([
  ['createCourse', 'title', () => ({ ...course, title: ' ' })],
  ['createCourse', 'title', () => ({ ...course, title: long(201) })],
  ['createCourse', 'title', () => ({ ...course, title: hostile.control })],
  ['createCourse', 'title', () => ({ ...course, title: hostile.surrogate })],
  ['createCourse', 'description', () => ({ ...course, description: long(20_001) })],
  ['createCourse', 'description', () => ({ ...course, description: hostile.control })],
  ['createCourse', 'price.amount', () => ({ ...course, price: { amount: -1, currency: 'EUR' } })],
  ['createCourse', 'price.amount', () => ({ ...course, price: { amount: 100_000_001, currency: 'EUR' } })],
  ['createCourse', 'accessDays', () => ({ ...course, accessDays: 0 })],
  ['createCourse', 'accessDays', () => ({ ...course, accessDays: 3651 })],
  ['createCourse', 'slug', () => ({ ...course, slug: 'ab' })],
  ['createCourse', 'slug', () => ({ ...course, slug: long(101) })],
  ['createCourse', 'slug', () => ({ ...course, slug: 'No Slug' })],
  ['createCourse', 'slug', () => ({ ...course, slug: 'ünique' })],
  ['createCourse', 'coverImageUrl', () => ({ ...course, coverImageUrl: 'http://example.org/a.png' })],
  ['createCourse', 'coverImageUrl', () => ({ ...course, coverImageUrl: 'javascript:alert(1)' })],
  ['createCourse', 'coverImageUrl', () => ({ ...course, coverImageUrl: `https://example.org/${long(2000)}` })],
  ['createCourse', 'categoryId', () => ({ ...course, categoryId: 'x' })],
  ['createCourse', 'categoryId', () => ({ ...course, categoryId: unknown })],
  ['updateCourse', 'courseId', () => ({ courseId: 'x' })],
  ['updateCourse', 'title', () => ({ courseId, title: null })],
  ['updateCourse', 'description', () => ({ courseId, description: null })],
  ['updateCourse', 'difficulty', () => ({ courseId, difficulty: null })],
  ['updateCourse', 'price', () => ({ courseId, price: null })],
  ['updateCourse', 'slug', () => ({ courseId, slug: null })],
  ['updateCourse', 'slug', () => ({ courseId, slug: '-' })],
  ['updateCourse', 'price.amount', () => ({ courseId, price: { amount: 2 ** 40, currency: 'EUR' } })],
  ['updateCourse', 'accessDays', () => ({ courseId, accessDays: -1 })],
  ['updateCourse', 'categoryId', () => ({ courseId, categoryId: unknown })],
  ['publishCourse', 'courseId', () => ({ courseId: '' })],
  ['archiveCourse', 'courseId', () => ({ courseId: hostile.control })],
  ['restoreCourse', 'courseId', () => ({ courseId: long(10_000) })],
  ['deleteCourse', 'courseId', () => ({ courseId: "' OR 1=1 --" })],
  ['setCourseTags', 'tagIds.0', () => ({ courseId, tagIds: ['x'] })],
  ['setCourseTags', 'tagIds', () => ({ courseId, tagIds: [unknown] })],
  ['setCourseTags', 'tagIds', () => ({ courseId, tagIds: Array.from({ length: 21 }, () => systemRandom.id()) })],
  ['addModule', 'courseId', () => ({ courseId: 'x', title: 'T' })],
  ['addModule', 'title', () => ({ courseId, title: '' })],
  ['addModule', 'title', () => ({ courseId, title: long(201) })],
  ['updateModule', 'moduleId', () => ({ moduleId: 'x', title: 'T' })],
  ['updateModule', 'title', () => ({ moduleId, title: '\n' })],
  ['archiveModule', 'moduleId', () => ({ moduleId: 'x' })],
  ['reorderModules', 'moduleIds.0', () => ({ courseId, moduleIds: ['x'] })],
  ['reorderModules', 'moduleIds', () => ({ courseId, moduleIds: [] })],
  ['reorderModules', 'moduleIds', () => ({ courseId, moduleIds: Array.from({ length: 101 }, () => moduleId) })],
  ['addLesson', 'moduleId', () => ({ moduleId: 'x', title: 'T', kind: 'QUIZ' })],
  ['addLesson', 'title', () => ({ moduleId, title: '', kind: 'QUIZ' })],
  ['addLesson', 'body', () => ({ moduleId, title: 'T', kind: 'QUIZ', body: long(100_001) })],
  ['addLesson', 'body', () => ({ moduleId, title: 'T', kind: 'QUIZ', body: hostile.surrogate })],
  ['addLesson', 'durationSeconds', () => ({ moduleId, title: 'T', kind: 'QUIZ', durationSeconds: -1 })],
  ['addLesson', 'durationSeconds', () => ({ moduleId, title: 'T', kind: 'QUIZ', durationSeconds: 86_401 })],
  ['addLesson', 'prerequisiteIds', () => ({ moduleId, title: 'T', kind: 'QUIZ', prerequisiteIds: [unknown] })],
  ['addLesson', 'prerequisiteIds.0', () => ({ moduleId, title: 'T', kind: 'QUIZ', prerequisiteIds: ['x'] })],
  [
    'addLesson',
    'prerequisiteIds',
    () => ({ moduleId, title: 'T', kind: 'QUIZ', prerequisiteIds: Array.from({ length: 21 }, () => lessonId) }),
  ],
  ['updateLesson', 'lessonId', () => ({ lessonId: 'x' })],
  ['updateLesson', 'title', () => ({ lessonId, title: null })],
  ['updateLesson', 'kind', () => ({ lessonId, kind: null })],
  ['updateLesson', 'durationSeconds', () => ({ lessonId, durationSeconds: null })],
  ['updateLesson', 'durationSeconds', () => ({ lessonId, durationSeconds: 2 ** 31 - 1 })],
  ['updateLesson', 'required', () => ({ lessonId, required: null })],
  ['updateLesson', 'freePreview', () => ({ lessonId, freePreview: null })],
  ['updateLesson', 'moduleId', () => ({ lessonId, moduleId: unknown })],
  ['updateLesson', 'moduleId', () => ({ lessonId, moduleId: null })],
  ['updateLesson', 'prerequisiteIds', () => ({ lessonId, prerequisiteIds: null })],
  ['archiveLesson', 'lessonId', () => ({ lessonId: 'x' })],
  ['reorderLessons', 'lessonIds', () => ({ moduleId, lessonIds: [] })],
  ['reorderLessons', 'lessonIds', () => ({ moduleId, lessonIds: [lessonId, lessonId] })],
  ['reorderLessons', 'lessonIds', () => ({ moduleId, lessonIds: Array.from({ length: 501 }, () => lessonId) })],
  ['rateCourse', 'courseId', () => ({ courseId: 'x', stars: 3 })],
  ['rateCourse', 'stars', () => ({ courseId, stars: 0 })],
  ['rateCourse', 'stars', () => ({ courseId, stars: 6 })],
  ['rateCourse', 'comment', () => ({ courseId, stars: 3, comment: long(2001) })],
  ['createCategory', 'name', () => ({ name: '' })],
  ['createCategory', 'name', () => ({ name: long(101) })],
  ['createCategory', 'slug', () => ({ name: 'N', slug: '' })],
  ['updateCategory', 'name', () => ({ categoryId: unknown, name: null })],
  ['updateCategory', 'slug', () => ({ categoryId: unknown, slug: 'A' })],
  ['deleteCategory', 'categoryId', () => ({ categoryId: 'x' })],
  ['createTag', 'name', () => ({ name: long(51) })],
  ['createTag', 'name', () => ({ name: hostile.control })],
  ['updateTag', 'name', () => ({ tagId: unknown, name: '' })],
  ['deleteTag', 'tagId', () => ({ tagId: 'x' })],
])('%s with a bad %s is refused, says where, and changes nothing', async (mutation, path, input) => {
  const before = await everything()
  const { codes, errors } = await send(mutation, input())
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path: `input.${path}` }])
  expect(await everything()).toEqual(before)
})

test.each([
  ['createCourse', { title: 'T' }],
  ['createCourse', { ...course, price: { amount: 1.5, currency: 'EUR' } }],
  ['createCourse', { ...course, price: { amount: 1, currency: 'euro' } }],
  ['createCourse', { ...course, difficulty: 'EASY' }],
  ['createCourse', { ...course, instructorId: unknown }],
  ['createCourse', { ...course, status: 'PUBLISHED' }],
  ['addLesson', { moduleId: unknown, title: 'T' }],
  ['addLesson', { moduleId: unknown, title: 'T', kind: 'QUIZ', durationSeconds: 2 ** 31 }],
  ['addLesson', { moduleId: unknown, title: 'T', kind: 'QUIZ', durationSeconds: 1.5 }],
  ['updateLesson', { lessonId: unknown, kind: 'SONG' }],
  ['rateCourse', { courseId: unknown, stars: 4.5 }],
  ['rateCourse', { courseId: unknown, stars: 4, userId: unknown }],
  ['setCourseTags', { courseId: unknown, tagIds: [null] }],
])('%s with %j does not fit the schema', async (mutation, input) => {
  expect((await send(mutation, input)).codes).toEqual(['BAD_USER_INPUT'])
})

test('hostile text is only text', async () => {
  const title = `'); DROP TABLE course; -- <script>alert(1)</script> \u202e🦄`
  const { id } = await school.draft(teacher, { title, description: `${title}\n\t` })
  const { data } = await school.ask('query ($id: ID) { course(id: $id) { title description slug } }', { id }, teacher)
  expect(data.course).toEqual({ title, description: title, slug: 'drop-table-course-script-alert-1-script' })
})

async function everything() {
  return school.sql(
    `SELECT (SELECT string_agg(course::text, '|' ORDER BY id) FROM course) AS courses, (SELECT string_agg(module::text, '|' ORDER BY id) FROM module) AS modules,
       (SELECT string_agg(lesson::text, '|' ORDER BY id) FROM lesson) AS lessons, (SELECT count(*)::int FROM category) AS categories,
       (SELECT count(*)::int FROM tag) AS tags, (SELECT count(*)::int FROM review) AS reviews, (SELECT count(*)::int FROM stellr.outbox) AS events`,
  )
}
