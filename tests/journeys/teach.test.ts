import { expect } from 'vitest'
import { ADD_LESSON, must, publishCourse, PUBLISH } from '../testkit/courses.ts'
import { journey } from '../testkit/journey.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const COMPLETE =
  'mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent completedLessons requiredLessons } } }'
const ARCHIVE = 'mutation ($input: ArchiveLessonInput!) { archiveLesson(input: $input) { module { lessons { title } } } }'
const UPDATE = 'mutation ($input: UpdateLessonInput!) { updateLesson(input: $input) { lesson { title } } }'
const ADOPT = 'mutation ($input: AdoptLatestVersionInput!) { adoptLatestVersion(input: $input) { enrollment { version hasNewContent } } }'
const LEARNING = `query ($id: ID!) { enrollment(id: $id) {
  status version hasNewContent outline { number modules { title lessons { title required } } } progress { percent completedLessons requiredLessons }
} }`
const COURSE = 'query ($id: ID!) { course(id: $id) { status version enrollmentCount modules { lessons { title } } } }'

const titles = (modules: { lessons: { title: string }[] }[]) => modules.flatMap(({ lessons }) => lessons.map(({ title }) => title))

journey('an instructor writes, publishes, changes and publishes again while somebody is half-way', async (school) => {
  const teacher = await school.register({ role: 'INSTRUCTOR', name: 'Grace Hopper' })
  const course = await publishCourse(teacher.client, { title: 'Compilers', lessons: 2 })
  const [first = '', second = ''] = course.lessonIds
  await school.settle()

  const ada = await school.register()
  const early = (await must(ada.client.query(ENROLL, { input: { courseId: course.id } }))).enroll.enrollment.id
  const half = (await must(ada.client.query(COMPLETE, { input: { lessonId: first } }))).markLessonComplete.courseProgress
  expect(half).toEqual({ percent: 50, completedLessons: 1, requiredLessons: 2 })

  // The instructor takes the second lesson out, adds two, and gives the first another name: learners see nothing of it yet.
  await must(teacher.client.query(ARCHIVE, { input: { lessonId: second } }))
  for (const title of ['Lesson 3', 'Lesson 4'])
    await must(teacher.client.query(ADD_LESSON, { input: { moduleId: course.moduleId, title, kind: 'ARTICLE', body: title } }))
  await must(teacher.client.query(UPDATE, { input: { lessonId: first, title: 'Lesson one' } }))
  expect(titles((await must(ada.client.query(COURSE, { id: course.id }))).course.modules)).toEqual(['Lesson 1', 'Lesson 2'])
  expect(titles((await must(teacher.client.query(COURSE, { id: course.id }))).course.modules)).toEqual([
    'Lesson one',
    'Lesson 3',
    'Lesson 4',
  ])
  const { course: published } = (await must(teacher.client.query(PUBLISH, { input: { courseId: course.id } }))).publishCourse
  expect(published).toMatchObject({ version: 2, status: 'PUBLISHED' })
  await school.settle()

  // Who is half-way stays half-way, in the course as it was.
  const { enrollment } = await must(ada.client.query(LEARNING, { id: early }))
  expect(enrollment).toMatchObject({ version: 1, hasNewContent: true, outline: { number: 1 }, progress: half })
  expect(titles(enrollment.outline.modules)).toEqual(['Lesson 1', 'Lesson 2'])
  const body = await must(ada.client.query('query ($id: ID!) { lesson(id: $id) { body } }', { id: second }))
  expect(body.lesson.body).toBe('Words of lesson 2.')

  // Who comes now learns what is there now.
  const bob = await school.register({ name: 'Bob' })
  const late = (await must(bob.client.query(ENROLL, { input: { courseId: course.id } }))).enroll.enrollment.id
  const newcomer = (await must(bob.client.query(LEARNING, { id: late }))).enrollment
  expect(newcomer).toMatchObject({ version: 2, hasNewContent: false, progress: { percent: 0, requiredLessons: 3 } })
  expect(titles(newcomer.outline.modules)).toEqual(['Lesson one', 'Lesson 3', 'Lesson 4'])
  expect((await bob.client.query('query ($id: ID!) { lesson(id: $id) { body } }', { id: second })).codes).toEqual(['NOT_FOUND'])

  // Finishing the old version completes the course.
  const done = (await must(ada.client.query(COMPLETE, { input: { lessonId: second } }))).markLessonComplete.courseProgress
  expect(done.percent).toBe(100)
  await school.settle()
  expect((await must(ada.client.query(LEARNING, { id: early }))).enrollment.status).toBe('COMPLETED')
  expect((await must(ada.client.query(ADOPT, { input: { enrollmentId: early } }))).adoptLatestVersion.enrollment).toEqual({
    version: 2,
    hasNewContent: false,
  })
  await school.settle()
  const adopted = (await must(ada.client.query(LEARNING, { id: early }))).enrollment
  expect(adopted).toMatchObject({ status: 'COMPLETED', version: 2, progress: { completedLessons: 1, requiredLessons: 3 } })
  expect((await must(teacher.client.query(COURSE, { id: course.id }))).course).toMatchObject({ enrollmentCount: 2, version: 2 })
})
