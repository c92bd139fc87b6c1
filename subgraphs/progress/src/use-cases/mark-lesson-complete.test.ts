import { manualClock, viewerOf } from '@stellr/kit/testing'
import { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, newId, openSchool, type LessonShown, type School } from '../testing/school.ts'

const clock = manualClock()
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

test('a lesson is marked once, however often and at once, and the course completes with the last one that is required', async () => {
  const [first, second, extra] = [lessonOf(), lessonOf({ kind: 'VIDEO', durationSeconds: 60 }), lessonOf({ required: false })]
  const { id, learner, course } = await school.enroll(await school.publishCourse([first, second, extra]))
  const { data } = await school.mark(first.lessonId, learner)
  const now = clock.now().toISOString()
  expect(data.markLessonComplete).toMatchObject({
    lessonProgress: { lesson: { id: first.lessonId }, state: 'COMPLETED', percent: 100, completedAt: now },
    courseProgress: { percent: 50, completedLessons: 1, minutes: 0, completedAt: null, lastActivityAt: now },
  })
  clock.advance(60)
  const answers = await Promise.all(Array.from({ length: 10 }, () => school.mark(second.lessonId, learner)))
  const done = clock.now().toISOString()
  for (const answer of answers) {
    expect(answer.data.markLessonComplete.courseProgress).toMatchObject({
      percent: 100,
      completedLessons: 2,
      requiredLessons: 2,
      completedAt: done,
    })
  }
  clock.advance(60)
  expect((await school.mark(first.lessonId, learner)).data.markLessonComplete).toMatchObject({
    lessonProgress: { completedAt: now },
    courseProgress: { completedAt: done, lastActivityAt: done, resume: { lesson: { id: second.lessonId }, position: 0 } },
  })
  const facts = { enrollmentId: id, userId: learner.id, courseId: course.courseId }
  expect(await school.events(id)).toEqual([
    {
      type: 'progress.updated',
      version: 2,
      data: { ...facts, percentBasisPoints: 5_000, completedLessons: 1, requiredLessons: 2, activeSeconds: 0 },
    },
    {
      type: 'progress.updated',
      version: 3,
      data: { ...facts, percentBasisPoints: 10_000, completedLessons: 2, requiredLessons: 2, activeSeconds: 0 },
    },
    { type: 'course.completed', version: 1, data: { ...facts, courseVersion: 1, completedAt: done } },
  ])
  expect(await school.events(`${id}:${second.lessonId}`)).toEqual([
    { type: 'lesson.completed', version: 1, data: { ...facts, lessonId: second.lessonId, completedAt: done } },
  ])
})

test('a third of three is a hundred percent, a third is 33.33', async () => {
  const lessons = [lessonOf(), lessonOf(), lessonOf()]
  const { learner } = await school.enroll(await school.publishCourse(lessons))
  const percents = []
  for (const { lessonId } of lessons) percents.push((await school.mark(lessonId, learner)).data.markLessonComplete.courseProgress.percent)
  expect(percents).toEqual([33.33, 66.66, 100])
})

test('a course in which nothing is required has no percent and never completes', async () => {
  const optional = lessonOf({ required: false })
  const enrolled = await school.enroll(await school.publishCourse([optional]))
  const { data } = await school.mark(optional.lessonId, enrolled.learner)
  expect(data.markLessonComplete.courseProgress).toMatchObject({ percent: null, requiredLessons: 0, completedAt: null })
})

test('a locked lesson says what is missing, a quiz is passed and not marked', async () => {
  const [first, quiz] = [lessonOf(), lessonOf({ kind: 'QUIZ' })]
  const last = lessonOf({ prerequisiteIds: [first.lessonId, quiz.lessonId] })
  const { learner } = await school.enroll(await school.publishCourse([first, quiz, last]))
  await school.mark(first.lessonId, learner)
  const locked = await school.mark(last.lessonId, learner)
  expect(locked.errors[0]?.extensions).toMatchObject({ code: 'LESSON_LOCKED', details: { missing: [quiz.lessonId] } })
  expect((await school.mark(quiz.lessonId, learner)).codes).toEqual(['CONFLICT'])
})

test('a lesson that nobody has is NOT_FOUND; one of a course that the learner is not in, or no longer, is NOT_ENROLLED', async () => {
  const lesson = lessonOf()
  const enrolled = await school.enroll(await school.publishCourse([lesson]))
  await enrolled.change({ status: 'DROPPED' })
  const [unknown, foreign, ended] = await Promise.all([
    school.mark(newId(), enrolled.learner),
    school.mark(lesson.lessonId, viewerOf('STUDENT')),
    school.mark(lesson.lessonId, enrolled.learner),
  ])
  expect([unknown.codes, foreign.codes, ended.codes]).toEqual([['NOT_FOUND'], ['NOT_ENROLLED'], ['NOT_ENROLLED']])
})

test('who has dropped a course and enrolled again starts anew', async () => {
  const [lesson, other] = [lessonOf(), lessonOf()]
  const course = await school.publishCourse([lesson, other])
  const first = await school.enroll(course)
  await school.mark(lesson.lessonId, first.learner)
  await first.change({ status: 'DROPPED' })
  const second = await school.enroll(course, { attempt: 2 }, first.learner)
  expect((await school.mark(other.lessonId, first.learner)).data.markLessonComplete.courseProgress).toMatchObject({ percent: 50 })
  expect((await school.progressOf(second)).data.courseProgress.lessons.map(({ state }: LessonShown) => state)).toEqual([
    'NOT_STARTED',
    'COMPLETED',
  ])
})

test('who enrolls and completes a lesson at once is never told that they are not enrolled', async () => {
  const lesson = lessonOf()
  const course = await school.publishCourse([lesson])
  for (let round = 0; round < 20; round += 1) {
    const learner = viewerOf('STUDENT')
    const [{ codes }] = await Promise.all([school.mark(lesson.lessonId, learner), school.enroll(course, {}, learner)])
    expect(codes).toEqual([])
  }
})

test('a report for an enrollment of this moment waits for the news of it', async () => {
  const lesson = lessonOf()
  const course = await school.publishCourse([lesson])
  const [id, learner] = [newId(), viewerOf('STUDENT')]
  const event = { clientEventId: newId(), lessonId: lesson.lessonId, kind: 'OPENED', occurredAt: clock.now().toISOString() } as const
  const recorded = school.record({ id, learner }, [event])
  const asked = school.entities('Enrollment', [id], 'progress { percent }', learner)
  await school.publish(
    EnrollmentCreated,
    { id, version: 1 },
    {
      enrollmentId: id,
      userId: learner.id,
      courseId: course.courseId,
      instructorId: course.instructorId,
      courseVersion: 1,
      status: 'ACTIVE',
      previousStatus: null,
      attempt: 1,
      enrolledAt: clock.now().toISOString(),
      expiresAt: null,
      price: { amount: 0, currency: 'EUR' },
    },
  )
  expect((await recorded).data.recordProgress.results).toMatchObject([{ status: 'ACCEPTED' }])
  expect((await asked).data).toEqual({ _entities: [{ progress: { percent: 0 } }] })
})
