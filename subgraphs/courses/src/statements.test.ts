import { anonymous, type UserViewer, type Viewer } from '@stellr/kit'
import { countStatements, viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Published, type School } from './testing/school.ts'

let school: School
let few: { teacher: UserViewer; courses: Published[] }
let many: { teacher: UserViewer; courses: Published[] }
const learner = viewerOf('STUDENT')

beforeAll(async () => {
  school = await openSchool()
  const admin = viewerOf('ADMIN')
  const { category } = await school.done('createCategory', { name: 'C' }, 'category { id }', admin)
  const { tag } = await school.done('createTag', { name: 'T' }, 'tag { id }', admin)
  const teach = async (count: number) => {
    const courses = await Promise.all(Array.from({ length: count }, () => school.published(2, { categoryId: category.id })))
    const teacher = viewerOf('INSTRUCTOR')
    for (const course of courses) {
      await school.done('setCourseTags', { courseId: course.id, tagIds: [tag.id] }, 'course { id }', course.teacher)
      await school.sql('UPDATE course SET instructor_id = $2 WHERE id = $1', [course.id, teacher.id])
      await school.enroll(learner, course.id)
      await school.done('rateCourse', { courseId: course.id, stars: 5 }, 'review { id }', learner)
    }
    return { teacher, courses }
  }
  few = await teach(1)
  many = await teach(20)
})
afterAll(() => school.stop())

const COURSE = 'id title category { name } tags { name } instructor { id } viewerReview { stars } modules { title lessons { title } }'
const DEEP = 'modules { lessons { createdAt body prerequisites { id } module { title } course { id } } }'

/** The tables that were asked, once for each statement. */
async function tables(typename: string, keys: readonly object[], fields: string, viewer: Viewer): Promise<string[]> {
  const { result, statements } = await countStatements(() => school.entities(typename, keys, fields, viewer))
  expect(result.codes).toEqual([])
  expect(result.data._entities).toHaveLength(keys.length)
  expect(result.data._entities).not.toContain(null)
  // The relay and the consumers work meanwhile.
  return statements
    .filter(({ database, text }) => database === 'courses' && !text.includes('stellr.'))
    .flatMap(({ text }) => [...text.matchAll(/FROM (?!unnest)(?:"public"\.)?"?(\w+)"?/g)].map(([, table]) => table ?? ''))
    .toSorted()
}

const list = (fields: string) => `taughtCourses(first: 50) { edges { node { ${fields} } } }`
const everywhere = ['category', 'course', 'course_tag', 'review', 'tag']

test.each([
  ['a learner', () => [learner, learner] as const, [...everywhere, 'course_version']],
  ['staff', () => [few.teacher, many.teacher] as const, [...everywhere, 'lesson', 'module']],
])('a list of courses with their outlines costs %s one statement a table, be it one course or twenty', async (_who, viewers, expected) => {
  const [ofFew, ofMany] = viewers()
  expect(await tables('User', [{ id: few.teacher.id }], list(COURSE), ofFew)).toEqual(expected.toSorted())
  expect(await tables('User', [{ id: many.teacher.id }], list(COURSE), ofMany)).toEqual(expected.toSorted())
})

test('all that can be asked of their lessons costs no more for twenty courses than for one', async () => {
  for (const [ofFew, ofMany] of [
    [learner, learner],
    [few.teacher, many.teacher],
  ] as const) {
    const one = await tables('User', [{ id: few.teacher.id }], list(DEEP), ofFew)
    expect(await tables('User', [{ id: many.teacher.id }], list(DEEP), ofMany)).toEqual(one)
    expect(one.length).toBeLessThan(8)
  }
})

test.each<[string, string, (course: Published) => object, string, string[]]>([
  ['courses', 'Course', ({ id }) => ({ id }), 'title', ['course']],
  ['modules', 'Module', ({ moduleId }) => ({ id: moduleId }), 'title lessons { title }', ['course', 'course_version', 'module']],
  ['lessons', 'Lesson', ({ lessonIds: [id] }) => ({ id }), 'title createdAt', ['course', 'published_lesson']],
  ['versions', 'CourseVersion', ({ id }) => ({ courseId: id, number: 1 }), 'title', ['course', 'course_version']],
])('twenty %s that other domains name cost one statement a table', async (_what, typename, keyOf, fields, expected) => {
  for (const { courses } of [few, many]) expect(await tables(typename, courses.map(keyOf), fields, anonymous)).toEqual(expected)
})

test('the texts of twenty lessons cost a learner one statement a table', async () => {
  const keys = many.courses.map(({ lessonIds: [id] }) => ({ id }))
  const expected = ['course', 'course_version', 'enrollment', 'published_lesson', 'published_lesson']
  expect(await tables('Lesson', keys, 'body', learner)).toEqual(expected)
})

test('a body that nobody asks for is not read', async () => {
  const { statements } = await countStatements(() =>
    school.entities('Course', [{ id: few.courses[0]?.id }], 'modules { lessons { title createdAt } }', few.teacher),
  )
  expect(statements.filter(({ text }) => text.includes('"body"'))).toEqual([])
})
