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
const audiences = {
  own: () => [[scene.learner], [anonymous, student, instructor, scene.teacher, admin]],
  signedIn: () => [[scene.learner, student, instructor, admin], [anonymous]],
  staff: () => [
    [scene.teacher, admin],
    [anonymous, student, instructor, scene.former, scene.learner],
  ],
  involved: () => [
    [scene.teacher, admin, scene.learner],
    [anonymous, student, instructor, scene.former],
  ],
  payer: () => [
    [admin, scene.learner],
    [anonymous, student, instructor, scene.teacher],
  ],
} satisfies Record<string, () => [may: Viewer[], not: Viewer[]]>

interface Guarded {
  what: string
  at: Domain
  type: string
  fields: string
  key(of: Scene): object
  to: keyof typeof audiences
}

const dashboard = { what: 'a dashboard', type: 'Dashboard', key: ({ learner }: Scene) => ({ id: learner.id }), to: 'own' } as const
const enrollment = { what: 'an enrollment', type: 'Enrollment', key: (of: Scene) => ({ id: of.enrollmentId }), to: 'involved' } as const
const inCourses = (what: string, to: Guarded['to'], type: string, fields: string, key: Guarded['key']) => ({
  what,
  at: 'courses' as const,
  type,
  fields,
  key,
  to,
})

const guarded: readonly Guarded[] = [
  { ...dashboard, at: 'users', fields: 'user { id }' },
  { ...dashboard, at: 'enrollments', fields: 'activeCourses activeEnrollments { id }' },
  { ...dashboard, at: 'progress', fields: 'learningMinutes streakDays' },
  { what: 'a learner', at: 'users', type: 'User', fields: 'name', key: ({ learner }) => ({ id: learner.id }), to: 'signedIn' },
  inCourses('a draft', 'staff', 'Course', 'title', ({ draft }) => ({ id: draft.courseId })),
  inCourses('a module of a draft', 'staff', 'Module', 'title', ({ draft }) => ({ id: draft.moduleId })),
  inCourses('a lesson of a draft', 'staff', 'Lesson', 'title body', ({ draft }) => ({ id: draft.lessonIds[0] })),
  inCourses('an archived course', 'staff', 'Course', 'title', ({ archived }) => ({ id: archived.courseId })),
  inCourses('a lesson of the version before', 'involved', 'Lesson', 'title body', ({ course }) => ({ id: course.lessonIds[1] })),
  inCourses('the version before', 'involved', 'CourseVersion', 'title', ({ course }) => ({ courseId: course.courseId, number: 1 })),
  { ...enrollment, at: 'enrollments', fields: 'status' },
  { ...enrollment, at: 'progress', fields: 'progress { percent }' },
  {
    what: 'a payment',
    at: 'payments',
    type: 'Payment',
    fields: 'status events { type }',
    key: ({ paymentId }) => ({ id: paymentId }),
    to: 'payer',
  },
]

describe.each(guarded)('S05 $what, asked of $at', ({ at, type, fields, key, to }) => {
  const askFor = (viewer: Viewer, ...keys: object[]) =>
    doors.entities(
      at,
      viewer,
      `... on ${type} { ${fields} }`,
      keys.map((given) => ({ __typename: type, ...given })),
    )

  test('S05 is null without an error, exactly as one that does not exist', async () => {
    const there = key(scene)
    const unknown = 'number' in there ? { courseId: UNKNOWN, number: 1 } : { id: UNKNOWN }
    for (const viewer of audiences[to]()[1] ?? []) {
      const reply = await askFor(viewer, there, unknown)
      expect({ viewer, reply }).toEqual({ viewer, reply: { data: { _entities: [null, null] } } })
    }
  })

  test('S05 is answered to whoever may see it', async () => {
    for (const viewer of audiences[to]()[0] ?? []) {
      const reply = await askFor(viewer, key(scene))
      expect({ viewer, reply }).toEqual({ viewer, reply: { data: { _entities: [expect.any(Object)] } } })
    }
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
    ['payments', 'payments { edges { node { id } } }', user(), 'User', scene.learner, 'FORBIDDEN'],
    ['payments', 'payment { id }', { __typename: 'Enrollment', id: scene.unpaidId }, 'Enrollment', scene.learner, 'FORBIDDEN'],
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

test.each(domains)('S05 a reference to something in %s that cannot be breaks nothing', async (name) => {
  for (const { type, key, leaves } of entityTypes(name)) {
    const texted = Object.values(texts).map((text) => key.map((field) => [field, field === 'number' ? 1 : text]))
    const numbered = [0, -1, 1.5, 2 ** 31, 2 ** 53].map((number) => key.map((field) => [field, field === 'number' ? number : UNKNOWN]))
    const references = [...texted, ...numbered].map((fields) => ({ __typename: type, ...Object.fromEntries(fields) }))
    for (const viewer of [anonymous, student, admin]) {
      const reply = await doors.entities(name, viewer, `... on ${type} { ${leaves.join(' ')} }`, references)
      // Anybody may name a person; what of them is not for all says so.
      expect({ type, codes: [...new Set(codesOf(reply))].filter((code) => code !== 'FORBIDDEN') }).toEqual({ type, codes: [] })
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

/** The types of a subgraph that others may refer to, the fields by which, and those that hold nothing else. */
function entityTypes(name: Domain): { type: string; key: string[]; leaves: string[] }[] {
  const sdl = parse(readFileSync(new URL(`../../schema/${name}.graphql`, import.meta.url), 'utf8'))
  const types = sdl.definitions.filter((node): node is ObjectTypeDefinitionNode => node.kind === Kind.OBJECT_TYPE_DEFINITION)
  const objects = new Set(types.map((node) => node.name.value))
  return types.flatMap(({ name: type, directives = [], fields = [] }) => {
    const key = /@key\(fields: "([^"]+)"\)/.exec(directives.map(print).join(' '))?.[1]
    const leaves = fields.filter((field) => !field.arguments?.length && !objects.has(print(field.type).replaceAll(/[[\]!]/g, '')))
    return key === undefined ? [] : [{ type: type.value, key: key.split(' '), leaves: leaves.map((field) => field.name.value) }]
  })
}
