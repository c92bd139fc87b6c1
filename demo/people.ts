import { createAdmin, openAuth } from '@stellr/auth'
import type { UserViewer } from '@stellr/kit'
import type { InstructorContent, LearnerContent } from './content/types.ts'
import { inParallel } from './in-parallel.ts'
import { personOf, type Stage, type StageOptions } from './stage.ts'

export const DEMO_PASSWORD = 'stellr-demo'

const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { user { id } } }'
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { user { id } } }'
const SET_ROLE = 'mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id } } }'
const UPDATE_PROFILE = 'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { id } } }'

/** The administrator of the demo school. */
export async function hireAdmin(
  stage: Stage,
  { subgraphs, env, databaseUrl, log }: StageOptions,
  email: string,
  at: Date,
): Promise<UserViewer> {
  const { backstage, close } = await openAuth({
    settings: subgraphs.auth.config.parse({ secret: env['AUTH_SECRET'] }),
    databaseUrl: databaseUrl('auth'),
    log,
  })
  try {
    await createAdmin(backstage, { email, name: 'Thea Lindqvist', password: DEMO_PASSWORD })
  } finally {
    await close()
  }
  const { user } = await stage.play('auth', LOGIN, { identifier: email, password: DEMO_PASSWORD }, null, at)
  return personOf(user.id, 'ADMIN')
}

/** Those who teach, by their key. */
export async function hireInstructors(
  stage: Stage,
  admin: UserViewer,
  instructors: readonly InstructorContent[],
  at: Date,
): Promise<Map<string, UserViewer>> {
  const hired = await inParallel(instructors, async ({ key, email, name }) => {
    const { user } = await stage.play('auth', REGISTER, { email, name, password: DEMO_PASSWORD }, null, at)
    await stage.play('auth', SET_ROLE, { userId: user.id, role: 'INSTRUCTOR' }, admin, at)
    return [key, personOf(user.id, 'INSTRUCTOR')] as const
  })
  await stage.settle()
  const byKey = new Map(hired)
  await inParallel(instructors, async ({ key, speciality, bio }) =>
    stage.play('users', UPDATE_PROFILE, { bio: `${speciality}. ${bio}` }, byKey.get(key) ?? null, at),
  )
  return byKey
}

/** Those who learn, in their order, each signed up at a time of their own. */
export function enrollLearners(
  stage: Stage,
  learners: readonly LearnerContent[],
  joined: (index: number) => Date,
  onDone: (done: number) => void,
): Promise<UserViewer[]> {
  return inParallel(
    learners,
    async ({ email, name }, index) => {
      const { user } = await stage.play('auth', REGISTER, { email, name, password: DEMO_PASSWORD }, null, joined(index))
      return personOf(user.id, 'STUDENT')
    },
    { onDone },
  )
}
