import { createClient, type Client } from '../../tests/testkit/client.ts'
import { must, publishCourse, type WrittenCourse } from '../../tests/testkit/courses.ts'

const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken } }'
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id } } }'
const SET_ROLE = 'mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id } } }'
const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken } }'
const ENROLL = 'mutation ($input: EnrollInput!) { enroll(input: $input) { enrollment { id } } }'
const COMPLETE = 'mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) { courseProgress { percent } } }'

/** An instructor, a course of many lessons, and somebody who learns it. */
export interface Classroom {
  course: WrittenCourse
  teacherToken: string
  learnerToken: string
  enrollmentId: string
  /** The learner completes the next lesson. */
  complete(): Promise<void>
}

export async function openClassroom(url: string, lessons: number): Promise<Classroom> {
  const nobody = createClient(url)
  const person = (name: string) => ({ email: `${name.toLowerCase()}@example.org`, password: 'correct horse battery', name })
  const admin = await must(nobody.query(LOGIN, { input: { identifier: 'admin@example.org', password: 'correct horse battery' } }))
  const grace = (await must(nobody.query(REGISTER, { input: person('Grace') }))).register
  await must(createClient(url, admin.login.accessToken).query(SET_ROLE, { input: { userId: grace.user.id, role: 'INSTRUCTOR' } }))
  const teacher = await must(nobody.query(REFRESH, { input: { refreshToken: grace.refreshToken } }))
  const teacherToken: string = teacher.refreshSession.accessToken
  const course = await publishCourse(createClient(url, teacherToken), { lessons })
  const learnerToken: string = (await must(nobody.query(REGISTER, { input: person('Ada') }))).register.accessToken
  const learner = createClient(url, learnerToken)
  const enrollmentId = await enrollOnceOpen(learner, course.id)
  const rest = course.lessonIds.values()
  return {
    course,
    teacherToken,
    learnerToken,
    enrollmentId,
    async complete() {
      await must(learner.query(COMPLETE, { input: { lessonId: rest.next().value } }))
    },
  }
}

// A course that was published a moment ago is offered a moment later.
async function enrollOnceOpen(learner: Client, courseId: string): Promise<string> {
  for (;;) {
    const { data, codes } = await learner.query(ENROLL, { input: { courseId } })
    if (codes.length === 0) return data.enroll.enrollment.id
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
