import { readFileSync } from 'node:fs'
import { anonymous, type Viewer } from '@stellr/kit'
import { viewerOf } from '@stellr/kit/testing'
import { Kind, parse, print, type ObjectTypeDefinitionNode } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { domains, type Domain } from '../../schema/index.ts'
import { texts } from './hostile-values.ts'
import { setScene, type Scene } from './s05-scene.ts'
import { codesOf, instructor, openBackDoors, student, type BackDoors } from './s05-subgraphs.ts'

const admin = viewerOf('ADMIN')
/** An id of long ago: nobody waits for what it names to arrive. */
const UNKNOWN = '0195d4a8-0000-7000-8000-000000000001'

let doors: BackDoors
let scene: Scene

beforeAll(async () => {
  doors = await openBackDoors()
  scene = await setScene(doors.subgraphs)
})

afterAll(async () => {
  console.log(`S05 asked ${doors.knocked()} times for entities of ${domains.length} subgraphs`)
  await doors.close()
})

/** Who may have a thing, and who must not. */
const own = () => [[scene.learner], [anonymous, student, instructor, scene.teacher, admin]] as const
const signedIn = () => [[scene.learner, student, instructor, admin], [anonymous]] as const
const staff = () =>
  [
    [scene.teacher, admin],
    [anonymous, student, instructor, scene.former, scene.learner],
  ] as const
const involved = () =>
  [
    [scene.teacher, admin, scene.learner],
    [anonymous, student, instructor, scene.former],
  ] as const

const guarded: [
  what: string,
  at: Domain,
  type: string,
  fields: string,
  key: () => object,
  who: () => readonly [readonly Viewer[], readonly Viewer[]],
][] = [
  ['a dashboard', 'users', 'Dashboard', 'user { id }', () => ({ id: scene.learner.id }), own],
  ['a dashboard', 'enrollments', 'Dashboard', 'activeCourses activeEnrollments { id }', () => ({ id: scene.learner.id }), own],
  ['a dashboard', 'progress', 'Dashboard', 'learningMinutes streakDays', () => ({ id: scene.learner.id }), own],
  ['a learner', 'users', 'User', 'name', () => ({ id: scene.learner.id }), signedIn],
  ['a draft', 'courses', 'Course', 'title', () => ({ id: scene.draft.courseId }), staff],
  ['a module of a draft', 'courses', 'Module', 'title', () => ({ id: scene.draft.moduleId }), staff],
  ['a lesson of a draft', 'courses', 'Lesson', 'title body', () => ({ id: scene.draft.lessonIds[0] }), staff],
  ['an archived course', 'courses', 'Course', 'title', () => ({ id: scene.archived.courseId }), staff],
  ['a lesson of the version before', 'courses', 'Lesson', 'title body', () => ({ id: scene.course.lessonIds[1] }), involved],
  ['the version before', 'courses', 'CourseVersion', 'title', () => ({ courseId: scene.course.courseId, number: 1 }), involved],
  ['an enrollment', 'enrollments', 'Enrollment', 'status', () => ({ id: scene.enrollmentId }), involved],
  ['an enrollment', 'progress', 'Enrollment', 'progress { percent }', () => ({ id: scene.enrollmentId }), involved],
]

describe.each(guarded)('S05 %s, asked of %s', (_what, at, type, fields, key, who) => {
  const askFor = (viewer: Viewer, ...keys: object[]) =>
    doors.entities(
      at,
      viewer,
      `... on ${type} { ${fields} }`,
      keys.map((fields) => ({ __typename: type, ...fields })),
    )

  test('S05 is null without an error, exactly as one that does not exist', async () => {
    const unknown = 'number' in key() ? { courseId: UNKNOWN, number: 1 } : { id: UNKNOWN }
    for (const viewer of who()[1]) expect(await askFor(viewer, key(), unknown)).toEqual({ data: { _entities: [null, null] } })
  })

  test('S05 is answered to whoever may see it', async () => {
    for (const viewer of who()[0]) expect(await askFor(viewer, key())).toEqual({ data: { _entities: [expect.any(Object)] } })
  })
})

test('S05 a stub of another person or course opens none of its guarded fields', async () => {
  const user = () => ({ __typename: 'User', id: scene.learner.id })
  const course = () => ({ __typename: 'Course', id: scene.course.courseId })
  const lesson = () => ({ __typename: 'Lesson', id: scene.course.lessonIds[0] })
  const cases: [Domain, field: string, object, type: string, allowed: Viewer, code: string][] = [
    ...['email', 'role', 'status', 'username', 'phone', 'deletionScheduledAt'].map(
      (field): [Domain, string, object, string, Viewer, string] => ['auth', field, user(), 'User', scene.learner, 'FORBIDDEN'],
    ),
    ['users', 'preferences { language }', user(), 'User', scene.learner, 'FORBIDDEN'],
    ['users', 'onboarding { firstLoginAt }', user(), 'User', scene.learner, 'FORBIDDEN'],
    ['enrollments', 'enrollments { edges { node { id } } }', user(), 'User', scene.learner, 'FORBIDDEN'],
    ['enrollments', 'enrollments { edges { node { id } } }', course(), 'Course', scene.teacher, 'FORBIDDEN'],
    ['courses', 'body', lesson(), 'Lesson', scene.learner, 'NOT_ENROLLED'],
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
    ['enrollments', 'viewerEnrollment { id }', { __typename: 'Course', id: scene.course.courseId }, 'Course'],
    ['progress', 'viewerProgress { percent }', { __typename: 'Module', id: scene.course.moduleId }, 'Module'],
    ['progress', 'viewerProgress { state }', { __typename: 'Lesson', id: scene.course.lessonIds[0] }, 'Lesson'],
  ]
  for (const [name, field, reference, type] of cases) {
    const key = field.split(' ')[0] ?? field
    for (const viewer of [anonymous, student, scene.teacher, admin]) {
      expect(await doors.entities(name, viewer, `... on ${type} { ${field} }`, [reference])).toEqual({
        data: { _entities: [{ [key]: null }] },
      })
    }
    const own = await doors.entities(name, scene.learner, `... on ${type} { ${field} }`, [reference])
    expect(own).toEqual({ data: { _entities: [{ [key]: expect.any(Object) }] } })
  }
})

test('S05 a list that hangs on a stub has only what the viewer may see', async () => {
  const taught = 'taughtCourses { edges { node { id } } }'
  const listed = async (viewer: Viewer) => {
    const { data } = await doors.entities('courses', viewer, `... on User { ${taught} }`, [{ __typename: 'User', id: scene.teacher.id }])
    return data._entities[0].taughtCourses.edges.map(({ node }: { node: { id: string } }) => node.id).toSorted()
  }
  const all = [scene.course, scene.draft, scene.archived].map(({ courseId }) => courseId).toSorted()
  for (const viewer of [anonymous, student, instructor, scene.former]) expect(await listed(viewer)).toEqual([scene.course.courseId])
  for (const viewer of [scene.teacher, admin]) expect(await listed(viewer)).toEqual(all)
})

test.each(domains)('S05 a reference to %s that is none is null without an error', async (name) => {
  const values: unknown[] = [...Object.values(texts), -1, 2 ** 31, 1.5, true, null, {}, [[]]]
  for (const { type, key } of entityTypes(name)) {
    const references = values.map((value) => ({ __typename: type, ...Object.fromEntries(key.map((field) => [field, value])) }))
    for (const viewer of [anonymous, student, admin]) {
      // What anybody may name, as a person, is a stub; nothing hangs on it.
      const reply = await doors.entities(name, viewer, `... on ${type} { __typename }`, references)
      expect({ type, codes: codesOf(reply) }).toEqual({ type, codes: [] })
    }
  }
})

test("S05 what is for the platform's own parts is closed to people, admins too", async () => {
  for (const query of ['{ signingKeys }', '{ revocations { cursor } }']) {
    for (const viewer of [anonymous, student, admin]) {
      expect(codesOf(await doors.ask('auth', viewer, query))).toEqual(['FORBIDDEN'])
    }
    expect((await doors.ask('auth', { kind: 'service', name: 'router' }, query)).errors).toBeUndefined()
  }
})

/** The types of a subgraph that others may refer to, and the fields by which. */
function entityTypes(name: Domain): { type: string; key: string[] }[] {
  const sdl = parse(readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8'))
  const types = sdl.definitions.filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  return types.flatMap((node) => {
    const key = /@key\(fields: "([^"]+)"\)/.exec((node.directives ?? []).map(print).join(' '))?.[1]
    return key === undefined ? [] : [{ type: node.name.value, key: key.split(' ') }]
  })
}
