import { countStatements } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { must, publishCourse } from '../testkit/courses.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'

const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const DASHBOARD = `query ($first: Int!) {
  me { id name enrollments(first: $first) { edges { node {
    id status hasNewContent course { id title instructor { id name } } progress { percent resume { lesson { title } position } }
  } } } }
  dashboard { activeCourses completedCourses learningMinutes streakDays }
}`
const CATALOGUE = `query ($first: Int!) { courses(first: $first) { edges { node {
  id slug title price { amount currency } rating instructor { id name } category { name } tags { name } enrollmentCount
  viewerEnrollment { status } modules { id title lessons { id title kind viewerProgress { state } } }
} } } }`

let school: School
let ada: Person
beforeAll(async () => {
  school = await openSchool('one-process')
  const teachers = [
    await school.register({ role: 'INSTRUCTOR', name: 'Grace' }),
    await school.register({ role: 'INSTRUCTOR', name: 'Alan' }),
  ]
  ada = await school.register()
  const courses = []
  for (let number = 0; number < 10; number++) {
    const teacher = teachers[number % 2]
    if (teacher) courses.push(await publishCourse(teacher.client, { title: `Course ${number}`, lessons: 3 }))
  }
  await school.settle()
  for (const { id, lessonIds } of courses) {
    await must(ada.client.query(ENROLL, { input: { courseId: id } }))
    const events = [{ clientEventId: crypto.randomUUID(), lessonId: lessonIds[0], kind: 'OPENED', occurredAt: new Date().toISOString() }]
    const mine = await must(ada.client.query('{ me { enrollments(first: 1) { edges { node { id } } } } }'))
    const enrollmentId = mine.me.enrollments.edges[0].node.id
    await must(
      ada.client.query('mutation ($input: RecordProgressInput!) { recordProgress(input: $input) { results { status } } }', {
        input: { enrollmentId, events },
      }),
    )
  }
  await school.settle()
}, 60_000)
afterAll(() => school.close())

/** How many statements each domain's database answers; what the platform does by itself meanwhile does not count. */
async function statementsFor(text: string, first: number): Promise<Record<string, number>> {
  let data: unknown
  const { statements } = await countStatements(async () => {
    data = await must(ada.client.query(text, { first }))
  })
  expect(JSON.stringify(data).match(/"title":"Course \d"/g)).toHaveLength(first)
  const own = statements.filter(({ correlationId }) => correlationId === 'journey')
  const perDomain: Record<string, number> = {}
  for (const { database } of own) perDomain[database] = (perDomain[database] ?? 0) + 1
  return perDomain
}

test.each([
  ['the dashboard', DASHBOARD],
  ['the catalogue', CATALOGUE],
])('%s costs the same number of statements for one course as for ten', async (name, text) => {
  const one = await statementsFor(text, 1)
  const ten = await statementsFor(text, 10)
  console.log(`${name}: ${JSON.stringify(ten)}`)
  expect(ten).toEqual(one)
})
