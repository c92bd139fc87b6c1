import { must } from '../testkit/courses.ts'
import type { Person } from '../testkit/school.ts'

export type Input = Record<string, unknown>

/** A course as it was written: its ids, and those of its one module's lessons in their order. */
export interface Written {
  courseId: string
  moduleId: string
  lessonIds: string[]
}

/** Sends one mutation. Throws when it is refused. */
export async function change(by: Person, name: string, input: Input, selection = '__typename') {
  const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
  const data = await must(by.client.query(`mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`, { input }))
  return data[name]
}

/** A draft with one module. `lessons` says what each is to be beyond an article. */
export async function writeDraft(author: Person, course: Input = {}, lessons: readonly Input[] = [{}]): Promise<Written> {
  const { id: courseId } = (await change(author, 'createCourse', { title: 'A course', description: 'Words.', ...course }, 'course { id }'))
    .course
  const { id: moduleId } = (await change(author, 'addModule', { courseId, title: 'A module' }, 'module { id }')).module
  const lessonIds: string[] = []
  for (const [index, lesson] of lessons.entries()) {
    const input = { moduleId, title: `Lesson ${index + 1}`, kind: 'ARTICLE', body: 'Words.', ...lesson }
    lessonIds.push((await change(author, 'addLesson', input, 'lesson { id }')).lesson.id)
  }
  return { courseId, moduleId, lessonIds }
}

/** The same, published. */
export async function writeCourse(author: Person, course: Input = {}, lessons: readonly Input[] = [{}]): Promise<Written> {
  const written = await writeDraft(author, course, lessons)
  await change(author, 'publishCourse', { courseId: written.courseId })
  return written
}

/** The id of the enrollment that the learner now has. */
export async function enrollIn(learner: Person, courseId: string): Promise<string> {
  return (await change(learner, 'enroll', { courseId }, 'enrollment { id }')).enrollment.id
}

/** The id of an enrollment in a course of the author's that waits to be paid. */
export async function enrollToPay(author: Person, learner: Person): Promise<string> {
  const { courseId } = await writeCourse(author, { price: { amount: 1999, currency: 'EUR' }, accessDays: 365 })
  return enrollIn(learner, courseId)
}

/** A payment that was begun. */
export async function buy(
  learner: Person,
  enrollmentId: string,
  method = 'CARD',
): Promise<{ id: string; transactionId: string; clientSecret: string }> {
  const input = { enrollmentId, method, idempotencyKey: crypto.randomUUID() }
  return (await change(learner, 'initiatePayment', input, 'payment { id transactionId clientSecret }')).payment
}

export async function suspend(admin: Person, enrollmentId: string): Promise<string> {
  await change(admin, 'suspendEnrollment', { enrollmentId, reason: 'To see what happens.' })
  return enrollmentId
}

/** A name that nothing has yet. */
export function newName(): string {
  return `n-${crypto.randomUUID()}`
}

export async function addCategory(admin: Person): Promise<string> {
  return (await change(admin, 'createCategory', { name: newName() }, 'category { id }')).category.id
}

export async function addTag(admin: Person): Promise<string> {
  return (await change(admin, 'createTag', { name: newName() }, 'tag { id }')).tag.id
}

/** What a device tells of its learner, now. */
export function progressEvent(lessonId: string, event: Input = {}): Input {
  return { clientEventId: crypto.randomUUID(), lessonId, kind: 'OPENED', occurredAt: new Date().toISOString(), ...event }
}
