import { randomUUID } from 'node:crypto'
import { anonymous, type Viewer } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, person, student, type School } from '../testing/school.ts'

const clock = manualClock()
let school: School
beforeAll(async () => {
  school = await openSchool({ clock })
})
afterAll(() => school.stop())

const FIND = 'query ($id: ID!) { enrollment(id: $id) { id user { id } course { id } } }'
const ids = (connection: { edges: { node: { id: string } }[] }) => connection.edges.map(({ node }) => node.id)

async function classroom() {
  const [ada, teacher] = [student(), person('INSTRUCTOR')]
  const { courseId } = await school.course({ instructorId: teacher.id })
  return { ada, teacher, courseId, id: (await school.enroll(ada, courseId)).id }
}

test('an enrollment is found by its learner, the instructor and administrators; to others it is as unknown as none', async () => {
  const { ada, teacher, courseId, id } = await classroom()
  const seen = { enrollment: { id, user: { id: ada.id }, course: { id: courseId } } }
  for (const viewer of [ada, teacher, person('ADMIN')]) {
    expect((await school.ask(FIND, { id }, viewer)).data).toEqual(seen)
    expect((await school.entities('Enrollment', [{ id }], 'id', viewer)).data).toEqual([{ id }])
  }
  const unknown = await school.ask(FIND, { id: randomUUID() }, ada)
  expect(unknown.codes).toEqual(['NOT_FOUND'])
  for (const viewer of [student(), person('INSTRUCTOR')]) {
    expect(await school.ask(FIND, { id }, viewer)).toEqual(unknown)
    expect(await school.entities('Enrollment', [{ id }], 'id', viewer)).toMatchObject({ data: [null], codes: [] })
  }
  for (const id of ['x', `' OR 1=1 --`, '\0']) expect(await school.ask(FIND, { id }, ada)).toEqual(unknown)
  expect((await school.ask(FIND, { id })).codes).toEqual(['UNAUTHENTICATED'])
})

test('references to what is no id are nothing, and cost their neighbors nothing', async () => {
  const { ada, courseId, id } = await classroom()
  for (const [type, key] of [
    ['Enrollment', id],
    ['Course', courseId],
    ['User', ada.id],
    ['Dashboard', ada.id],
  ] as const) {
    const { data, codes } = await school.entities(type, [{ id: 'x' }, { id: key }, { id: '\0' }], 'id', ada)
    expect([data, codes]).toEqual([[null, { id: key }, null], []])
  }
})

test('a person’s list is theirs and the administrators’, latest first, page by page', async () => {
  const ada = student()
  const enrolled: string[] = []
  for (let n = 0; n < 5; n += 1) {
    enrolled.unshift((await school.enroll(ada, (await school.course()).courseId)).id)
    // Two of one moment, as a list must be able to tell apart.
    if (n !== 2) clock.advance(60)
  }
  const list = async (args: string, viewer: Viewer) => {
    const fields = `enrollments${args} { edges { cursor node { id } } pageInfo { hasNextPage endCursor } }`
    const { data, codes, errors } = await school.entities('User', [{ id: ada.id }], fields, viewer)
    return { page: data?.[0]?.enrollments, codes, errors }
  }
  const all: string[] = []
  let after: string | null = null
  do {
    const { page }: { page: Awaited<ReturnType<typeof list>>['page'] } = await list(
      `(first: 2${after === null ? '' : `, after: "${after}"`})`,
      ada,
    )
    all.push(...ids(page))
    after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null
  } while (after !== null)
  expect(all.toSorted()).toEqual(enrolled.toSorted())
  expect([all[0], all[1], all[4]]).toEqual([enrolled[0], enrolled[1], enrolled[4]])
  expect(ids((await list('', person('ADMIN'))).page)).toEqual(all)
  for (const viewer of [student(), person('INSTRUCTOR'), anonymous]) {
    expect(await list('', viewer)).toMatchObject({ page: null, codes: ['FORBIDDEN'] })
  }
  expect((await list('(first: 51)', ada)).codes).toEqual(['BAD_USER_INPUT'])
  expect((await list('(after: "made up")', ada)).codes).toEqual(['BAD_USER_INPUT'])
})

test('a list shows only what is in one of the states asked for', async () => {
  const ada = student()
  const active = (await school.enroll(ada, (await school.course()).courseId)).id
  const dropped = (await school.enroll(ada, (await school.course()).courseId)).id
  const pending = (await school.enroll(ada, (await school.course({ price: { amount: 1, currency: 'EUR' } })).courseId)).id
  await school.change('dropEnrollment', { enrollmentId: dropped }, ada)
  const inState = async (statuses: string) =>
    ids((await school.entities('User', [{ id: ada.id }], `enrollments${statuses} { edges { node { id } } }`, ada)).data[0].enrollments)
  expect((await inState('(statuses: [ACTIVE])')).toSorted()).toEqual([active])
  expect((await inState('(statuses: [DROPPED, PENDING_PAYMENT])')).toSorted()).toEqual([dropped, pending].toSorted())
  expect(await inState('(statuses: [])')).toEqual([])
  expect(await inState('(statuses: null)')).toHaveLength(3)
})

test('who learns in a course is for its instructor and administrators', async () => {
  const { ada, teacher, courseId, id } = await classroom()
  clock.advance(60)
  const later = (await school.enroll(student(), courseId)).id
  const list = (viewer: Viewer, of = courseId, args = '') =>
    school.entities('Course', [{ id: of }], `enrollments${args} { edges { node { id } } pageInfo { endCursor } }`, viewer)
  for (const viewer of [teacher, person('ADMIN')]) expect(ids((await list(viewer)).data[0].enrollments)).toEqual([later, id])
  const { endCursor } = (await list(teacher, courseId, '(first: 1)')).data[0].enrollments.pageInfo
  expect(ids((await list(teacher, courseId, `(first: 1, after: "${endCursor}")`)).data[0].enrollments)).toEqual([id])
  for (const viewer of [ada, person('INSTRUCTOR'), anonymous]) {
    expect(await list(viewer)).toMatchObject({ data: [{ enrollments: null }], codes: ['FORBIDDEN'] })
  }
  expect(await list(teacher, randomUUID())).toMatchObject({ data: [{ enrollments: null }], codes: [] })
  const other = await school.course({ instructorId: teacher.id })
  expect((await list(teacher, other.courseId, `(after: "${endCursor}")`)).codes).toEqual(['BAD_USER_INPUT'])
})

test('a course shows everybody how many learn in it, and each viewer only their own enrollment', async () => {
  const { ada, courseId, id } = await classroom()
  await school.settle()
  const course = async (viewer: Viewer) =>
    (await school.entities('Course', [{ id: courseId }], 'enrollmentCount viewerEnrollment { id }', viewer)).data[0]
  expect(await course(ada)).toEqual({ enrollmentCount: 1, viewerEnrollment: { id } })
  for (const viewer of [student(), anonymous, { kind: 'service', name: 'router' } as const]) {
    expect(await course(viewer)).toEqual({ enrollmentCount: 1, viewerEnrollment: null })
  }
})

test('a home screen is its owner’s alone, and shows ten courses at most', async () => {
  const ada = student()
  const fields = 'activeCourses completedCourses activeEnrollments { id status }'
  const screen = (viewer: Viewer) => school.entities('Dashboard', [{ id: ada.id }], fields, viewer)
  expect((await screen(ada)).data).toEqual([{ activeCourses: 0, completedCourses: 0, activeEnrollments: [] }])
  const enrolled: string[] = []
  for (let n = 0; n < 13; n += 1) {
    clock.advance(1)
    enrolled.unshift((await school.enroll(ada, (await school.course()).courseId)).id)
  }
  await school.sql(`UPDATE enrollment SET status = 'COMPLETED' WHERE id = $1`, [enrolled[0]])
  await school.change('dropEnrollment', { enrollmentId: enrolled[1] }, ada)
  const [shown] = (await screen(ada)).data
  expect(shown).toMatchObject({ activeCourses: 11, completedCourses: 1 })
  expect(shown.activeEnrollments.map(({ id }: { id: string }) => id)).toEqual(enrolled.slice(2, 12))
  for (const viewer of [student(), person('ADMIN'), anonymous]) expect(await screen(viewer)).toMatchObject({ data: [null], codes: [] })
})
