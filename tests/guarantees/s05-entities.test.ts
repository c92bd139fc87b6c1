import { anonymous, type UserViewer, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { UserRegistered } from '@stellr/schema/events/auth'
import { CoursePublished, CourseVersionPublished } from '@stellr/schema/events/courses'
import { EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { readFileSync } from 'node:fs'
import { Kind, parse, print, type ObjectTypeDefinitionNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { domains, type Domain } from '../../schema/index.ts'
import { texts } from './hostile-values.ts'
import { codesOf, instructor, openBackDoors, student, type BackDoors } from './s05-subgraphs.ts'

/** Teaches; learns; looks on. Each subgraph is told what it needs of them by events, as by the others. */
const teacher = viewerOf('INSTRUCTOR')
let someone: UserViewer
let doors: BackDoors
let ids: Awaited<ReturnType<typeof teach>>
let enrollmentId = ''

beforeAll(async () => {
  doors = await openBackDoors()
  const register = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }'
  const input = { email: 'someone@example.org', password: 'correct horse', name: 'Someone' }
  const { data } = await doors.subgraphs.auth.ask(register, { input })
  someone = viewerOf('STUDENT', data.register.user.id)
  const registered = { userId: someone.id, name: 'Someone', role: someone.role, firstLoginAt: null }
  await doors.subgraphs.users.publish(UserRegistered, { id: someone.id, version: 1 }, registered)
  ids = await teach()
  enrollmentId = await learn()
})

afterAll(async () => {
  console.log(`S05 asked ${doors.knocked()} times for entities of ${domains.length} subgraphs`)
  await doors.close()
})

/** What only some may have, by reference; who may, and who must not. */
const guarded: Record<string, () => { at: Domain; ask: string; reference: object; for: Viewer[]; not: Viewer[] }> = {
  'the dashboard in users': () => ({
    ...{ at: 'users', ask: '... on Dashboard { id user { id } }', reference: { __typename: 'Dashboard', id: someone.id } },
    ...{ for: [someone], not: [anonymous, student, instructor, viewerOf('ADMIN')] },
  }),
  'the dashboard in enrollments': () => ({
    ...{ at: 'enrollments', ask: '... on Dashboard { id activeCourses activeEnrollments { id } }' },
    ...{ reference: { __typename: 'Dashboard', id: someone.id }, for: [someone], not: [anonymous, student, instructor, viewerOf('ADMIN')] },
  }),
  'the dashboard in progress': () => ({
    ...{ at: 'progress', ask: '... on Dashboard { id learningMinutes streakDays }' },
    ...{ reference: { __typename: 'Dashboard', id: someone.id }, for: [someone], not: [anonymous, student, instructor, viewerOf('ADMIN')] },
  }),
  'a learner, to whoever is not signed in': () => ({
    ...{ at: 'users', ask: '... on User { name }', reference: { __typename: 'User', id: someone.id } },
    ...{ for: [someone, student, instructor], not: [anonymous] },
  }),
  'a draft': () => ({
    ...{ at: 'courses', ask: '... on Course { id title }', reference: { __typename: 'Course', id: ids.draft.courseId } },
    ...{ for: [teacher, viewerOf('ADMIN')], not: [anonymous, someone, student, instructor, former()] },
  }),
  'a module of a draft': () => ({
    ...{ at: 'courses', ask: '... on Module { id title }', reference: { __typename: 'Module', id: ids.draft.moduleId } },
    ...{ for: [teacher, viewerOf('ADMIN')], not: [anonymous, someone, student, instructor, former()] },
  }),
  'a lesson of a draft': () => ({
    ...{ at: 'courses', ask: '... on Lesson { id title body }', reference: { __typename: 'Lesson', id: ids.draft.lessonIds[0] } },
    ...{ for: [teacher, viewerOf('ADMIN')], not: [anonymous, someone, student, instructor, former()] },
  }),
  'a lesson that only an older version has': () => ({
    ...{ at: 'courses', ask: '... on Lesson { id title body }', reference: { __typename: 'Lesson', id: ids.course.lessonIds[1] } },
    ...{ for: [teacher, someone, viewerOf('ADMIN')], not: [anonymous, student, instructor, former()] },
  }),
  'an older version': () => ({
    ...{ at: 'courses', ask: '... on CourseVersion { number modules { title } }' },
    ...{ reference: { __typename: 'CourseVersion', courseId: ids.course.courseId, number: 1 } },
    ...{ for: [teacher, someone, viewerOf('ADMIN')], not: [anonymous, student, instructor, former()] },
  }),
  'an archived course': () => ({
    ...{ at: 'courses', ask: '... on Course { id title }', reference: { __typename: 'Course', id: ids.archived.courseId } },
    ...{ for: [teacher, viewerOf('ADMIN')], not: [anonymous, someone, student, instructor, former()] },
  }),
  'an enrollment in enrollments': () => ({
    ...{ at: 'enrollments', ask: '... on Enrollment { id status }', reference: { __typename: 'Enrollment', id: enrollmentId } },
    ...{ for: [teacher, someone, viewerOf('ADMIN')], not: [anonymous, student, instructor, former()] },
  }),
  'an enrollment in progress': () => ({
    ...{ at: 'progress', ask: '... on Enrollment { id progress { percent } }', reference: { __typename: 'Enrollment', id: enrollmentId } },
    ...{ for: [teacher, someone, viewerOf('ADMIN')], not: [anonymous, student, instructor, former()] },
  }),
}

describe.each(Object.keys(guarded))('S05 %s', (what) => {
  const cases = () => guarded[what]?.() ?? expect.unreachable(what)

  test('S05 is null without an error, exactly as one that does not exist', async () => {
    const { at, ask, reference, not } = cases()
    const unknown = { ...reference, ...('courseId' in reference ? { courseId: viewerOf('STUDENT').id } : { id: viewerOf('STUDENT').id }) }
    for (const viewer of not) {
      expect(await doors.entities(at, viewer, ask, [reference, unknown])).toEqual({ data: { _entities: [null, null] } })
    }
  })

  test('S05 is answered to whoever may see it', async () => {
    const { at, ask, reference, for: allowed } = cases()
    for (const viewer of allowed) {
      const reply = await doors.entities(at, viewer, ask, [reference])
      expect({ codes: codesOf(reply), found: reply.data._entities }).toEqual({ codes: [], found: [expect.any(Object)] })
    }
  })
})

test('S05 a stub of another person or course opens none of its guarded fields', async () => {
  const user = () => ({ __typename: 'User', id: someone.id })
  const course = () => ({ __typename: 'Course', id: ids.course.courseId })
  const lesson = () => ({ __typename: 'Lesson', id: ids.course.lessonIds[0] })
  const cases: [Domain, field: string, object, type: string, allowed: Viewer, code: string][] = [
    ...['email', 'role', 'status', 'username', 'phone', 'deletionScheduledAt'].map(
      (field): [Domain, string, object, string, Viewer, string] => ['auth', field, user(), 'User', someone, 'FORBIDDEN'],
    ),
    ['users', 'preferences { language }', user(), 'User', someone, 'FORBIDDEN'],
    ['users', 'onboarding { firstLoginAt }', user(), 'User', someone, 'FORBIDDEN'],
    ['enrollments', 'enrollments { edges { node { id } } }', user(), 'User', someone, 'FORBIDDEN'],
    ['enrollments', 'enrollments { edges { node { id } } }', course(), 'Course', teacher, 'FORBIDDEN'],
    ['courses', 'body', lesson(), 'Lesson', someone, 'NOT_ENROLLED'],
  ]
  for (const [name, field, reference, type, allowed, code] of cases) {
    const key = field.split(' ')[0] ?? field
    const foreign = await doors.entities(name, student, `... on ${type} { ${field} }`, [reference])
    expect({ data: foreign.data, codes: codesOf(foreign) }).toEqual({ data: { _entities: [{ [key]: null }] }, codes: [code] })
    expect(codesOf(await doors.entities(name, allowed, `... on ${type} { ${field} }`, [reference]))).toEqual([])
  }
})

test('S05 a stub tells each viewer only of their own part in it', async () => {
  const cases: [Domain, field: string, object, type: string][] = [
    ['enrollments', 'viewerEnrollment { id }', { __typename: 'Course', id: ids.course.courseId }, 'Course'],
    ['progress', 'viewerProgress { percent }', { __typename: 'Module', id: ids.course.moduleId }, 'Module'],
    ['progress', 'viewerProgress { state }', { __typename: 'Lesson', id: ids.course.lessonIds[0] }, 'Lesson'],
  ]
  for (const [name, field, reference, type] of cases) {
    const key = field.split(' ')[0] ?? field
    for (const viewer of [anonymous, student, teacher, viewerOf('ADMIN')]) {
      expect(await doors.entities(name, viewer, `... on ${type} { ${field} }`, [reference])).toEqual({
        data: { _entities: [{ [key]: null }] },
      })
    }
    const own = await doors.entities(name, someone, `... on ${type} { ${field} }`, [reference])
    expect(own).toEqual({ data: { _entities: [{ [key]: expect.any(Object) }] } })
  }
})

test('S05 a list that hangs on a stub has only what the viewer may see', async () => {
  const taught = 'taughtCourses { edges { node { id } } }'
  const listed = async (viewer: Viewer) => {
    const { data } = await doors.entities('courses', viewer, `... on User { ${taught} }`, [{ __typename: 'User', id: teacher.id }])
    return data._entities[0].taughtCourses.edges.map(({ node }: { node: { id: string } }) => node.id).toSorted()
  }
  const all = [ids.course, ids.draft, ids.archived].map(({ courseId }) => courseId).toSorted()
  for (const viewer of [anonymous, student, instructor, former()]) expect(await listed(viewer)).toEqual([ids.course.courseId])
  for (const viewer of [teacher, viewerOf('ADMIN')]) expect(await listed(viewer)).toEqual(all)
})

test.each(domains)('S05 a reference to %s that is none is null without an error', async (name) => {
  const values: unknown[] = [...Object.values(texts), -1, 2 ** 31, 1.5, true, null, {}, [[]]]
  for (const { type, key } of entityTypes(name)) {
    const references = values.map((value) => ({ __typename: type, ...Object.fromEntries(key.map((field) => [field, value])) }))
    for (const viewer of [anonymous, student, viewerOf('ADMIN')]) {
      // What anybody may name, as a person, is a stub; nothing hangs on it.
      const reply = await doors.entities(name, viewer, `... on ${type} { __typename }`, references)
      expect({ type, codes: codesOf(reply) }).toEqual({ type, codes: [] })
    }
  }
})

test("S05 what is for the platform's own parts is closed to people, admins too", async () => {
  for (const query of ['{ signingKeys }', '{ revocations { cursor } }']) {
    for (const viewer of [anonymous, student, viewerOf('ADMIN')]) {
      expect(codesOf(await doors.ask('auth', viewer, query))).toEqual(['FORBIDDEN'])
    }
    expect((await doors.ask('auth', { kind: 'service', name: 'router' }, query)).errors).toBeUndefined()
  }
})

/** The teacher after an administrator has made a student of them. */
function former(): UserViewer {
  return viewerOf('STUDENT', teacher.id)
}

/** A course of two versions, of which the second lacks a lesson; a draft; an archived course. */
async function teach() {
  const change = async (name: string, input: object, selection: string) => {
    const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
    const text = `mutation ($input: ${type}!) { ${name}(input: $input) { ${selection} } }`
    const { data, errors } = await doors.subgraphs.courses.ask(text, { input }, teacher)
    expect(errors).toEqual([])
    return data[name]
  }
  const write = async (title: string, lessons: number) => {
    const courseId: string = (await change('createCourse', { title, description: 'Words.' }, 'course { id }')).course.id
    const moduleId: string = (await change('addModule', { courseId, title: 'A module' }, 'module { id }')).module.id
    const lessonIds: string[] = []
    for (let number = 1; number <= lessons; number++) {
      const input = { moduleId, title: `Lesson ${number}`, kind: 'ARTICLE', body: 'Words.' }
      lessonIds.push((await change('addLesson', input, 'lesson { id }')).lesson.id)
    }
    return { courseId, moduleId, lessonIds }
  }
  const [course, draft, archived] = [await write('A course', 2), await write('A draft', 1), await write('Archived', 1)]
  const publish = ({ courseId }: { courseId: string }) => change('publishCourse', { courseId }, '__typename')
  await publish(course)
  await change('archiveLesson', { lessonId: course.lessonIds[1] }, '__typename')
  await publish(course)
  await publish(archived)
  await change('archiveCourse', { courseId: archived.courseId }, '__typename')
  return { course, draft, archived }
}

/** Enrolls someone in the first version. */
async function learn(): Promise<string> {
  const { courseId, moduleId, lessonIds } = ids.course
  const common = { courseId, instructorId: teacher.id, publishedAt: new Date().toISOString(), title: 'A course' }
  const price = { amount: 0, currency: 'EUR' }
  const { enrollments, courses, progress } = doors.subgraphs
  const offer = { ...common, slug: 'a-course', status: 'PUBLISHED' as const, price, accessDays: null, version: 1 }
  await enrollments.publish(CoursePublished, { id: courseId, version: 1 }, offer)
  const enroll = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id enrolledAt } } }'
  const { enrollment } = (await enrollments.ask(enroll, { input: { courseId } }, someone)).data.enroll

  const lesson = { kind: 'ARTICLE' as const, durationSeconds: 0, required: true, freePreview: false, prerequisiteIds: [] }
  const lessons = lessonIds.map((lessonId, index) => ({ ...lesson, lessonId, title: `Lesson ${index + 1}` }))
  const version = { ...common, version: 1, modules: [{ moduleId, title: 'A module', lessons }] }
  await progress.publish(CourseVersionPublished, { id: `${courseId}:1`, version: 1 }, version)
  const created = {
    ...{ enrollmentId: enrollment.id, userId: someone.id, courseId, instructorId: teacher.id, courseVersion: 1, attempt: 1, price },
    ...{ status: 'ACTIVE' as const, previousStatus: null, enrolledAt: enrollment.enrolledAt, expiresAt: null },
  }
  for (const subgraph of [courses, progress]) await subgraph.publish(EnrollmentCreated, { id: enrollment.id, version: 1 }, created)
  return enrollment.id
}

/** The types of a subgraph that others may refer to, and the fields by which. */
function entityTypes(name: Domain): { type: string; key: string[] }[] {
  const sdl = parse(readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8'))
  const types = sdl.definitions.filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  return types.flatMap((node) => {
    const key = /@key\(fields: "([^"]+)"\)/.exec((node.directives ?? []).map(print).join(' '))?.[1]
    return key === undefined ? [] : [{ type: node.name.value, key: key.split(' ') }]
  })
}
