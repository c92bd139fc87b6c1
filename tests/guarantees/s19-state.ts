import { must } from '../testkit/courses.ts'
import type { Person, School } from '../testkit/school.ts'

const account = `id username email phone role status deletionScheduledAt name createdAt updatedAt
  profile { name avatarUrl bio locale timeZone createdAt updatedAt }
  preferences { language marketing quietHours { start end } createdAt updatedAt }
  onboarding { firstLoginAt tutorialCompletedAt completedSteps createdAt updatedAt }`

const course = `id slug title description instructor { id } category { id } tags { id } difficulty price { amount currency } accessDays
  coverImageUrl durationSeconds rating ratingCount status version publishedAt createdAt updatedAt enrollmentCount
  reviews { edges { node { id stars comment author { id } updatedAt } } }
  modules { id title position lessons {
    id title kind durationSeconds position required freePreview prerequisites { id } body createdAt updatedAt
  } }`

const enrollment = `id user { id } status attempt enrolledAt expiresAt price { amount currency } version hasNewContent createdAt updatedAt
  transitions { id from to reason actor { id } at }
  outline { number modules { lessons { lessonId } } }
  payment { id status refunded { amount } refunds { id status amount { amount } } receipt { number } events { id type at } }
  progress {
    percent completedLessons requiredLessons minutes quizzesPassed quizzesTotal completedAt lastActivityAt createdAt updatedAt
    resume { lesson { id } position }
    lessons { lesson { id } state percent position watchedSeconds minutes locked completedAt lastAccessedAt }
  }`

/** All that the API tells an administrator about these people, of what they teach and learn; who registered last; all subjects. */
export async function stateOf(school: School, people: readonly Person[]): Promise<unknown[]> {
  await school.settle()
  const { client } = await school.admin()
  const common = must(
    client.query(
      `{ users(first: 1) { edges { node { id } } } categories { id slug name updatedAt } tags { id name updatedAt }
        courses(first: 50, sort: NEWEST) { edges { node { id } } } }`,
    ),
  )
  const states = people.map(async (person) => {
    const ask = (fields: string) => must(client.query(`query ($id: ID!) { user(id: $id) { ${fields} } }`, { id: person.id }))
    return Promise.all([
      ask(account),
      ask(`taughtCourses(first: 50) { edges { node { ${course} } } }`),
      ask(`enrollments(first: 50) { edges { node { course { ${course} } ${enrollment} } } }`),
      // Nobody else is shown these. Who is leaving has none.
      person.client.query('{ sessions(first: 50) { edges { node { id lastUsedAt expiresAt revokedAt } } } }').then(({ data }) => data),
    ])
  })
  return [await common, ...(await Promise.all(states))]
}
