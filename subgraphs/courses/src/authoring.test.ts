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

interface Modules {
  id: string
  title: string
  position: number
  lessons: { id: string; title: string; position: number; prerequisites: { id: string }[] }[]
}

async function outline(courseId: string): Promise<Modules[]> {
  const text = `query ($id: ID) { course(id: $id) { modules { id title position lessons { id title position prerequisites { id } } } } }`
  return (await school.ask(text, { id: courseId }, teacher)).data.course.modules
}

/** Titles, in order, after seeing that positions have no gap. */
async function titles(courseId: string): Promise<[string, string[]][]> {
  const modules = await outline(courseId)
  expect(modules.map(({ position }) => position)).toEqual(modules.map((_, at) => at + 1))
  for (const { lessons } of modules) expect(lessons.map(({ position }) => position)).toEqual(lessons.map((_, at) => at + 1))
  return modules.map(({ title, lessons }) => [title, lessons.map((lesson) => lesson.title)])
}

async function addModule(courseId: string, title: string): Promise<string> {
  return (await school.done('addModule', { courseId, title }, 'module { id }', teacher)).module.id
}

/** A draft with modules One (lessons a, b, c) and Two (x, y). */
async function draft() {
  const { id } = await school.draft(teacher)
  const [one, two] = [await addModule(id, 'One'), await addModule(id, 'Two')]
  const ids: Record<string, string> = {}
  for (const title of ['a', 'b', 'c']) ids[title] = await school.addLesson(one, teacher, { title })
  for (const title of ['x', 'y']) ids[title] = await school.addLesson(two, teacher, { title })
  return { id, one, two, ids, lesson: (title: string) => ids[title] ?? '' }
}

test('modules and lessons are added at the end, and moved to where the author wants them', async () => {
  const { id, one, two, lesson } = await draft()
  const three = await addModule(id, 'Three')
  await school.done('reorderModules', { courseId: id, moduleIds: [three, one, two] }, 'course { id }', teacher)
  await school.done('reorderLessons', { moduleId: one, lessonIds: ['c', 'a', 'b'].map(lesson) }, 'module { id }', teacher)
  await school.done('updateLesson', { lessonId: lesson('a'), moduleId: two }, 'lesson { id }', teacher)
  await school.done('updateLesson', { lessonId: lesson('x'), moduleId: two }, 'lesson { id }', teacher)
  await school.done('updateModule', { moduleId: two, title: 'Second' }, 'module { id title }', teacher)
  expect(await titles(id)).toEqual([
    ['Three', []],
    ['One', ['c', 'b']],
    ['Second', ['x', 'y', 'a']],
  ])
})

test('a lesson has what it was given, keeps what is left out and forgets its text on null', async () => {
  const { one } = await draft()
  const fields = 'lesson { id title kind body durationSeconds required freePreview position }'
  const given = { moduleId: one, title: ' Bowline ', kind: 'VIDEO' }
  const plain = { title: 'Bowline', kind: 'VIDEO', body: null, durationSeconds: 0, required: true, freePreview: false, position: 4 }
  const { lesson } = await school.done('addLesson', given, fields, teacher)
  expect(lesson).toEqual({ id: lesson.id, ...plain })
  const changes = { title: 'Sheet bend', kind: 'ARTICLE', body: '# Text', durationSeconds: 86_400, required: false, freePreview: true }
  const update = async (change: object) => (await school.done('updateLesson', { lessonId: lesson.id, ...change }, fields, teacher)).lesson
  const full = { id: lesson.id, ...changes, position: 4 }
  expect(await update(changes)).toEqual(full)
  expect(await update({ body: null })).toEqual({ ...full, body: null })
  expect(await update({})).toEqual({ ...full, body: null })
})

test('what is archived leaves no gap, and no prerequisite that nobody could meet', async () => {
  const { id, one, lesson } = await draft()
  const after = (title: string, ...before: string[]) =>
    school.done('updateLesson', { lessonId: lesson(title), prerequisiteIds: before.map(lesson) }, 'lesson { id }', teacher)
  await after('c', 'a', 'b')
  await after('y', 'c', 'x', 'a')
  await school.done('archiveLesson', { lessonId: lesson('a') }, 'module { id lessons { id } }', teacher)
  expect(await titles(id)).toEqual([
    ['One', ['b', 'c']],
    ['Two', ['x', 'y']],
  ])
  const prerequisites = async () =>
    Object.fromEntries((await outline(id)).flatMap(({ lessons }) => lessons.map(({ title, prerequisites }) => [title, prerequisites])))
  expect(await prerequisites()).toMatchObject({ c: [{ id: lesson('b') }], y: [{ id: lesson('c') }, { id: lesson('x') }] })
  await school.done('archiveModule', { moduleId: one }, 'course { id }', teacher)
  expect(await titles(id)).toEqual([['Two', ['x', 'y']]])
  expect(await prerequisites()).toEqual({ x: [], y: [{ id: lesson('x') }] })
})

test('what is archived is changed no more', async () => {
  const { one, two, lesson } = await draft()
  await school.done('archiveLesson', { lessonId: lesson('x') }, 'module { id }', teacher)
  await school.done('archiveModule', { moduleId: one }, 'course { id }', teacher)
  const attempts = [
    school.change('updateLesson', { lessonId: lesson('x'), title: 'T' }, 'lesson { id }', teacher),
    school.change('archiveLesson', { lessonId: lesson('x') }, 'module { id }', teacher),
    school.change('updateLesson', { lessonId: lesson('a'), title: 'T' }, 'lesson { id }', teacher),
    school.change('updateModule', { moduleId: one, title: 'T' }, 'module { id }', teacher),
    school.change('archiveModule', { moduleId: one }, 'course { id }', teacher),
    school.change('reorderLessons', { moduleId: one, lessonIds: [] }, 'module { id }', teacher),
    school.change('addLesson', { moduleId: one, title: 'T', kind: 'ARTICLE' }, 'lesson { id }', teacher),
  ]
  for (const { codes } of await Promise.all(attempts)) expect(codes).toEqual(['NOT_FOUND'])
  const moved = await school.change('updateLesson', { lessonId: lesson('y'), moduleId: one }, 'lesson { id }', teacher)
  expect(moved.codes).toEqual(['BAD_USER_INPUT'])
  expect((await school.change('reorderLessons', { moduleId: two, lessonIds: [lesson('y')] }, 'module { id }', teacher)).codes).toEqual([])
})

test('prerequisites are other lessons of the course, in no circle', async () => {
  const { one, lesson } = await draft()
  const other = await draft()
  const set = (title: string, ids: string[]) =>
    school.change('updateLesson', { lessonId: lesson(title), prerequisiteIds: ids }, 'lesson { prerequisites { id } }', teacher)
  expect((await set('b', [lesson('a'), lesson('a')])).data.lesson.prerequisites).toEqual([{ id: lesson('a') }])
  expect((await set('c', [lesson('b')])).codes).toEqual([])
  await school.done('archiveLesson', { lessonId: lesson('x') }, 'module { id }', teacher)
  for (const [title, ids, rule] of [
    ['a', [lesson('c')], 'circle'],
    ['a', [lesson('a')], 'circle'],
    ['a', [other.lesson('a')], 'unknown'],
    ['a', [systemRandom.id()], 'unknown'],
    ['a', [lesson('x')], 'unknown'],
  ] as const) {
    expect((await set(title, [...ids])).errors[0]?.extensions).toMatchObject({
      code: 'BAD_USER_INPUT',
      details: [{ path: 'input.prerequisiteIds', rule }],
    })
  }
  const added = await school.change(
    'addLesson',
    { moduleId: one, title: 'T', kind: 'QUIZ', prerequisiteIds: [other.lesson('a')] },
    'lesson { id }',
    teacher,
  )
  expect(added.codes).toEqual(['BAD_USER_INPUT'])
})

test('an order is each of what is there once; the details say what is missing and what is too much', async () => {
  const { id, one, two, lesson } = await draft()
  const order = async (moduleIds: string[]) =>
    (await school.change('reorderModules', { courseId: id, moduleIds }, 'course { id }', teacher)).errors[0]?.extensions
  const stranger = systemRandom.id()
  expect(await order([one])).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path: 'input.moduleIds', rule: 'missing' }] })
  expect(await order([one, two, one])).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ rule: 'surplus' }] })
  expect(await order([one, two, stranger])).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ rule: 'surplus' }] })
  expect(await order([one, stranger])).toMatchObject({ details: [{ rule: 'missing' }, { rule: 'surplus' }] })
  const lessons = await school.change('reorderLessons', { moduleId: one, lessonIds: ['a', 'b', 'x'].map(lesson) }, 'module { id }', teacher)
  expect(lessons.errors[0]?.extensions).toMatchObject({ details: [{ path: 'input.lessonIds', rule: 'missing' }, { rule: 'surplus' }] })
})

test('twenty lessons added at once stand in twenty places', async () => {
  const { id, one } = await draft()
  await Promise.all(Array.from({ length: 20 }, (_, n) => school.addLesson(one, teacher, { title: `n${n}` })))
  expect((await titles(id))[0]?.[1]).toHaveLength(23)
})

test('whatever happens at once, places keep no gap and no double', async () => {
  const { id, one, two, lesson } = await draft()
  const payloads = { archiveLesson: 'module { id }', archiveModule: 'course { id }' }
  const replies = await Promise.all([
    ...['a', 'c', 'x'].map((title) => school.change('archiveLesson', { lessonId: lesson(title) }, payloads.archiveLesson, teacher)),
    school.change('updateLesson', { lessonId: lesson('b'), moduleId: two }, 'lesson { id }', teacher),
    school.change('reorderLessons', { moduleId: two, lessonIds: [lesson('y'), lesson('x')] }, 'module { id }', teacher),
    school.change('addLesson', { moduleId: one, title: 'new', kind: 'VIDEO' }, 'lesson { id }', teacher),
    school.change('addModule', { courseId: id, title: 'Three' }, 'module { id }', teacher),
    school.change('archiveModule', { moduleId: one }, payloads.archiveModule, teacher),
  ])
  for (const { codes } of replies) expect(['', 'NOT_FOUND', 'BAD_USER_INPUT']).toContain(codes.join())
  await titles(id)
})

test('a course holds 100 modules and 500 lessons, not one more; archived ones make room', async () => {
  const { id, one, lesson } = await draft()
  await school.sql(
    `INSERT INTO module (id, course_id, title, position, created_at, updated_at)
     SELECT gen_random_uuid(), $1, 'M', n, now(), now() FROM generate_series(3, 100) n`,
    [id],
  )
  await school.sql(
    `INSERT INTO lesson (id, course_id, module_id, title, kind, duration_seconds, position, required, free_preview, prerequisite_ids, created_at, updated_at)
     SELECT gen_random_uuid(), $1, $2, 'L', 'ARTICLE', 0, n, true, false, '{}', now(), now() FROM generate_series(4, 498) n`,
    [id, one],
  )
  const add = () => school.change('addLesson', { moduleId: one, title: 'T', kind: 'ARTICLE' }, 'lesson { id }', teacher)
  expect((await school.change('addModule', { courseId: id, title: 'T' }, 'module { id }', teacher)).codes).toEqual(['CONFLICT'])
  expect((await add()).codes).toEqual(['CONFLICT'])
  await school.done('archiveLesson', { lessonId: lesson('a') }, 'module { id }', teacher)
  expect((await Promise.all([add(), add(), add()])).flatMap(({ codes }) => codes)).toEqual(['CONFLICT', 'CONFLICT'])
})

test('to another instructor, a learner and nobody a draft is as if it were not there', async () => {
  const { id, one, lesson } = await draft()
  const admin = viewerOf('ADMIN')
  const demoted = { ...viewerOf('STUDENT', teacher.id) }
  const attempts = [
    ['updateCourse', { courseId: id, title: 'T' }, 'course { id }'],
    ['publishCourse', { courseId: id }, 'course { id }'],
    ['archiveCourse', { courseId: id }, 'course { id }'],
    ['restoreCourse', { courseId: id }, 'course { id }'],
    ['deleteCourse', { courseId: id }, 'deletedId'],
    ['setCourseTags', { courseId: id, tagIds: [] }, 'course { id }'],
    ['addModule', { courseId: id, title: 'T' }, 'module { id }'],
    ['updateModule', { moduleId: one, title: 'T' }, 'module { id }'],
    ['archiveModule', { moduleId: one }, 'course { id }'],
    ['reorderModules', { courseId: id, moduleIds: [] }, 'course { id }'],
    ['addLesson', { moduleId: one, title: 'T', kind: 'ARTICLE' }, 'lesson { id }'],
    ['updateLesson', { lessonId: lesson('a'), title: 'T' }, 'lesson { id }'],
    ['archiveLesson', { lessonId: lesson('a') }, 'module { id }'],
    ['reorderLessons', { moduleId: one, lessonIds: [] }, 'module { id }'],
  ] as const
  const before = await school.sql('SELECT course::text FROM course WHERE id = $1', [id])
  for (const [mutation, input, payload] of attempts) {
    const unknown = {
      ...input,
      ...Object.fromEntries(
        Object.keys(input)
          .filter((key) => key.endsWith('Id'))
          .map((key) => [key, systemRandom.id()]),
      ),
    }
    const foreign = await school.change(mutation, input, payload, viewerOf('INSTRUCTOR'))
    expect(foreign.codes, mutation).toEqual(['NOT_FOUND'])
    expect(await school.change(mutation, unknown, payload, viewerOf('INSTRUCTOR')), mutation).toEqual(foreign)
    expect((await school.change(mutation, unknown, payload, admin)).codes, mutation).toEqual(['NOT_FOUND'])
    expect((await school.change(mutation, input, payload, demoted)).codes, mutation).toEqual(['FORBIDDEN'])
    expect((await school.change(mutation, input, payload, { kind: 'anonymous' })).codes, mutation).toEqual(['UNAUTHENTICATED'])
  }
  expect(await school.sql('SELECT course::text FROM course WHERE id = $1', [id])).toEqual(before)
  expect((await school.change('updateLesson', { lessonId: lesson('a'), title: 'By admin' }, 'lesson { title }', admin)).data).toEqual({
    lesson: { title: 'By admin' },
  })
})
