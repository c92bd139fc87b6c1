import { messageOf, type Envelope } from '@stellr/kit'
import { events } from '@stellr/schema/events/index'
import { expect } from 'vitest'
import { clientTrace } from '../testkit/client.ts'
import { must, publishCourse } from '../testkit/courses.ts'
import { journey } from '../testkit/journey.ts'
import { publishedBy } from '../testkit/published.ts'

const SEARCH = `query ($search: String) { courses(search: $search, first: 5) {
  edges { cursor node { id slug title price { amount currency } rating instructor { id name } modules { id title lessons { id title kind } } } }
  pageInfo { hasNextPage endCursor } facets { total free paid difficulties { difficulty count } }
} }`
const ENROLL = `mutation ($input: EnrollInput!) { enroll(input: $input) {
  enrollment { id status attempt course { id title } progress { percent completedLessons requiredLessons } } alreadyEnrolled
} }`
const READ = 'query ($id: ID!) { lesson(id: $id) { title body course { title } viewerProgress { state locked } } }'
const COMPLETE = `mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) {
  lessonProgress { state lesson { title } } courseProgress { percent resume { lesson { title } position } }
} }`
const MINE = `{ me { name enrollments(first: 10) { edges { node {
  id status version hasNewContent course { title instructor { name } } progress { percent minutes completedLessons requiredLessons }
  transitions { from to reason }
} } } } dashboard { activeCourses completedCourses learningMinutes streakDays } }`

journey('a learner searches, enrols, learns lesson by lesson and completes', async (school) => {
  const teacher = await school.register({ role: 'INSTRUCTOR', name: 'Grace Hopper' })
  const course = await publishCourse(teacher.client, { title: 'Designing gardens', lessons: 4 })
  await school.settle()
  const ada = await school.register()

  const found = await must(ada.client.query(SEARCH, { search: 'desing' }))
  expect(found.courses.edges).toMatchObject([
    {
      node: {
        id: course.id,
        title: 'Designing gardens',
        price: { amount: 0 },
        rating: null,
        instructor: { id: teacher.id, name: 'Grace Hopper' },
      },
    },
  ])
  expect(found.courses.edges[0].node.modules[0].lessons.map(({ id }: { id: string }) => id)).toEqual(course.lessonIds)
  expect(found.courses.facets).toMatchObject({ total: 1, free: 1, paid: 0 })

  const [first = ''] = course.lessonIds
  await must(ada.client.query('{ me { id } }'))
  const enrolled = (await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
  expect(enrolled).toMatchObject({ alreadyEnrolled: false, enrollment: { status: 'ACTIVE', attempt: 1, course: { id: course.id } } })
  const again = (await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll
  expect([again.alreadyEnrolled, again.enrollment.id]).toEqual([true, enrolled.enrollment.id])

  expect((await must(ada.client.query(READ, { id: first }))).lesson).toMatchObject({
    body: 'Words of lesson 1.',
    course: { title: 'Designing gardens' },
  })
  for (const [index, lessonId] of course.lessonIds.entries()) {
    const { lessonProgress, courseProgress } = (await must(ada.client.query(COMPLETE, { input: { lessonId } }))).markLessonComplete
    expect(lessonProgress.state).toBe('COMPLETED')
    expect(courseProgress.percent).toBe(((index + 1) / course.lessonIds.length) * 100)
  }
  await school.settle()
  const { me, dashboard } = await must(ada.client.query(MINE))
  expect(me.enrollments.edges).toMatchObject([
    {
      node: {
        status: 'COMPLETED',
        course: { title: 'Designing gardens', instructor: { name: 'Grace Hopper' } },
        progress: { percent: 100, completedLessons: 4, requiredLessons: 4 },
        transitions: [
          { from: null, to: 'ACTIVE', reason: 'enrolled' },
          { from: 'ACTIVE', to: 'COMPLETED', reason: 'course_completed' },
        ],
      },
    },
  ])
  expect(dashboard).toMatchObject({ activeCourses: 0, completedCourses: 1 })

  const published = await publishedBy(school)
  expectContracts(published)
  expectOneTrace(published)
})

/** What travels is what the contracts say, to the last field. */
function expectContracts(published: readonly Envelope[]): void {
  for (const message of published) {
    const event = events.find(({ type, version }) => type === message.type && version === message.dataversion)
    expect(event && messageOf(event).strict().parse(message), message.type).toEqual(message)
  }
}

/**
 * From the client to the last consumer: progress tells that the course is complete; enrollments hears it in a span of its
 * own, and tells that the enrollment is.
 */
function expectOneTrace(published: readonly Envelope[]): void {
  const traces = published.map(({ traceparent = '' }) => traceparent.split('-'))
  expect(new Set(traces.map(([, traceId]) => traceId))).toEqual(new Set([clientTrace.id]))
  const spanOf = (type: string) => traces[published.findIndex((event) => event.type === type)]?.[2] ?? expect.unreachable(`no ${type}`)
  expect(new Set([clientTrace.span, spanOf('course.completed'), spanOf('enrollment.completed')]).size).toBe(3)
  expect(spanOf('lesson.completed')).not.toBe(spanOf('user.registered'))
}
