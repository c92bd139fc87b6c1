import { createClient, type Client } from '../tests/testkit/client.ts'
import { must, publishCourse } from '../tests/testkit/courses.ts'
import { ask, runContest } from './contest.ts'

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id } } }'
const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const COMPLETE = 'mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent } } }'
const QUERY = `{ me { id name enrollments(first: 10) { edges { node {
  id status course { id title instructor { id name } } progress { percent }
} } } } }`

// pnpm bench:dashboard [seconds] [rounds]: ten enrollments with course, instructor and progress, four subgraphs.
await runContest({
  title: 'The dashboard: ten enrollments over four subgraphs',
  query: QUERY,
  proof: 'Course number 10',
  async prepare(url) {
    const person = (name: string) => ({ email: `${name.toLowerCase()}@example.org`, password: 'correct horse battery', name })
    const admin = { identifier: 'admin@example.org', password: 'correct horse battery' }
    const { accessToken } = (
      await ask(url, 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }', {}, { input: admin })
    ).data.login
    const grace = (await ask(url, REGISTER, {}, { input: person('Grace') })).data.register
    const role = { input: { userId: grace.user.id, role: 'INSTRUCTOR' } }
    await must(createClient(url, accessToken).query('mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id } } }', role))
    const refreshed = await must(
      createClient(url).query('mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken } }', {
        input: { refreshToken: grace.refreshToken },
      }),
    )
    const teacher = createClient(url, refreshed.refreshSession.accessToken)
    const ada = (await ask(url, REGISTER, {}, { input: person('Ada') })).data.register
    await learn(createClient(url, ada.accessToken), teacher)
    return { accessToken: ada.accessToken, id: ada.user.id }
  },
})

async function learn(learner: Client, teacher: Client): Promise<void> {
  for (let number = 1; number <= 10; number++) {
    const course = await publishCourse(teacher, { title: `Course number ${number}`, lessons: 3 })
    while ((await learner.query(ENROLL, { input: { courseId: course.id } })).codes.length > 0)
      await new Promise((resolve) => setTimeout(resolve, 20))
    await must(learner.query(COMPLETE, { input: { lessonId: course.lessonIds[0] } }))
  }
}
