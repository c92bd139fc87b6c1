import { anonymous, systemRandom, type Viewer } from '@stellr/kit'
import { countStatements, viewerOf } from '@stellr/kit/testing'
import { EnrollmentActivated, EnrollmentDropped, EnrollmentSuspended } from '@stellr/schema/events/enrollments'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from './testing/school.ts'

let school: School
beforeAll(async () => {
  school = await openSchool()
})
afterAll(() => school.stop())

const COURSE = 'query ($id: ID, $slug: String) { course(id: $id, slug: $slug) { id status modules { title } } }'
const LESSON = 'query ($id: ID!) { lesson(id: $id) { title body } }'
const admin = viewerOf('ADMIN')

async function reads(lessonId: string | undefined, viewer: Viewer = anonymous) {
  const { data, codes } = await school.ask(LESSON, { id: lessonId }, viewer)
  return data.lesson?.body ?? codes.join()
}

test('a course is found by id and by slug, by exactly one of them', async () => {
  const { id, slug } = await school.draft(viewerOf('INSTRUCTOR'), { title: 'Found by both' })
  expect((await school.ask(COURSE, { id }, admin)).data.course.id).toBe(id)
  expect((await school.ask(COURSE, { id: id.toUpperCase() }, admin)).data.course.id).toBe(id)
  expect((await school.ask(COURSE, { slug }, admin)).data.course.id).toBe(id)
  for (const both of [{}, { id, slug }, { id: null, slug: null }]) {
    expect((await school.ask(COURSE, both, admin)).codes).toEqual(['BAD_USER_INPUT'])
  }
})

test('what is not there and what is hidden look alike, whatever is asked for', async () => {
  const draft = await school.draft(viewerOf('INSTRUCTOR'))
  const hidden = await school.ask(COURSE, { id: draft.id }, viewerOf('INSTRUCTOR'))
  expect(hidden.codes).toEqual(['NOT_FOUND'])
  for (const id of [systemRandom.id(), 'x', "' OR 1=1 --", '\u0000', '']) expect(await school.ask(COURSE, { id })).toEqual(hidden)
  for (const slug of [draft.slug, 'unknown', '\u0000', 'x'.repeat(10_000)]) expect(await school.ask(COURSE, { slug })).toEqual(hidden)
  for (const id of [systemRandom.id(), 'x', '\u0000']) expect((await school.ask(LESSON, { id })).codes).toEqual(['NOT_FOUND'])
})

test('a draft is its staff’s; an archived course is also for whoever has, or had, an enrollment', async () => {
  const { id, teacher, moduleId, lessonIds } = await school.published()
  const [learner, dropped, stranger] = [viewerOf('STUDENT'), viewerOf('STUDENT'), viewerOf('STUDENT')]
  await school.enroll(learner, id)
  await school.enroll(dropped, id, { status: 'DROPPED', event: EnrollmentDropped })
  await school.done('archiveCourse', { courseId: id }, 'course { id }', teacher)
  for (const viewer of [learner, dropped, teacher, admin]) {
    expect((await school.ask(COURSE, { id }, viewer)).data.course).toEqual({ id, status: 'ARCHIVED', modules: [{ title: 'One' }] })
    expect((await school.entities('Module', [{ id: moduleId }], 'title course { id }', viewer)).data._entities).toEqual([
      { title: 'One', course: { id } },
    ])
    expect((await school.entities('Lesson', [{ id: lessonIds[0] }], 'title', viewer)).data._entities).toEqual([{ title: 'Lesson 1' }])
    expect((await school.entities('CourseVersion', [{ courseId: id, number: 1 }], 'number', viewer)).data._entities).toEqual([
      { number: 1 },
    ])
  }
  for (const viewer of [stranger, viewerOf('INSTRUCTOR'), anonymous]) {
    expect((await school.ask(COURSE, { id }, viewer)).codes).toEqual(['NOT_FOUND'])
    expect((await school.entities('Course', [{ id }], 'id', viewer)).data._entities).toEqual([null])
    expect((await school.entities('Module', [{ id: moduleId }], 'id', viewer)).data._entities).toEqual([null])
    expect((await school.entities('Lesson', [{ id: lessonIds[0] }], 'id', viewer)).data._entities).toEqual([null])
    expect((await school.entities('CourseVersion', [{ courseId: id, number: 1 }], 'number', viewer)).data._entities).toEqual([null])
  }
  expect([await reads(lessonIds[0], learner), await reads(lessonIds[0], teacher)]).toEqual(['Words', 'Words'])
})

test('an older version is for those who learn it and for staff; the latest is for everybody', async () => {
  const { id, teacher, moduleId } = await school.published()
  const learner = viewerOf('STUDENT')
  await school.enroll(learner, id)
  await school.addLesson(moduleId, teacher)
  await school.done('publishCourse', { courseId: id }, 'course { id }', teacher)
  const versions = async (viewer: Viewer) => {
    const keys = [1, 2, 3].map((number) => ({ courseId: id, number }))
    const { data, codes } = await school.entities('CourseVersion', keys, 'number modules { lessons { lesson { title } } }', viewer)
    expect(codes).toEqual([])
    return data._entities.map((version: { number: number } | null) => version?.number ?? null)
  }
  expect(await versions(anonymous)).toEqual([null, 2, null])
  expect(await versions(viewerOf('INSTRUCTOR'))).toEqual([null, 2, null])
  expect(await versions(learner)).toEqual([1, 2, null])
  expect(await versions(teacher)).toEqual([1, 2, null])
  const odd = [
    { courseId: 'x', number: 1 },
    { courseId: id, number: 2 ** 40 },
    { courseId: id, number: -1 },
    { courseId: id, number: 1.5 },
  ]
  expect((await school.entities('CourseVersion', odd, 'number', admin)).data._entities).toEqual([null, null, null, null])
})

test('lessons are open to learners and staff, free previews to everybody; others get NOT_ENROLLED', async () => {
  const { id, teacher, moduleId, lessonIds } = await school.published()
  const preview = await school.addLesson(moduleId, teacher, { freePreview: true, body: 'Free words' })
  await school.done('publishCourse', { courseId: id }, 'course { id }', teacher)
  const [learner, completed] = [viewerOf('STUDENT'), viewerOf('STUDENT')]
  await school.enroll(learner, id, { courseVersion: 2, expiresAt: '2999-01-01T00:00:00.000Z' })
  await school.enroll(completed, id, { courseVersion: 2, status: 'COMPLETED' })
  for (const viewer of [learner, completed, teacher, admin]) expect(await reads(lessonIds[0], viewer)).toBe('Words')
  for (const viewer of [anonymous, learner, admin]) expect(await reads(preview, viewer)).toBe('Free words')
  expect(await reads(lessonIds[0])).toBe('NOT_ENROLLED')
  const { data, codes } = await school.ask(LESSON, { id: lessonIds[0] })
  expect([data.lesson, codes]).toEqual([{ title: 'Lesson 1', body: null }, ['NOT_ENROLLED']])
})

test('an enrollment that is over, suspended, unpaid or expired opens nothing, though the course is seen', async () => {
  const { id, lessonIds } = await school.published()
  const cases = [
    { status: 'SUSPENDED' },
    { status: 'DROPPED' },
    { status: 'EXPIRED' },
    { status: 'REFUNDED' },
    { status: 'PENDING_PAYMENT' },
    { status: 'CANCELED' },
    // The job that records it has not come by yet.
    { status: 'ACTIVE', expiresAt: '2026-01-01T00:00:00.000Z' },
    { status: 'COMPLETED', expiresAt: '2026-01-01T00:00:00.000Z' },
  ] as const
  const replies = cases.map(async (enrollment) => {
    const learner = viewerOf('STUDENT')
    await school.enroll(learner, id, enrollment)
    return reads(lessonIds[0], learner)
  })
  expect(await Promise.all(replies)).toEqual(cases.map(() => 'NOT_ENROLLED'))
})

test('who is suspended hears so at once: nobody waits for news that would change nothing', async () => {
  const { id, lessonIds } = await school.published()
  const learner = viewerOf('STUDENT')
  const enrollmentId = await school.enroll(learner, id)
  await school.enroll(learner, id, { enrollmentId, version: 2, status: 'SUSPENDED', event: EnrollmentSuspended })
  const { result, statements } = await countStatements(() => reads(lessonIds[0], learner))
  expect(result).toBe('NOT_ENROLLED')
  expect(statements.filter(({ text }) => text.includes('"enrollment"'))).toHaveLength(1)
})

test('who has enrolled, enrolled again, or paid a moment ago reads at once, before the news has arrived', async () => {
  const { id, lessonIds } = await school.published()
  const [fresh, again, paid] = [viewerOf('STUDENT'), viewerOf('STUDENT'), viewerOf('STUDENT')]
  await school.enroll(again, id, { status: 'DROPPED', event: EnrollmentDropped })
  const payment = await school.enroll(paid, id, { status: 'PENDING_PAYMENT' })
  const asked = Promise.all([fresh, again, paid].map((learner) => reads(lessonIds[0], learner)))
  await school.enroll(fresh, id)
  await school.enroll(again, id, { attempt: 2 })
  await school.enroll(paid, id, { enrollmentId: payment, version: 2, event: EnrollmentActivated })
  expect(await asked).toEqual(['Words', 'Words', 'Words'])
})

test('whoever has no right to the twenty texts of a course waits for it once, not twenty times', async () => {
  const { id } = await school.published(20)
  const text = 'query ($id: ID) { course(id: $id) { modules { lessons { body } } } }'
  const { result, statements } = await countStatements(() => school.ask(text, { id }, viewerOf('STUDENT')))
  expect(result.codes).toEqual(Array.from({ length: 20 }, () => 'NOT_ENROLLED'))
  // One for all, then the looks of one waiter within two seconds.
  expect(statements.filter(({ text: sql }) => sql.includes('"enrollment"')).length).toBeLessThan(20)
  expect(statements.filter(({ text: sql }) => sql.includes('body'))).toEqual([])
})

test('somebody teaches what is published to all, and the rest to themselves and administrators, page by page', async () => {
  const { id, teacher, moduleId } = await school.published()
  await school.addLesson(moduleId, teacher)
  const drafts = [await school.draft(teacher), await school.draft(teacher)]
  const list = async (viewer: Viewer, paging = '') => {
    const fields = `taughtCourses${paging} { edges { node { id } } pageInfo { hasNextPage endCursor } }`
    const answer = await school.entities('User', [{ id: teacher.id }], fields, viewer)
    const page = answer.data?._entities[0]?.taughtCourses
    return { ...answer, page, ids: page?.edges.map(({ node }: { node: { id: string } }) => node.id) }
  }
  const all = [...drafts.map((draft) => draft.id).toReversed(), id]
  for (const viewer of [teacher, admin]) expect((await list(viewer)).ids).toEqual(all)
  for (const viewer of [anonymous, viewerOf('INSTRUCTOR'), viewerOf('STUDENT', teacher.id)]) expect((await list(viewer)).ids).toEqual([id])
  const first = await list(teacher, '(first: 2)')
  expect([first.ids, first.page.pageInfo.hasNextPage]).toEqual([all.slice(0, 2), true])
  expect((await list(teacher, `(first: 2, after: "${first.page.pageInfo.endCursor}")`)).ids).toEqual(all.slice(2))
  for (const paging of ['(first: 51)', '(first: -1)', '(after: "x")']) {
    expect((await list(teacher, paging)).codes).toEqual(['BAD_USER_INPUT'])
  }
  expect((await school.entities('User', [{ id: 'x' }], 'id')).data._entities).toEqual([null])
})
