import { viewerOf } from '@stellr/kit/testing'
import { CourseVersionPublished } from '@stellr/schema/events/courses'
import { EnrollmentVersionAdopted } from '@stellr/schema/events/enrollments'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const publish = async (courseId: string, teacher: ReturnType<typeof viewerOf>) =>
  (await school.done('publishCourse', { courseId }, 'course { version status durationSeconds publishedAt }', teacher)).course

async function version(courseId: string, number: number, viewer = viewerOf('ADMIN')) {
  const fields = 'courseId number title publishedAt modules { moduleId title lessons { lessonId title kind durationSeconds required } }'
  return (await school.entities('CourseVersion', [{ courseId, number }], fields, viewer)).data._entities[0]
}

const LESSON = 'query ($id: ID!) { lesson(id: $id) { title body position module { title } } }'

test('a publication freezes the outline and tells it; modules without a lesson are left out', async () => {
  const teacher = viewerOf('INSTRUCTOR')
  const { id } = await school.draft(teacher)
  const add = async (title: string) =>
    (await school.done('addModule', { courseId: id, title }, 'module { id }', teacher)).module.id as string
  const [one, , three] = [await add('One'), await add('Empty'), await add('Three')]
  const a = await school.addLesson(three, teacher, { title: 'a', freePreview: true })
  const b = await school.addLesson(one, teacher, { title: 'b', kind: 'QUIZ', required: false, durationSeconds: 30, prerequisiteIds: [a] })
  const course = await publish(id, teacher)
  expect(course).toEqual({ version: 1, status: 'PUBLISHED', durationSeconds: 90, publishedAt: expect.stringMatching(/Z$/) })
  const lessonA = { lessonId: a, title: 'a', kind: 'ARTICLE', durationSeconds: 60, required: true, freePreview: true, prerequisiteIds: [] }
  const lessonB = { lessonId: b, title: 'b', kind: 'QUIZ', durationSeconds: 30, required: false, freePreview: false, prerequisiteIds: [a] }
  const modules = [
    { moduleId: one, title: 'One', lessons: [lessonB] },
    { moduleId: three, title: 'Three', lessons: [lessonA] },
  ]
  const [told, published] = await school.events(id)
  expect(told).toMatchObject({ type: 'course.version_published', subject: `${id}:1`, aggregateversion: 1 })
  expect(CourseVersionPublished.data.parse(told?.data)).toEqual({
    courseId: id,
    version: 1,
    instructorId: teacher.id,
    title: 'Knots',
    publishedAt: course.publishedAt,
    modules,
  })
  expect(published).toMatchObject({ type: 'course.published', subject: id, data: { courseId: id, version: 1, status: 'PUBLISHED' } })
  const shown = (
    await school.ask('query ($id: ID) { course(id: $id) { modules { title position lessons { title prerequisites { title } } } } }', { id })
  ).data.course.modules
  expect(shown).toEqual([
    { title: 'One', position: 1, lessons: [{ title: 'b', prerequisites: [{ title: 'a' }] }] },
    { title: 'Three', position: 2, lessons: [{ title: 'a', prerequisites: [] }] },
  ])
})

test('what the author changes is seen by learners only after the next publication, and leaves the version before as it was', async () => {
  const { id, teacher, moduleId, lessonIds } = await school.published(2)
  const [first = '', second = ''] = lessonIds
  const learner = viewerOf('STUDENT')
  await school.enroll(learner, id)
  const before = await version(id, 1)
  await school.done('updateLesson', { lessonId: first, title: 'Renamed', body: 'Rewritten' }, 'lesson { id }', teacher)
  await school.done('archiveLesson', { lessonId: second }, 'module { id }', teacher)
  const third = await school.addLesson(moduleId, teacher, { title: 'Third' })

  expect((await school.ask(LESSON, { id: first }, learner)).data.lesson).toMatchObject({ title: 'Lesson 1', body: 'Words' })
  expect((await school.ask(LESSON, { id: third }, learner)).codes).toEqual(['NOT_FOUND'])
  expect((await school.ask(LESSON, { id: first }, teacher)).data.lesson).toMatchObject({ title: 'Renamed', body: 'Rewritten' })

  expect(await publish(id, teacher)).toMatchObject({ version: 2 })
  expect(await version(id, 1)).toEqual(before)
  expect((await version(id, 2)).modules[0].lessons.map(({ title }: { title: string }) => title)).toEqual(['Renamed', 'Third'])
  expect((await school.ask(LESSON, { id: first }, learner)).data.lesson).toMatchObject({ title: 'Renamed', body: 'Rewritten' })
  // Archived, but their version has it.
  const kept = await school.ask(LESSON, { id: second }, learner)
  expect(kept.data.lesson).toEqual({ title: 'Lesson 2', body: 'Words', position: 2, module: { title: 'One' } })
  expect((await school.ask(LESSON, { id: second }, viewerOf('STUDENT'))).codes).toEqual(['NOT_FOUND'])
  // New, and their version does not have it: it is in the catalogue, but not open.
  const added = await school.ask(LESSON, { id: third }, learner)
  expect([added.data.lesson.title, added.codes]).toEqual(['Third', ['NOT_ENROLLED']])
})

test('who goes over to the latest version reads what is new in it, also before the news has arrived', async () => {
  const { id, teacher, moduleId } = await school.published()
  const learner = viewerOf('STUDENT')
  const enrollmentId = await school.enroll(learner, id)
  const added = await school.addLesson(moduleId, teacher, { title: 'New', body: 'New words' })
  await publish(id, teacher)
  const asked = school.ask(LESSON, { id: added }, learner)
  await school.enroll(learner, id, { event: EnrollmentVersionAdopted, enrollmentId, version: 2, courseVersion: 2 })
  expect((await asked).data.lesson).toMatchObject({ title: 'New', body: 'New words' })
})

test('publishing without a change keeps the version and tells nobody', async () => {
  const { id, teacher } = await school.published()
  const before = await school.events(id)
  const [row] = await school.sql('SELECT course::text FROM course WHERE id = $1', [id])
  expect(await publish(id, teacher)).toMatchObject({ version: 1, status: 'PUBLISHED' })
  expect(await school.events(id)).toEqual(before)
  expect(await school.sql('SELECT course::text FROM course WHERE id = $1', [id])).toEqual([row])
})

test('a corrected text reaches everybody at the next publication, and is no new version', async () => {
  const { id, teacher, lessonIds } = await school.published(2)
  const [first = '', second = ''] = lessonIds
  const learner = viewerOf('STUDENT')
  await school.enroll(learner, id)
  const times = 'query ($id: ID!) { lesson(id: $id) { updatedAt } }'
  const untouched = await school.ask(times, { id: second }, learner)
  await school.done('updateLesson', { lessonId: first, body: 'Without the mistake' }, 'lesson { id }', teacher)
  expect((await school.ask(LESSON, { id: first }, learner)).data.lesson.body).toBe('Words')
  expect(await publish(id, teacher)).toMatchObject({ version: 1 })
  expect((await school.ask(LESSON, { id: first }, learner)).data.lesson.body).toBe('Without the mistake')
  expect(await school.ask(times, { id: second }, learner)).toEqual(untouched)
  expect((await school.events(id)).map(({ type }) => type)).toEqual(['course.version_published', 'course.published'])
})

test('the first publication is remembered through all that follow', async () => {
  const { id, teacher, moduleId } = await school.published()
  const text = 'query ($id: ID) { course(id: $id) { publishedAt } }'
  const first = (await school.ask(text, { id })).data.course.publishedAt
  await school.addLesson(moduleId, teacher)
  expect((await publish(id, teacher)).publishedAt).toBe(first)
  expect((await version(id, 2)).publishedAt > first).toBe(true)
  expect((await school.events(id)).at(-1)?.data['publishedAt']).toBe(first)
})

test('twenty publications at once make one version', async () => {
  const { id, teacher, moduleId } = await school.published()
  await school.addLesson(moduleId, teacher)
  const courses = await Promise.all(Array.from({ length: 20 }, () => publish(id, teacher)))
  expect(new Set(courses.map((course) => course.version))).toEqual(new Set([2]))
  const types = (await school.events(id)).map(({ type }) => type)
  expect(types).toEqual(['course.version_published', 'course.published', 'course.version_published', 'course.published'])
})

test('publications and changes at once leave versions without a gap, each as told', async () => {
  const { id, teacher, moduleId } = await school.published()
  await Promise.all(
    Array.from({ length: 10 }, (_, n) => [school.addLesson(moduleId, teacher, { title: `n${n}` }), publish(id, teacher)]).flat(),
  )
  const { version: last } = await publish(id, teacher)
  const told = (await school.events(id)).filter(({ type }) => type === 'course.version_published')
  expect(told.map(({ data }) => data['version'])).toEqual(Array.from({ length: last }, (_, at) => at + 1))
  const kept = await school.sql<{ outline: unknown }>('SELECT outline FROM course_version WHERE course_id = $1 ORDER BY number', [id])
  expect(kept.map(({ outline }) => outline)).toEqual(told.map(({ data }) => data['modules']))
})

test('the kind of a lesson stays once it was published', async () => {
  const { teacher, moduleId, lessonIds } = await school.published()
  const change = (lessonId: string | undefined, kind: string) =>
    school.change('updateLesson', { lessonId, kind }, 'lesson { kind }', teacher)
  expect((await change(lessonIds[0], 'QUIZ')).codes).toEqual(['CONFLICT'])
  expect((await change(lessonIds[0], 'ARTICLE')).codes).toEqual([])
  expect((await change(await school.addLesson(moduleId, teacher), 'QUIZ')).data.lesson.kind).toBe('QUIZ')
})

test('what is archived and back again is offered as it was', async () => {
  const { id, teacher } = await school.published()
  await school.done('archiveCourse', { courseId: id }, 'course { status }', teacher)
  expect((await school.ask('query ($id: ID) { course(id: $id) { id } }', { id })).codes).toEqual(['NOT_FOUND'])
  const { course } = await school.done('restoreCourse', { courseId: id }, 'course { status version }', teacher)
  expect(course).toEqual({ status: 'PUBLISHED', version: 1 })
  expect((await school.ask('query ($id: ID) { course(id: $id) { modules { title } } }', { id })).data.course.modules).toEqual([
    { title: 'One' },
  ])
})
