import { pay } from '../../testkit/payments.ts'
import { addCategory, addTag, change, enrollIn, enrollToPay, newName, suspend, writeCourse, writeDraft } from '../classroom.ts'
import { sessionOf } from '../people.ts'
import type { Cast } from './cast.ts'
import type { Person } from '../../testkit/school.ts'

/** What the `$names` of a visit stand for. */
export type Things = Record<string, () => unknown>

/** The types of those that are no ids. */
const types: Record<string, string> = {
  ownersEmail: 'String!',
  ownersRefreshToken: 'String!',
  password: 'String!',
  newEmail: 'String!',
  newName: 'String!',
  slug: 'String!',
  now: 'DateTime!',
  ownersCursor: 'String!',
  courseCursor: 'String!',
  paymentCursor: 'String!',
  newKey: 'String!',
}

/** The operation with its variables declared, and what they are. */
export async function fillIn(text: string, things: Things): Promise<[operation: string, variables: Record<string, unknown>]> {
  const names = [...new Set(Array.from(text.matchAll(/\$(\w+)/g), ([, name = '']) => name))]
  if (names.length === 0) return [text, {}]
  const declared = names.map((name) => `$${name}: ${types[name] ?? 'ID!'}`).join(', ')
  const variables: Record<string, unknown> = {}
  for (const name of names) {
    const value = things[name]
    if (!value) throw new Error(`${text}: there is no $${name}`)
    variables[name] = await value()
  }
  return [text.replace(/^(query|mutation|subscription)/, `$1 (${declared})`), variables]
}

/** What has to do with people. */
export function personalThings(owner: Person, { teacher, principal, people }: Pick<Cast, 'teacher' | 'principal' | 'people'>): Things {
  return {
    owner: () => owner.id,
    teacher: () => teacher.id,
    principal: () => principal.id,
    otherInstructor: () => people['other instructor']?.id,
    ownersEmail: () => owner.email,
    ownersRefreshToken: () => owner.refreshToken,
    ownersSession: () => sessionOf(owner),
    password: () => owner.password,
    newEmail: () => `s04-${crypto.randomUUID()}@example.org`,
    newName,
    newId: () => crypto.randomUUID(),
    newKey: () => crypto.randomUUID(),
    now: () => new Date().toISOString(),
  }
}

/** Courses, and a learner's part in them, to which nothing has happened yet. Each is made when it is asked for. */
export function freshThings(teacher: Person, learner: Person, admin: Person, learning: boolean): Things {
  const course = once(async () => {
    const written = await writeCourse(teacher)
    if (learning) await enrollIn(learner, written.courseId)
    return written
  })
  const draft = once(() => writeDraft(teacher))
  const enrollment = once(async () => enrollIn(learner, (await course()).courseId))
  return {
    course: async () => (await course()).courseId,
    module: async () => (await course()).moduleId,
    lesson: async () => (await course()).lessonIds[0],
    draft: async () => (await draft()).courseId,
    draftLesson: async () => (await draft()).lessonIds[0],
    archived: async () => {
      const { courseId } = await course()
      await change(teacher, 'archiveCourse', { courseId })
      return courseId
    },
    enrollment,
    suspended: async () => suspend(admin, await enrollment()),
    unpaidEnrollment: once(() => enrollToPay(teacher, learner)),
    paid: once(async () => (await pay(learner, await enrollToPay(teacher, learner))).id),
    category: () => addCategory(admin),
    tag: () => addTag(admin),
  }
}

function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined
  return () => (made ??= make())
}
