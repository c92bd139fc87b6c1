import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { must, publishCourse, type WrittenCourse } from '../testkit/courses.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id progress { percent } } } }'
const COMPLETE = 'mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent } } }'
const READ = 'query ($id: ID!) { lesson(id: $id) { body } }'
const COURSES = 10

describe.each(topologies)('%s', (topology) => {
  let school: School
  let courses: WrittenCourse[]
  beforeAll(async () => {
    school = await openSchool(topology)
    const teacher = await school.register({ role: 'INSTRUCTOR' })
    courses = []
    for (let number = 0; number < COURSES; number++)
      courses.push(await publishCourse(teacher.client, { title: `Course ${number}`, lessons: 2 }))
    await school.settle()
  }, 60_000)
  afterAll(() => school.close())

  test('who has just enrolled reads and completes a lesson at once', { timeout: 600_000 }, async () => {
    // Between processes everything takes longer, so the short form does half.
    const learners = rounds(1000) / COURSES / (topology === 'distributed' && rounds(10) < 10 ? 2 : 1)
    const slowest = { ms: 0 }
    for (let number = 0; number < learners; number++) {
      const learner = await school.register()
      for (const course of courses) await enrollAndLearn(learner, course, slowest)
    }
    console.log(
      `own writes (${topology}): ${learners * COURSES} times enrolled and learned at once; the slowest answer took ${slowest.ms.toFixed(0)} ms`,
    )
  })

  test('the control: who is not enrolled may do neither', async () => {
    const stranger = await school.register()
    const [lessonId] = courses[0]?.lessonIds ?? []
    expect((await stranger.client.query(COMPLETE, { input: { lessonId } })).codes).toEqual(['NOT_ENROLLED'])
    expect((await stranger.client.query(READ, { id: lessonId })).codes).toEqual(['NOT_ENROLLED'])
  })
})

async function enrollAndLearn(
  { client }: Person,
  { id, lessonIds: [first, second] }: WrittenCourse,
  slowest: { ms: number },
): Promise<void> {
  const timed = async <T>(work: Promise<T>) => {
    const began = performance.now()
    const result = await work
    slowest.ms = Math.max(slowest.ms, performance.now() - began)
    return result
  }
  const { enroll } = await timed(must(client.query(ENROLL, { input: { courseId: id } })))
  expect(enroll.enrollment.progress).toEqual({ percent: 0 })
  const [completed, read] = await Promise.all([
    timed(must(client.query(COMPLETE, { input: { lessonId: first } }))),
    timed(must(client.query(READ, { id: second }))),
  ])
  expect([completed.markLessonComplete.courseProgress.percent, read.lesson.body]).toEqual([50, 'Words of lesson 2.'])
}
