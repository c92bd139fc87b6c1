import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { domains } from '../../schema/index.ts'
import { must, publishCourse } from '../testkit/courses.ts'
import { pay } from '../testkit/payments.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { enrollToPay } from './classroom.ts'
import { leavesOf, ownersOfPath } from './r17-owners.ts'

/** What people look at most, each over several domains. */
const golden: Record<string, string> = {
  catalogue: `query { courses(first: 5) {
    edges { node { id title price { amount } rating enrollmentCount instructor { id name } category { name } modules { title lessons { title kind } } } }
    pageInfo { hasNextPage } facets { total }
  } }`,
  'course page': `query ($course: ID) { course(id: $course) {
    id title instructor { name profile { bio } } viewerEnrollment { id status progress { percent } } modules { title lessons { title viewerProgress { state } } }
  } }`,
  dashboard: `query { me { id name email role enrollments(first: 10) { edges { node {
      id status hasNewContent course { title instructor { name } } progress { percent minutes resume { lesson { title } position } } outline { title }
    } } } } dashboard { id user { name } activeCourses completedCourses learningMinutes streakDays } }`,
  'enrollment page': `query ($enrollment: ID!) { enrollment(id: $enrollment) {
    status transitions { to reason actor { name } } user { name } outline { modules { title lessons { title lesson { body } } } }
    progress { percent lessons { state locked lesson { title } } }
  } }`,
  'what I pay': `query { me { name payments(first: 5) { edges { node {
      id status amount { amount currency } course { title } enrollment { status } receipt { number } events { type }
    } } } } }`,
  account: 'query { me { id name email role profile { bio } preferences { language } } sessions { edges { node { current } } } }',
}

// Between processes each domain that is stopped costs a start of six: the long form tries them all.
const tried = topologies.flatMap((topology) =>
  domains
    .filter((domain) => topology === 'one-process' || rounds(10) === 10 || domain === 'progress')
    .map((domain) => [domain, topology] as const),
)

describe.each(tried)('R17 with %s stopped (%s)', (stopped, topology) => {
  let school: School
  let ada: Person
  let ids: Record<string, string>
  const before = new Map<string, unknown>()
  const counted: string[] = []

  beforeAll(async () => {
    school = await openSchool(topology)
    const teacher = await school.register({ role: 'INSTRUCTOR', name: 'Grace' })
    const course = await publishCourse(teacher.client, { title: 'Gardens', lessons: 3 })
    await school.settle()
    ada = await school.register()
    const enrolled = await must(
      ada.client.query('mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }', {
        input: { courseId: course.id },
      }),
    )
    ids = { course: course.id, enrollment: enrolled.enroll.enrollment.id }
    const [lessonId] = course.lessonIds
    await must(
      ada.client.query('mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent } } }', {
        input: { lessonId },
      }),
    )
    await pay(ada, await enrollToPay(teacher, ada))
    await school.settle()
    for (const [name, text] of Object.entries(golden)) before.set(name, await must(ada.client.query(text, ids)))
    await school.stopSubgraph(stopped)
  }, 60_000)
  afterAll(async () => {
    console.log(`R17 values shown without ${stopped} (${topology}): ${counted.join(', ')}`)
    await school.close()
  })

  test.each(Object.entries(golden))('R17 %s shows all that does not come from it, and says what is missing', async (name, text) => {
    const { data, errors, status } = await ada.client.query(text, ids)
    expect(status).toBe(200)
    const whole = leavesOf(before.get(name))
    const shown = leavesOf(data)
    const lost = [...whole.keys()].filter((path) => shown.get(path) !== whole.get(path))
    for (const path of lost) {
      // Nothing is lost but what this domain has to say, or what hangs on it.
      expect({ path, owners: ownersOfPath(text, path) }).toEqual({ path, owners: expect.arrayContaining([stopped]) })
      const told = errors.some((error) => path.startsWith((error.path ?? []).join('.')))
      expect({ path, told }).toEqual({ path, told: true })
    }
    for (const error of errors) expect(error.extensions).toMatchObject({ code: 'SERVICE_UNAVAILABLE', service: stopped })
    expect(errors.length > 0).toBe(lost.length > 0)
    counted.push(`${name} ${whole.size - lost.length} of ${whole.size}`)
  })

  test('R17 the control: the queries do ask this domain', () => {
    const asking = Object.entries(golden).filter(([name, text]) =>
      [...leavesOf(before.get(name)).keys()].some((path) => ownersOfPath(text, path).includes(stopped)),
    )
    expect(asking.length).toBeGreaterThan(0)
  })
})
