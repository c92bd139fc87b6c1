import type { Client, Reply } from './client.ts'

const CREATE_COURSE = 'mutation ($input: CreateCourseInput!) { createCourse(input: $input) { course { id slug } } }'
const ADD_MODULE = 'mutation ($input: AddModuleInput!) { addModule(input: $input) { module { id } } }'
const ADD_LESSON = 'mutation ($input: AddLessonInput!) { addLesson(input: $input) { lesson { id } } }'
const PUBLISH = 'mutation ($input: PublishCourseInput!) { publishCourse(input: $input) { course { id version status } } }'

export interface WrittenCourse {
  id: string
  slug: string
  moduleId: string
  /** In their order. */
  lessonIds: string[]
}

export interface CoursePlan {
  title?: string
  /** How many lessons. */
  lessons?: number
  price?: { amount: number; currency: string }
}

/** Asks, and throws when anything is refused. */
export async function must(asked: Promise<Reply>): Promise<Reply['data']> {
  const { data, errors } = await asked
  if (errors.length > 0) throw new Error(`refused: ${JSON.stringify(errors)}`)
  return data
}

/** A published course of one module, by an instructor. Everything goes through their client. */
export async function publishCourse(client: Client, { title = 'A course', lessons = 2, price }: CoursePlan = {}): Promise<WrittenCourse> {
  const input = { title, description: 'What it says.', price }
  const { course } = (await must(client.query(CREATE_COURSE, { input }))).createCourse
  const { module } = (await must(client.query(ADD_MODULE, { input: { courseId: course.id, title: 'Only module' } }))).addModule
  const lessonIds: string[] = []
  for (let number = 1; number <= lessons; number++) {
    const lesson = { moduleId: module.id, title: `Lesson ${number}`, kind: 'ARTICLE', body: `Words of lesson ${number}.` }
    lessonIds.push((await must(client.query(ADD_LESSON, { input: lesson }))).addLesson.lesson.id)
  }
  await must(client.query(PUBLISH, { input: { courseId: course.id } }))
  return { ...course, moduleId: module.id, lessonIds }
}

export { CREATE_COURSE, ADD_MODULE, ADD_LESSON, PUBLISH }
