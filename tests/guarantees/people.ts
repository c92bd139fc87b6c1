import type { Role } from '@stellr/kit'
import type { Person, School } from '../testkit/school.ts'

/** Somebody new who can also sign in by a name. */
export function named(school: School, role: Role = 'STUDENT'): Promise<Person> {
  return school.register({ role, username: `u${crypto.randomUUID().slice(0, 13)}` })
}

/** The id of the person's newest session. */
export async function sessionOf(person: Person): Promise<string> {
  const { data, errors } = await person.client.query('{ sessions(first: 1) { edges { node { id } } } }')
  if (errors.length > 0) throw new Error(`no sessions: ${JSON.stringify(errors)}`)
  return data.sessions.edges[0].node.id
}

/** The same person after asking for their account to be deleted, signed in again. */
export async function leaving(school: School, person: Person): Promise<Person> {
  await succeed(
    person.client.query('mutation ($password: String!) { deleteAccount(input: { password: $password }) { deletionScheduledAt } }', {
      password: person.password,
    }),
  )
  const { data } = await succeed(
    school.client().query('mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken } }', {
      input: { identifier: person.email, password: person.password },
    }),
  )
  return withTokens(school, person, data.login)
}

/** The same person after an admin has made a student of them, with the tokens of a student. */
export async function demoted(school: School, person: Person, admin: Person): Promise<Person> {
  await succeed(
    admin.client.query('mutation ($id: ID!) { setRole(input: { userId: $id, role: STUDENT }) { user { id } } }', { id: person.id }),
  )
  const { data } = await succeed(
    school.client().query('mutation ($token: String!) { refreshSession(input: { refreshToken: $token }) { accessToken refreshToken } }', {
      token: person.refreshToken,
    }),
  )
  return withTokens(school, person, data.refreshSession)
}

function withTokens(school: School, person: Person, tokens: Pick<Person, 'accessToken' | 'refreshToken'>): Person {
  return { ...person, ...tokens, client: school.client(tokens.accessToken) }
}

async function succeed<R extends { errors: readonly unknown[] }>(asked: Promise<R>): Promise<R> {
  const reply = await asked
  if (reply.errors.length > 0) throw new Error(`refused: ${JSON.stringify(reply.errors)}`)
  return reply
}
