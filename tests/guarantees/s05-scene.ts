import { systemRandom, type UserViewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { UserRegistered } from '@stellr/schema/events/auth'
import { CoursePublished, CourseVersionPublished } from '@stellr/schema/events/courses'
import { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import type { Written } from './classroom.ts'
import type { BackDoors } from './s05-subgraphs.ts'

/** What the subgraphs know, each told of it by events as by the others. */
export interface Scene {
  teacher: UserViewer
  /** The teacher after an administrator has made a student of them. */
  former: UserViewer
  /** Learns the first version of the course. */
  learner: UserViewer
  /** Of two versions. The second lacks the second lesson. */
  course: Written
  draft: Written
  archived: Written
  enrollmentId: string
  /** Open, for the learner's enrollment in another course. */
  paymentId: string
  unpaidId: string
}

export async function setScene(subgraphs: BackDoors['subgraphs']): Promise<Scene> {
  const teacher = viewerOf('INSTRUCTOR')
  const learner = await register(subgraphs)
  const { course, draft, archived } = await teach(subgraphs, teacher)
  const enrollmentId = await learn(subgraphs, teacher, learner, course)
  const bought = await pay(subgraphs, teacher, learner)
  return { teacher, former: viewerOf('STUDENT', teacher.id), learner, course, draft, archived, enrollmentId, ...bought }
}

async function register({ auth, users }: BackDoors['subgraphs']): Promise<UserViewer> {
  const input = { email: 'someone@example.org', password: 'correct horse', name: 'Someone' }
  const { data } = await auth.ask('mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }', { input })
  const learner = viewerOf('STUDENT', data.register.user.id)
  const registered = { userId: learner.id, name: 'Someone', role: learner.role, firstLoginAt: null }
  await users.publish(UserRegistered, { id: learner.id, version: 1 }, registered)
  return learner
}

async function teach({ courses }: BackDoors['subgraphs'], teacher: UserViewer) {
  const change = async (name: string, input: object, selection = '__typename') => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`
    const { data, errors } = await courses.ask(text, { input }, teacher)
    if (errors.length > 0) throw new Error(`${name} was refused: ${JSON.stringify(errors)}`)
    return data[name]
  }
  const write = async (title: string): Promise<Written> => {
    const courseId: string = (await change('createCourse', { title, description: 'Words.' }, 'course { id }')).course.id
    const moduleId: string = (await change('addModule', { courseId, title: 'A module' }, 'module { id }')).module.id
    const lesson = { moduleId, title: 'A lesson', kind: 'ARTICLE', body: 'Words.' }
    const added = [await change('addLesson', lesson, 'lesson { id }'), await change('addLesson', lesson, 'lesson { id }')]
    return { courseId, moduleId, lessonIds: added.map(({ lesson }) => lesson.id) }
  }
  const [course, draft, archived] = [await write('A course'), await write('A draft'), await write('Archived')]
  await change('publishCourse', { courseId: course.courseId })
  await change('archiveLesson', { lessonId: course.lessonIds[1] })
  await change('publishCourse', { courseId: course.courseId })
  await change('publishCourse', { courseId: archived.courseId })
  await change('archiveCourse', { courseId: archived.courseId })
  return { course, draft, archived }
}

/** Returns the id of the enrollment. */
async function learn(
  { courses, enrollments, progress }: BackDoors['subgraphs'],
  { id: instructorId }: UserViewer,
  learner: UserViewer,
  { courseId, moduleId, lessonIds }: Written,
): Promise<string> {
  const common = { courseId, instructorId, publishedAt: new Date().toISOString(), title: 'A course', version: 1 }
  const price = { amount: 0, currency: 'EUR' }
  const offer = { ...common, slug: 'a-course', status: 'PUBLISHED' as const, price, accessDays: null }
  await enrollments.publish(CoursePublished, { id: courseId, version: 1 }, offer)
  const text = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } } }'
  const { enrollment } = (await enrollments.ask(text, { input: { courseId } }, learner)).data.enroll

  const lesson = {
    title: 'A lesson',
    kind: 'ARTICLE' as const,
    durationSeconds: 0,
    required: true,
    freePreview: false,
    prerequisiteIds: [],
  }
  const outline = { ...common, modules: [{ moduleId, title: 'A module', lessons: lessonIds.map((lessonId) => ({ ...lesson, lessonId })) }] }
  await progress.publish(CourseVersionPublished, { id: `${courseId}:1`, version: 1 }, outline)
  const created = {
    enrollmentId: enrollment.id,
    userId: learner.id,
    courseId,
    instructorId,
    courseVersion: 1,
    status: 'ACTIVE' as const,
    previousStatus: null,
    attempt: 1,
    enrolledAt: enrollment.enrolledAt,
    expiresAt: null,
    price,
  }
  for (const subgraph of [courses, progress]) await subgraph.publish(EnrollmentCreated, { id: enrollment.id, version: 1 }, created)
  return enrollment.id
}

/** A payment that was begun. */
async function pay({ payments }: BackDoors['subgraphs'], { id: instructorId }: UserViewer, learner: UserViewer) {
  const unpaidId = systemRandom.id()
  const created = {
    enrollmentId: unpaidId,
    userId: learner.id,
    courseId: systemRandom.id(),
    instructorId,
    courseVersion: 1,
    status: 'PENDING_PAYMENT' as const,
    previousStatus: null,
    attempt: 1,
    enrolledAt: new Date().toISOString(),
    expiresAt: null,
    price: { amount: 1999, currency: 'EUR' },
  }
  await payments.publish(EnrollmentCreated, { id: unpaidId, version: 1 }, created)
  const text = 'mutation ($input: InitiatePaymentInput!) { initiatePayment(input: $input) { payment { id } } }'
  const input = { enrollmentId: unpaidId, method: 'CARD', idempotencyKey: systemRandom.id() }
  const { data, errors } = await payments.ask(text, { input }, learner)
  if (errors.length > 0) throw new Error(JSON.stringify(errors))
  return { paymentId: data.initiatePayment.payment.id, unpaidId }
}
