import { anonymous } from '@stellr/kit'
import { countStatements, manualClock, viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, oldId, openSchool, reports, type LessonShown, type School } from '../testing/school.ts'

const clock = manualClock()
const report = reports(clock)
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const OWN_TABLES = /FROM "public"|FROM unnest|enrollment|outline|progress/
async function cost(work: () => Promise<unknown>): Promise<number> {
  const { statements } = await countStatements(work)
  return statements.filter(({ database, text }) => database === 'progress' && OWN_TABLES.test(text) && !text.includes('stellr.')).length
}

test('progress is seen by its learner, the course’s instructor and administrators; for others there is none', async () => {
  const course = await school.publishCourse([lessonOf()])
  const enrolled = await school.enroll(course)
  for (const viewer of [enrolled.learner, viewerOf('INSTRUCTOR', course.instructorId), viewerOf('ADMIN')]) {
    expect((await school.progressOf(enrolled, viewer)).data.courseProgress.percent).toBe(0)
    expect((await school.entities('Enrollment', [enrolled.id], 'progress { percent }', viewer)).data._entities).toEqual([
      { progress: { percent: 0 } },
    ])
  }
  const longAgo = { ...enrolled, id: oldId() }
  for (const viewer of [viewerOf('STUDENT'), viewerOf('INSTRUCTOR')]) {
    const foreign = await school.progressOf(enrolled, viewer)
    expect(foreign.codes).toEqual(['NOT_FOUND'])
    expect((await school.progressOf(longAgo, viewer)).errors).toEqual(foreign.errors)
    expect((await school.progressOf({ ...enrolled, id: "' OR 1=1 --" }, viewer)).errors).toEqual(foreign.errors)
    const stub = await school.entities('Enrollment', [enrolled.id, longAgo.id, 'x'], 'progress { percent }', viewer)
    expect(stub).toMatchObject({ data: { _entities: [null, null, null] }, codes: [] })
  }
  expect((await school.progressOf(enrolled, anonymous)).codes).toEqual(['UNAUTHENTICATED'])
  expect((await school.entities('Enrollment', [enrolled.id], 'progress { percent }', anonymous)).data._entities).toEqual([null])
})

test('a lesson and a module show the viewer’s own progress, and nobody else’s', async () => {
  const [first, second, extra, other] = [lessonOf(), lessonOf(), lessonOf({ required: false }), lessonOf()]
  const course = await school.publishCourse([[first, second, extra], [other]])
  const { learner } = await school.enroll(course)
  await school.mark(first.lessonId, learner)
  const lessonIds = course.lessons.map(({ lessonId }) => lessonId)
  const moduleIds = course.modules.map(({ moduleId }) => moduleId)
  const lessonsOf = async (viewer: typeof learner | typeof anonymous) =>
    (await school.entities('Lesson', [...lessonIds, 'x'], 'viewerProgress { state }', viewer)).data._entities.map(
      (of: { viewerProgress: LessonShown | null }) => of.viewerProgress?.state ?? null,
    )
  const modulesOf = async (viewer: typeof learner | typeof anonymous) =>
    (await school.entities('Module', moduleIds, 'viewerProgress { percent completedLessons requiredLessons }', viewer)).data._entities
  expect(await lessonsOf(learner)).toEqual(['COMPLETED', 'NOT_STARTED', 'NOT_STARTED', 'NOT_STARTED', null])
  expect(await modulesOf(learner)).toEqual([
    { viewerProgress: { percent: 50, completedLessons: 1, requiredLessons: 2 } },
    { viewerProgress: { percent: 0, completedLessons: 0, requiredLessons: 1 } },
  ])
  for (const viewer of [viewerOf('STUDENT'), viewerOf('ADMIN'), anonymous]) {
    expect(await lessonsOf(viewer)).toEqual([null, null, null, null, null])
    expect(await modulesOf(viewer)).toEqual([{ viewerProgress: null }, { viewerProgress: null }])
  }
})

test('twenty enrollments cost as many statements as one, with all their lessons too', async () => {
  const teacher = viewerOf('INSTRUCTOR')
  const course = await school.publishCourse(Array.from({ length: 10 }, () => lessonOf()))
  const twenty = await Promise.all(Array.from({ length: 20 }, () => school.enroll(course, { instructorId: teacher.id })))
  const ids = twenty.map(({ id }) => id)
  const ask = (of: string[], fields: string) => school.entities('Enrollment', of, `progress { ${fields} }`, teacher)
  expect((await ask(ids, 'percent')).data._entities).toEqual(ids.map(() => ({ progress: { percent: 0 } })))
  expect(await cost(() => ask(ids.slice(0, 1), 'percent'))).toBe(2)
  expect(await cost(() => ask(ids, 'percent'))).toBe(2)
  expect(await cost(() => ask(ids, 'percent lessons { state locked }'))).toBe(4)
})

test('the progress of fifty lessons costs as many statements as that of one', async () => {
  const course = await school.publishCourse(Array.from({ length: 50 }, () => lessonOf({ kind: 'VIDEO', durationSeconds: 10 })))
  const enrolled = await school.enroll(course)
  const lessonIds = course.lessons.map(({ lessonId }) => lessonId)
  await school.record(
    enrolled,
    lessonIds.map((lessonId) => report(lessonId, 'PROGRESSED', 0, { ranges: [{ start: 0, end: 5 }] })),
  )
  const ask = (of: string[]) => school.entities('Lesson', of, 'viewerProgress { percent }', enrolled.learner)
  expect((await ask(lessonIds)).data._entities).toEqual(lessonIds.map(() => ({ viewerProgress: { percent: 50 } })))
  expect(await cost(() => ask(lessonIds.slice(0, 1)))).toBe(3)
  expect(await cost(() => ask(lessonIds))).toBe(3)
  const moduleIds = course.modules.map(({ moduleId }) => moduleId)
  expect(await cost(() => school.entities('Module', moduleIds, 'viewerProgress { percent }', enrolled.learner))).toBe(3)
  expect(await cost(() => school.progressOf(enrolled))).toBe(4)
})
