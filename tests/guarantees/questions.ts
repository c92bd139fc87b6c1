import { getNamedType, isObjectType, isRequiredArgument, type GraphQLArgument, type GraphQLOutputType } from 'graphql'
import type { Reply } from '../testkit/client.ts'
import type { Person, School } from '../testkit/school.ts'
import { addCategory, addTag, buy, change, enrollIn, enrollToPay, writeCourse, type Input, type Written } from './classroom.ts'
import { schema } from './inputs.ts'

/** Somebody who teaches, somebody who learns, and at least one item in every list. */
export interface Classroom {
  admin: Person
  teacher: Person
  learner: Person
  course: Written
  enrollmentId: string
  /** Of another course, not paid yet. */
  paymentId: string
  transactionId: string
  categoryId: string
  tagId: string
}

/** A field that takes arguments and is no mutation. */
export interface Question {
  /** `Type.field` */
  name: string
  args: readonly GraphQLArgument[]
  /** What is asked of the answer. */
  selection: string
  /** Of a field that does not stand at the top: the id of what it stands in. */
  parent(of: Classroom): string | null
  /** Arguments that somebody honest would give; several where it may be asked in different ways. */
  honest(of: Classroom): Input[]
}

const parents: Record<string, (of: Classroom) => string> = {
  'User.taughtCourses': ({ teacher }) => teacher.id,
  'User.enrollments': ({ learner }) => learner.id,
  'Course.reviews': ({ course }) => course.courseId,
  'Course.enrollments': ({ course }) => course.courseId,
  'User.payments': ({ learner }) => learner.id,
}

const honest: Record<string, (of: Classroom) => Input[]> = {
  'Query.user': ({ learner }) => [{ id: learner.id }],
  'Query.users': () => [{ first: 5 }],
  'Query.sessions': () => [{ first: 5 }],
  'Query.courses': ({ teacher, categoryId, tagId }) => [
    {
      search: 'lessons',
      filter: {
        categoryIds: [categoryId],
        tagIds: [tagId],
        difficulties: ['BEGINNER'],
        instructorId: teacher.id,
        free: true,
        maxPrice: { amount: 1000, currency: 'EUR' },
      },
      sort: 'RELEVANCE',
      first: 5,
    },
    { first: 5 },
  ],
  'Query.course': ({ course }) => [{ id: course.courseId }, { slug: 'a-slug' }],
  'Query.lesson': ({ course }) => [{ id: course.lessonIds[0] }],
  'Query.enrollment': ({ enrollmentId }) => [{ id: enrollmentId }],
  'Query.courseProgress': ({ enrollmentId }) => [{ enrollmentId }],
  'Query.courseActivityCursor': ({ course }) => [{ courseId: course.courseId }],
  'Subscription.progressUpdated': ({ enrollmentId }) => [{ enrollmentId }],
  'Subscription.enrollmentUpdated': () => [{}],
  'Subscription.courseActivity': ({ course }) => [{ courseId: course.courseId }],
  'User.taughtCourses': () => [{ first: 5 }],
  'User.enrollments': () => [{ first: 5, statuses: ['ACTIVE'] }],
  'Course.reviews': () => [{ first: 5 }],
  'Course.enrollments': () => [{ first: 5 }],
  'Query.payment': ({ paymentId, transactionId }) => [{ id: paymentId }, { transactionId }],
  'Subscription.paymentUpdated': () => [{}],
  'User.payments': () => [{ first: 5, statuses: ['PENDING', 'REQUIRES_ACTION'] }],
}

/** Every field that takes arguments and is no mutation. Throws where nobody has said yet how it is asked. */
export const questions: readonly Question[] = Object.values(schema.getTypeMap()).flatMap((type) => {
  if (!isObjectType(type) || type === schema.getMutationType() || type.name.startsWith('__')) return []
  const asked = Object.values(type.getFields()).filter(({ args }) => args.length > 0)
  return asked.map(({ name: field, args, type: answer }) => {
    const name = `${type.name}.${field}`
    const [parent, given] = [parents[name], honest[name]]
    const isRoot = type === schema.getQueryType() || type === schema.getSubscriptionType()
    if (!given || (!isRoot && !parent)) throw new Error(`say how ${name} is asked`)
    // A list's items stand two objects deep.
    const selection = selectionOf(answer, isList({ args }) ? 3 : 2)
    return { name, args, selection, parent: (of: Classroom) => parent?.(of) ?? null, honest: given }
  })
})

export const lists = questions.filter(isList)

function isList({ args }: Pick<Question, 'args'>): boolean {
  return args.some(({ name }) => name === 'first')
}

/** Asks a question with these arguments, as one variable each. */
export function ask(by: Person, question: Question, args: Input, of: Classroom): Promise<Reply> {
  const parent = question.parent(of)
  const [type = '', field = ''] = question.name.split('.')
  const used = question.args.filter(({ name }) => Object.hasOwn(args, name))
  const declared = [...used.map(({ name, type }) => `$${name}: ${String(type)}`), ...(parent === null ? [] : ['$parent: ID!'])]
  const given = used.map(({ name }) => `${name}: $${name}`)
  const asked = `${field}${inBrackets(given)} ${question.selection}`
  if (type === 'Subscription') return hear(by, `subscription ${inBrackets(declared)} { ${asked} }`, args)
  const text = `query ${inBrackets(declared)} { ${parent === null ? asked : `${type.toLowerCase()}(id: $parent) { ${asked} }`} }`
  return by.client.query(text, { ...args, ...(parent !== null && { parent }) })
}

/** The first event; none when there is nothing to hear for a while. */
async function hear(by: Person, text: string, variables: Input): Promise<Reply> {
  const listening = by.client.listen(text, variables)
  const quiet = new Promise<null>((resolve) => setTimeout(() => resolve(null), QUIET_MS))
  const first = await Promise.race([listening.next(), quiet])
  await listening.end()
  return { ...(first ?? { data: null, errors: [], codes: [] }), status: 200, headers: new Headers(), text: JSON.stringify(first) }
}

// Whoever is refused is told so much sooner.
const QUIET_MS = 2_000

function inBrackets(items: readonly string[]): string {
  return items.length > 0 ? `(${items.join(', ')})` : ''
}

/** Everything that needs no arguments, so many objects deep; empty for what has no fields. */
export function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type)
  if (!isObjectType(named)) return ''
  const fields = Object.values(named.getFields()).flatMap((field) => {
    const isLeaf = !isObjectType(getNamedType(field.type))
    if (field.args.some(isRequiredArgument) || (depth === 1 && !isLeaf)) return []
    return [`${field.name} ${selectionOf(field.type, depth - 1)}`]
  })
  return `{ __typename ${fields.join(' ')} }`
}

export async function openClassroom(school: School): Promise<Classroom> {
  const admin = await school.register({ role: 'ADMIN' })
  const [teacher, learner] = [await school.register({ role: 'INSTRUCTOR' }), await school.register()]
  const [categoryId, tagId] = [await addCategory(admin), await addTag(admin)]
  const course = await writeCourse(teacher, { title: 'Lessons', categoryId })
  await change(teacher, 'setCourseTags', { courseId: course.courseId, tagIds: [tagId] })
  const enrollmentId = await enrollIn(learner, course.courseId)
  await change(learner, 'rateCourse', { courseId: course.courseId, stars: 5, comment: 'Good.' })
  const { id: paymentId, transactionId } = await buy(learner, await enrollToPay(teacher, learner))
  await school.settle()
  return { admin, teacher, learner, course, enrollmentId, paymentId, transactionId, categoryId, tagId }
}
