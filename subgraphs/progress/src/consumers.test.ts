import { manualClock, viewerOf } from '@stellr/kit/testing'
import { CourseVersionPublished } from '@stellr/schema/events/courses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, newId, openSchool, reports, type LessonShown, type School } from './testing/school.ts'

const clock = manualClock()
const report = reports(clock)
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

test('an enrollment that is heard of before its outline counts as soon as the outline is there', async () => {
  const lesson = lessonOf()
  const course = {
    courseId: newId(),
    version: 1,
    instructorId: newId(),
    lessons: [lesson],
    modules: [{ moduleId: newId(), title: 'M', lessons: [lesson] }],
  }
  const enrolled = await school.enroll(course)
  await enrolled.change({ status: 'SUSPENDED' })
  await enrolled.change({ status: 'ACTIVE' })
  const { lessons: _, ...data } = course
  await school.publish(
    CourseVersionPublished,
    { id: `${course.courseId}:1`, version: 1 },
    { ...data, title: 'C', publishedAt: clock.now().toISOString() },
  )
  const stored = () => {
    clock.advance(1)
    return school.sql('SELECT status::text, version FROM enrollment WHERE id = $1', [enrolled.id])
  }
  await expect.poll(stored).toEqual([{ status: 'ACTIVE', version: 3 }])
  expect((await school.mark(lesson.lessonId, enrolled.learner)).data.markLessonComplete.courseProgress.percent).toBe(100)
})

test('older news of an enrollment changes nothing', async () => {
  const enrolled = await school.enroll(await school.publishCourse([lessonOf()]))
  await enrolled.change({ status: 'DROPPED' }, 5)
  await enrolled.change({ status: 'ACTIVE' }, 4)
  expect(await school.sql('SELECT status::text, version FROM enrollment WHERE id = $1', [enrolled.id])).toEqual([
    { status: 'DROPPED', version: 5 },
  ])
})

test('a version that is published again changes nothing', async () => {
  const course = await school.publishCourse([lessonOf(), lessonOf()])
  await school.publishCourse([lessonOf()], course)
  const enrolled = await school.enroll(course)
  expect((await school.progressOf(enrolled)).data.courseProgress.lessons.map(({ lesson }: LessonShown) => lesson.id)).toEqual(
    course.lessons.map(({ lessonId }) => lessonId),
  )
})

test('suspended, ended or expired, an enrollment takes nothing in and still shows how far it came', async () => {
  const lesson = lessonOf()
  const course = await school.publishCourse([lesson, lessonOf()])
  const expiresAt = new Date(clock.now().getTime() + 60_000).toISOString()
  const enrolled = await school.enroll(course, { expiresAt })
  const record = async () => school.record(enrolled, [report(lesson.lessonId, 'COMPLETED')])
  expect((await record()).codes).toEqual([])
  clock.advance(60)
  expect((await record()).codes).toEqual(['NOT_ENROLLED'])
  await enrolled.change({ expiresAt: null, status: 'SUSPENDED' })
  expect((await record()).codes).toEqual(['NOT_ENROLLED'])
  await enrolled.change({ status: 'COMPLETED' })
  expect((await record()).codes).toEqual([])
  await enrolled.change({ status: 'REFUNDED' })
  expect((await record()).codes).toEqual(['NOT_ENROLLED'])
  expect((await school.progressOf(enrolled)).data.courseProgress).toMatchObject({ percent: 50, completedLessons: 1 })
})

test('a new version keeps what is done, counts anew, and never takes a completion back', async () => {
  const [kept, dropped, added] = [lessonOf(), lessonOf(), lessonOf()]
  const course = await school.publishCourse([kept, dropped])
  const enrolled = await school.enroll(course)
  await school.mark(kept.lessonId, enrolled.learner)
  clock.advance(1)
  await school.mark(dropped.lessonId, enrolled.learner)
  const completedAt = clock.now().toISOString()

  await school.publishCourse([kept, added], { courseId: course.courseId, version: 2 })
  await enrolled.change({ courseVersion: 2 })
  expect((await school.progressOf(enrolled)).data.courseProgress).toMatchObject({
    percent: 50,
    completedLessons: 1,
    requiredLessons: 2,
    completedAt,
    resume: { lesson: { id: kept.lessonId } },
    lessons: [{ state: 'COMPLETED' }, { state: 'NOT_STARTED' }],
  })
  expect((await school.record(enrolled, [report(dropped.lessonId, 'OPENED')])).data.recordProgress.results[0].code).toBe('NOT_FOUND')
  const { data } = await school.mark(added.lessonId, enrolled.learner)
  expect(data.markLessonComplete.courseProgress).toMatchObject({ percent: 100, completedAt })
  expect((await school.events(enrolled.id)).map(({ type, data: { percentBasisPoints } }) => percentBasisPoints ?? type)).toEqual([
    5_000,
    10_000,
    'course.completed',
    5_000,
    10_000,
  ])
})

test('who has already done all that a new version asks for completes it by going over', async () => {
  const [done, open] = [lessonOf(), lessonOf()]
  const course = await school.publishCourse([done, open])
  const enrolled = await school.enroll(course)
  await school.mark(done.lessonId, enrolled.learner)
  await school.publishCourse([done], { courseId: course.courseId, version: 2 })
  await enrolled.change({ courseVersion: 2 })
  const { completedAt, percent } = (await school.progressOf(enrolled)).data.courseProgress
  expect(percent).toBe(100)
  expect(await school.events(enrolled.id)).toMatchObject([
    { type: 'progress.updated', version: 2 },
    { type: 'progress.updated', version: 3 },
    { type: 'course.completed', version: 1, data: { courseVersion: 2, completedAt } },
  ])
  await enrolled.change({ status: 'COMPLETED' })
  expect(await school.events(enrolled.id)).toHaveLength(3)
})

test('an enrollment that waits for its payment has not begun', async () => {
  const lesson = lessonOf()
  const { learner } = await school.enroll(await school.publishCourse([lesson]), { status: 'PENDING_PAYMENT' }, viewerOf('STUDENT'))
  expect((await school.entities('Lesson', [lesson.lessonId], 'viewerProgress { state }', learner)).data._entities).toEqual([
    { viewerProgress: null },
  ])
  expect((await school.mark(lesson.lessonId, learner)).codes).toEqual(['NOT_ENROLLED'])
})
