import { anonymous, readMetrics, type Viewer } from '@stellr/kit'
import { countStatements, manualClock, viewerOf } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lessonOf, newId, oldId, openSchool, reports, type Enrolled, type School } from '../testing/school.ts'

const clock = manualClock()
const report = reports(clock)
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const COURSE = 'percent completedLessons requiredLessons minutes resume { lesson { id } position } completedAt lastActivityAt updatedAt'
const LESSON = 'lesson { id } state percent position watchedSeconds minutes locked completedAt lastAccessedAt'
const WATCH = `subscription ($id: ID!, $after: String) { progressUpdated(enrollmentId: $id, after: $after) {
  cursor at courseProgress { ${COURSE} } lessonProgress { ${LESSON} } enrollment { id progress { percent } } } }`

/** The progress of somebody in a course of four lessons, of which the last opens with the first. */
async function startCourse() {
  const lessons = [lessonOf(), lessonOf({ kind: 'VIDEO', durationSeconds: 100 }), lessonOf()]
  const [first, video, third] = lessons.map(({ lessonId }) => lessonId)
  const last = lessonOf({ prerequisiteIds: [first ?? ''] })
  const course = await school.publishCourse([...lessons, last])
  return { enrolled: await school.enroll(course), first: first ?? '', video: video ?? '', third: third ?? '', last: last.lessonId }
}

async function watch({ id, learner }: Enrolled, { after, viewer = learner }: { after?: string; viewer?: Viewer } = {}) {
  const heard = await school.listen(WATCH, { id, after }, viewer)
  const next = async () => {
    const answer = await heard.next()
    return answer && { codes: answer.codes, update: answer.data?.progressUpdated ?? null }
  }
  return { ...heard, next, updates: async (count: number) => Array.fromAsync({ length: count }, async () => (await next())?.update) }
}

test('the present state comes first, then each lesson that moves with what it came to', async () => {
  const { enrolled, first, video } = await startCourse()
  await school.mark(first, enrolled.learner)
  const { next, end } = await watch(enrolled)
  const present = await next()
  expect(present?.codes).toEqual([])
  const { courseProgress } = (await school.progressOf(enrolled)).data
  expect(present?.update).toMatchObject({
    cursor: expect.any(String),
    at: clock.now().toISOString(),
    courseProgress: { percent: 25, completedLessons: 1, requiredLessons: 4, resume: courseProgress.resume },
    lessonProgress: null,
    enrollment: { id: enrolled.id, progress: { percent: 25 } },
  })
  await school.record(enrolled, [report(video, 'PROGRESSED', 0, { position: 40, ranges: [{ start: 0, end: 40 }], activeSeconds: 120 })])
  const moved = await next()
  const shown = (await school.progressOf(enrolled)).data.courseProgress
  const { lessons, quizzesPassed: _passed, quizzesTotal: _total, ...numbers } = shown
  expect(moved?.update.courseProgress).toMatchObject(numbers)
  expect(moved?.update.lessonProgress).toEqual(lessons.find((lesson: { lesson: { id: string } }) => lesson.lesson.id === video))
  expect(moved?.update.lessonProgress).toMatchObject({ state: 'IN_PROGRESS', percent: 40, position: 40, minutes: 2 })
  end()
})

test('of several lessons in one report each has an update, the one that was opened last at the end', async () => {
  const { enrolled, first, video, last } = await startCourse()
  const { updates, end } = await watch(enrolled)
  await school.record(enrolled, [report(last, 'OPENED', 3), report(first, 'COMPLETED', 1), report(video, 'OPENED', 2)])
  const [, ...moved] = await updates(4)
  expect(moved.map(({ lessonProgress }) => [lessonProgress.lesson.id, lessonProgress.locked])).toEqual([
    [first, false],
    [video, false],
    [last, false],
  ])
  expect(new Set(moved.map(({ courseProgress }) => courseProgress.percent))).toEqual(new Set([25]))
  expect(moved.at(-1).courseProgress.resume.lesson.id).toBe(last)
  end()
})

test('whoever comes back with the last cursor goes on from there, and each step is as it was then', async () => {
  const { enrolled, first, video, third } = await startCourse()
  const before = await watch(enrolled)
  const [present] = await before.updates(1)
  before.end()
  for (const lessonId of [first, video, third]) await school.mark(lessonId, enrolled.learner)
  const later = await watch(enrolled, { after: present.cursor })
  const missed = await later.updates(3)
  expect(missed.map(({ courseProgress }) => courseProgress.percent)).toEqual([25, 50, 75])
  later.end()
  const again = await watch(enrolled, { after: missed[1].cursor })
  expect((await again.updates(1))[0]).toEqual(missed[2])
  again.end()
})

test('two devices and a teacher see the same, in the same order', async () => {
  const { enrolled, first, video, third, last } = await startCourse()
  const teacher = viewerOf('INSTRUCTOR', enrolled.course.instructorId)
  const watches = await Promise.all([watch(enrolled), watch(enrolled), watch(enrolled, { viewer: teacher })])
  expect(await readMetrics()).toMatch(/stellr_feed_listeners\{service="progress"\} [3-9]/)
  const seen = watches.map(({ updates }) => updates(5))
  await school.mark(first, enrolled.learner)
  await Promise.all([video, third, last].map((lessonId) => school.mark(lessonId, enrolled.learner)))
  const [phone, web, desk] = await Promise.all(seen)
  expect(phone?.map(({ courseProgress }) => courseProgress.percent)).toEqual([0, 25, 50, 75, 100])
  expect(web).toEqual(phone)
  expect(desk).toEqual(phone)
  for (const { end } of watches) end()
})

test('going over to another version is an update without a lesson', async () => {
  const { enrolled, first } = await startCourse()
  await school.mark(first, enrolled.learner)
  const { updates, end } = await watch(enrolled)
  await school.publishCourse([enrolled.course.lessons[0] ?? lessonOf()], { courseId: enrolled.course.courseId, version: 2 })
  await enrolled.change({ courseVersion: 2 })
  const [, adopted] = await updates(2)
  expect(adopted).toMatchObject({ lessonProgress: null, courseProgress: { percent: 100, requiredLessons: 1 } })
  end()
})

test('showing an update costs no statement of the domain’s own', async () => {
  const [watched, other] = [await startCourse(), await startCourse()]
  const { updates, end } = await watch(watched.enrolled)
  await updates(1)
  const statements = async (work: () => Promise<unknown>) => {
    const { statements: sent } = await countStatements(work)
    return sent.filter(({ database, text }) => database === 'progress' && !/stellr|BEGIN|COMMIT/.test(text)).length
  }
  const marking = await statements(() => school.mark(other.first, other.enrolled.learner))
  const both = await statements(async () => {
    await school.mark(watched.first, watched.enrolled.learner)
    await updates(1)
  })
  expect(both).toBe(marking)
  end()
})

test.each([
  ['another learner', viewerOf('STUDENT'), ['NOT_FOUND']],
  ['another instructor', viewerOf('INSTRUCTOR'), ['NOT_FOUND']],
  ['nobody', anonymous, ['UNAUTHENTICATED']],
  ['a service', { kind: 'service', name: 'router' } as const, ['UNAUTHENTICATED']],
])('%s is refused', async (_who, viewer, codes) => {
  const { enrolled } = await startCourse()
  const { next } = await watch(enrolled, { viewer })
  expect(await next()).toEqual({ codes, update: null })
  expect(await next()).toBeNull()
})

test('what is no enrollment, and what is no cursor of it, is refused', async () => {
  const { enrolled } = await startCourse()
  const { enrolled: another } = await startCourse()
  const [present] = await (await watch(another)).updates(1)
  expect(await (await watch({ ...enrolled, id: oldId() })).next()).toMatchObject({ codes: ['NOT_FOUND'] })
  expect(await (await watch({ ...enrolled, id: 'x' })).next()).toMatchObject({ codes: ['NOT_FOUND'] })
  expect(await (await watch(enrolled, { after: present.cursor })).next()).toMatchObject({ codes: ['BAD_USER_INPUT'] })
})

test('a cursor after which something is gone asks to begin anew', async () => {
  const { enrolled, first, video } = await startCourse()
  const [present] = await (await watch(enrolled)).updates(1)
  for (const lessonId of [first, video]) await school.mark(lessonId, enrolled.learner)
  await school.sql(
    'DELETE FROM stellr.feed WHERE stream = $1 AND data IS NOT NULL AND seq < (SELECT max(seq) FROM stellr.feed WHERE stream = $1)',
    [`progress:${enrolled.id}`],
  )
  expect(await (await watch(enrolled, { after: present.cursor })).next()).toMatchObject({ codes: ['RESYNC_REQUIRED'] })
})

test('a teacher who loses the course to another sees nothing of what comes after', async () => {
  const { enrolled, first, video } = await startCourse()
  const teacher = viewerOf('INSTRUCTOR', enrolled.course.instructorId)
  const { next, updates } = await watch(enrolled, { viewer: teacher })
  await school.mark(first, enrolled.learner)
  expect((await updates(2)).map(({ courseProgress }) => courseProgress.percent)).toEqual([0, 25])
  await enrolled.change({ instructorId: newId() })
  await school.mark(video, enrolled.learner)
  expect(await next()).toEqual({ codes: ['NOT_FOUND'], update: null })
  expect(await next()).toBeNull()
})

test('whoever has just enrolled may watch at once', async () => {
  const course = await school.publishCourse([lessonOf()])
  const learner = viewerOf('STUDENT')
  const id = newId()
  const watching = watch({ id, learner } as Enrolled)
  const [{ next }] = await Promise.all([watching, school.enroll(course, { enrollmentId: id }, learner)])
  expect(await next()).toMatchObject({ codes: [], update: { courseProgress: { percent: 0 } } })
})
