import { anonymous, systemRandom, type Viewer } from '@stellr/kit'
import { CourseUpdated } from '@stellr/schema/events/courses'
import { CourseCompleted, LessonCompleted } from '@stellr/schema/events/progress'
import { manualClock } from '@stellr/kit/testing'
import { parse } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { recordExpired } from '../jobs.ts'
import { openSchool, person, student, type CourseState, type School } from '../testing/school.ts'

// Others' events are dated by the machine's clock.
const clock = manualClock(new Date())
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const admin = person('ADMIN')
const MINE = `subscription ($after: String) { enrollmentUpdated(after: $after) {
  cursor at enrollment { id status version attempt course { id } } transition { from to reason actor { id } } } }`
const COURSE = `subscription ($id: ID!, $after: String) { courseActivity(courseId: $id, after: $after) {
  cursor at kind enrollment { id status user { id } } lesson { id } } }`

const BEGIN = 'query ($id: ID!) { courseActivityCursor(courseId: $id) }'

async function listen(text: string, variables: Record<string, unknown>, viewer: Viewer) {
  const heard = await school.listen(text, variables, viewer)
  const field = text.includes('enrollmentUpdated') ? 'enrollmentUpdated' : 'courseActivity'
  const next = async () => {
    const answer = await heard.next()
    return answer && { codes: answer.codes, event: answer.data?.[field] ?? null }
  }
  return { ...heard, next, events: async (count: number) => Array.fromAsync({ length: count }, async () => (await next())?.event) }
}
const watchMine = (viewer: Viewer, after?: string) => listen(MINE, { after }, viewer)
const watchCourse = ({ courseId }: Pick<CourseState, 'courseId'>, viewer: Viewer, after?: string) =>
  listen(COURSE, { id: courseId, after }, viewer)
const teacherOf = ({ instructorId }: CourseState) => person('INSTRUCTOR', instructorId)

/** What progress publishes. */
async function complete(course: CourseState, enrollmentId: string, userId: string, lessonId: string) {
  const learner = { enrollmentId, userId, courseId: course.courseId }
  const completedAt = clock.now().toISOString()
  await school.publish(LessonCompleted, { id: `${enrollmentId}:${lessonId}`, version: 1 }, { ...learner, lessonId, completedAt })
  await school.publish(CourseCompleted, { id: enrollmentId, version: 1 }, { ...learner, courseVersion: 1, completedAt })
}

test('learners see each change of their own enrollments as it was, and nobody else’s', async () => {
  const [ada, bob] = [student(), student()]
  const [free, paid] = [await school.course(), await school.course({ price: { amount: 900, currency: 'EUR' } })]
  const { events, end } = await watchMine(ada)
  await school.enroll(bob, free.courseId)
  const { id } = await school.enroll(ada, free.courseId)
  await school.enroll(ada, paid.courseId)
  await school.change('enrollUser', { userId: ada.id, courseId: paid.courseId }, admin)
  await school.change('suspendEnrollment', { enrollmentId: id, reason: 'Why.' }, admin)
  await school.change('resumeEnrollment', { enrollmentId: id }, admin)
  await school.change('dropEnrollment', { enrollmentId: id }, ada)
  const seen = await events(6)
  expect(seen.map(({ enrollment, transition }) => [enrollment.status, transition.from, transition.reason])).toEqual([
    ['ACTIVE', null, 'enrolled'],
    ['PENDING_PAYMENT', null, 'enrolled'],
    ['ACTIVE', 'PENDING_PAYMENT', 'enrolled_by_admin'],
    ['SUSPENDED', 'ACTIVE', 'suspended'],
    ['ACTIVE', 'SUSPENDED', 'resumed'],
    ['DROPPED', 'ACTIVE', 'dropped'],
  ])
  expect(seen[3].transition.actor).toEqual({ id: admin.id })
  end()
})

test('going over to another version is an update without a transition', async () => {
  const ada = student()
  const course = await school.course()
  const { id } = await school.enroll(ada, course.courseId)
  const { events, end } = await watchMine(ada)
  await school.publish(CourseUpdated, { id: course.courseId, version: 2 }, { ...course, version: 2 })
  await school.change('adoptLatestVersion', { enrollmentId: id }, ada)
  expect(await events(1)).toMatchObject([{ enrollment: { id, version: 2, status: 'ACTIVE' }, transition: null }])
  end()
})

test('two devices see the same, and one that was away goes on after its last update', async () => {
  const ada = student()
  const courses = [await school.course(), await school.course(), await school.course()]
  const [phone, web] = await Promise.all([watchMine(ada), watchMine(ada)])
  const [first] = await Promise.all([phone.events(1), school.enroll(ada, courses[0]?.courseId ?? '')])
  phone.end()
  for (const { courseId } of courses.slice(1)) await school.enroll(ada, courseId)
  const back = await watchMine(ada, first[0].cursor)
  const seen = [...first, ...(await back.events(2))]
  expect(seen.map(({ enrollment }) => enrollment.course.id)).toEqual(courses.map(({ courseId }) => courseId))
  expect(await web.events(3)).toEqual(seen)
  for (const { end } of [web, back]) end()
})

test('whoever takes a cursor before they listen misses nothing, though they are cut off before the first update', async () => {
  const ada = student()
  const [first, second] = [await school.course(), await school.course()]
  const cursor = (await school.ask('{ enrollmentUpdatedCursor }', {}, ada)).data.enrollmentUpdatedCursor
  const courseCursor = (await school.ask(BEGIN, { id: first.courseId }, teacherOf(first))).data.courseActivityCursor
  for (const listening of [await watchMine(ada, cursor), await watchCourse(first, teacherOf(first), courseCursor)]) listening.end()
  await school.enroll(ada, first.courseId)
  const [mine, course] = [await watchMine(ada, cursor), await watchCourse(first, teacherOf(first), courseCursor)]
  expect(await mine.events(1)).toMatchObject([{ enrollment: { course: { id: first.courseId } } }])
  expect(await course.events(1)).toMatchObject([{ kind: 'ENROLLED' }])
  // The control: without it, and also with one that was taken later, it is missed.
  const later = (await school.ask('{ enrollmentUpdatedCursor }', {}, ada)).data.enrollmentUpdatedCursor
  const [forgetful, after] = [await watchMine(ada), await watchMine(ada, later)]
  await school.enroll(ada, second.courseId)
  for (const listening of [forgetful, after])
    expect(await listening.events(1)).toMatchObject([{ enrollment: { course: { id: second.courseId } } }])
  for (const { end } of [mine, course, forgetful, after]) end()
})

test('a stream that broke off before its first update begins where it began, when its router hands that back', async () => {
  const ada = student()
  const { courseId } = await school.course()
  const subscribe = async (since?: string) => {
    const caller = { ipAddress: null, userAgent: null }
    const { signal } = new AbortController()
    const begun = await school.running.subscribe({ document: parse(MINE), viewer: ada, caller, signal, since })
    if (!(Symbol.asyncIterator in begun)) throw new Error('refused')
    return begun
  }
  const broken = await subscribe()
  await broken.return?.()
  await school.enroll(ada, courseId)
  const again = await subscribe(broken.since)
  expect((await again.next()).value?.data).toMatchObject({ enrollmentUpdated: { enrollment: { course: { id: courseId } } } })
  await again.return?.()
})

test.each([
  ['nobody', anonymous, ['UNAUTHENTICATED']],
  ['a student', student(), ['FORBIDDEN']],
  ['another instructor', person('INSTRUCTOR'), ['FORBIDDEN']],
])('%s is given no cursor of what learners do in a course', async (_who, viewer, codes) => {
  const course = await school.course()
  expect((await school.ask(BEGIN, { id: course.courseId }, viewer)).codes).toEqual(codes)
  expect((await school.ask(BEGIN, { id: systemRandom.id() }, admin)).codes).toEqual(['NOT_FOUND'])
})

test('another learner’s cursor is refused, and so is whoever is not signed in', async () => {
  const [ada, bob] = [student(), student()]
  const { courseId } = await school.course()
  const { events } = await watchMine(ada)
  await school.enroll(ada, courseId)
  const [update] = await events(1)
  expect(await (await watchMine(bob, update.cursor)).next()).toMatchObject({ codes: ['BAD_USER_INPUT'] })
  expect(await (await watchMine(anonymous)).next()).toMatchObject({ codes: ['UNAUTHENTICATED'] })
})

test('a teacher sees who begins, completes lessons and the course, leaves, and runs out of time', async () => {
  const [ada, bob] = [student(), student()]
  const course = await school.course({ accessDays: 1 })
  const { events, end } = await watchCourse(course, teacherOf(course))
  const enrolled = await school.enroll(ada, course.courseId)
  await school.settle()
  const lessonId = systemRandom.id()
  await complete(course, enrolled.id, ada.id, lessonId)
  await school.settle()
  // Order holds within one enrollment: between two, wait.
  const { id } = await school.enroll(bob, course.courseId)
  await school.change('dropEnrollment', { enrollmentId: id }, bob)
  await school.settle()
  const again = await school.enroll(bob, course.courseId)
  await school.settle()
  clock.advance(2 * 86_400)
  await recordExpired.run(school.backstage())
  const seen = await events(7)
  expect(seen.map(({ kind, enrollment, lesson }) => [kind, enrollment.id, lesson?.id ?? null])).toEqual([
    ['ENROLLED', enrolled.id, null],
    ['LESSON_COMPLETED', enrolled.id, lessonId],
    ['COMPLETED', enrolled.id, null],
    ['ENROLLED', id, null],
    ['DROPPED', id, null],
    ['ENROLLED', again.id, null],
    ['EXPIRED', again.id, null],
  ])
  expect(seen[0].enrollment.user).toEqual({ id: ada.id })
  end()
})

test('what waits to be paid for, and what is suspended, is no activity', async () => {
  const ada = student()
  const course = await school.course({ price: { amount: 900, currency: 'EUR' } })
  const { events, end } = await watchCourse(course, admin)
  const { id } = await school.enroll(ada, course.courseId)
  await school.change('enrollUser', { userId: ada.id, courseId: course.courseId }, admin)
  await school.change('suspendEnrollment', { enrollmentId: id, reason: 'Why.' }, admin)
  await school.change('resumeEnrollment', { enrollmentId: id }, admin)
  await school.change('dropEnrollment', { enrollmentId: id }, ada)
  expect((await events(2)).map(({ kind }) => kind)).toEqual(['ENROLLED', 'DROPPED'])
  end()
})

test.each([
  ['nobody', anonymous, ['UNAUTHENTICATED']],
  ['a student', student(), ['FORBIDDEN']],
  ['another instructor', person('INSTRUCTOR'), ['FORBIDDEN']],
])('%s does not see what learners do in a course', async (_who, viewer, codes) => {
  const course = await school.course()
  expect(await (await watchCourse(course, viewer)).next()).toEqual({ codes, event: null })
})

test('a course that was never published is not found', async () => {
  const [unknown, none] = [{ courseId: systemRandom.id() }, { courseId: 'x' }]
  expect(await (await watchCourse(unknown, admin)).next()).toMatchObject({ codes: ['NOT_FOUND'] })
  expect(await (await watchCourse(none, admin)).next()).toMatchObject({ codes: ['NOT_FOUND'] })
})

test('when a course goes to another teacher, the one before hears nothing more of it', async () => {
  const course = await school.course()
  const [before, after] = [teacherOf(course), person('INSTRUCTOR')]
  const { events, next } = await watchCourse(course, before)
  await school.enroll(student(), course.courseId)
  expect(await events(1)).toMatchObject([{ kind: 'ENROLLED' }])
  await school.publish(CourseUpdated, { id: course.courseId, version: 2 }, { ...course, instructorId: after.id })
  const { id } = await school.enroll(student(), course.courseId)
  expect(await next()).toEqual({ codes: ['FORBIDDEN'], event: null })
  expect(await next()).toBeNull()
  const other = await watchCourse(course, after)
  await school.change('dropEnrollment', { enrollmentId: id }, student())
  await school.enroll(student(), course.courseId)
  expect(await other.events(1)).toMatchObject([{ kind: 'ENROLLED' }])
  other.end()
})
