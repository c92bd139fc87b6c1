import { systemRandom, type Clock, type UserViewer, type Viewer } from '@stellr/kit'
import { query, runSubgraph, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { createLocalJWKSet, jwtVerify, type JWTPayload } from 'jose'
import { auth } from '../index.ts'

const plenty = 1_000_000

/** AUTH_SECRET of every school. */
export const secret = 'only for tests: thirty-two characters and more'

const settings = {
  secret,
  registerPerAddress: plenty,
  loginPerAddress: plenty,
  loginPerAccount: plenty,
  refreshPerAddress: plenty,
  refreshPerSession: plenty,
  passwordChecksPerAccount: plenty,
  sessionChangesPerUser: plenty,
  adminChangesPerAdmin: plenty,
}

/** Somebody with an account who has just signed in. */
export interface Person {
  id: string
  email: string
  password: string
  accessToken: string
  refreshToken: string
  viewer: UserViewer
}

export interface School extends TestedSubgraph {
  clock: Clock
  /** Runs one mutation as somebody; `data` is its payload. */
  change(mutation: string, input: object | null, payload: string, viewer?: Viewer): Promise<Answer>
  register(): Promise<Person>
  registerAdmin(): Promise<Person>
  login(person: Pick<Person, 'email' | 'password'>): Promise<Person>
  /** Who a token speaks for, found out as the router does. Throws when the token is not good. */
  verify(accessToken: string): Promise<{ claims: JWTPayload; kid: string | undefined; viewer: UserViewer }>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** What was published about an aggregate, oldest first. */
  events(subject: string): Promise<{ type: string; aggregateversion: number; data: Record<string, unknown> }[]>
  /** Types and actors of an account's history, oldest first. */
  history(accountId: string): Promise<{ type: string; actorId: string | null }[]>
}

/** auth alone, with a database of its own and limits that no test meets by accident. */
export async function openSchool(options: { settings?: Record<string, unknown>; clock: Clock }): Promise<School> {
  const { clock } = options
  const tested = await runSubgraph(auth, { clock, settings: { ...settings, ...options.settings } })
  const tokens = 'accessToken refreshToken expiresIn user { id }'

  const school: School = {
    ...tested,
    clock,
    async change(name, input, payload, viewer) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input`
      const required = ['logout', 'logoutEverywhere', 'cancelAccountDeletion'].includes(name) ? '' : '!'
      const text = `mutation ($input: ${type}${required}) { ${name}(input: $input) { ${payload} } }`
      const answer = await tested.ask(text, { input }, viewer)
      return { ...answer, data: answer.data?.[name] ?? null }
    },
    async register() {
      const email = `${systemRandom.id()}@example.org`
      const password = `pass ${email}`
      return person(await school.change('register', { email, password, name: 'Ada Lovelace' }, tokens), { email, password })
    },
    async registerAdmin() {
      const { id, ...rest } = await school.register()
      await school.sql(`UPDATE account SET role = 'ADMIN' WHERE id = $1`, [id])
      return school.login(rest)
    },
    async login({ email, password }) {
      return person(await school.change('login', { identifier: email, password }, tokens), { email, password })
    },
    async verify(accessToken) {
      const keys = await tested.ask('{ signingKeys }', {}, { kind: 'service', name: 'router' })
      const { payload: claims, protectedHeader } = await jwtVerify(accessToken, createLocalJWKSet(JSON.parse(keys.data.signingKeys)), {
        algorithms: ['EdDSA'],
        typ: 'at+jwt',
        issuer: 'stellr',
        audience: 'stellr',
        currentDate: clock.now(),
      })
      const { sub: id, sid, role, scope } = claims as { sub: string; sid: string; role: UserViewer['role']; scope: string }
      return {
        claims,
        kid: protectedHeader.kid,
        viewer: { kind: 'user', id, role, scopes: scope.split(' ').filter(Boolean), sessionId: sid },
      }
    },
    sql: (text, values) => query(tested.databaseUrl, text, values),
    async events(subject) {
      const rows = await school.sql<{ event: Awaited<ReturnType<School['events']>>[number] }>(
        'SELECT event FROM stellr.outbox WHERE aggregate_id = $1 ORDER BY seq',
        [subject],
      )
      return rows.map(({ event }) => event)
    },
    history: (accountId) =>
      school.sql('SELECT type, actor_id AS "actorId" FROM security_event WHERE account_id = $1 ORDER BY created_at, id', [accountId]),
  }

  async function person(answer: Answer, who: Pick<Person, 'email' | 'password'>): Promise<Person> {
    if (answer.errors.length > 0) throw new Error(JSON.stringify(answer.errors))
    const { accessToken, refreshToken, user } = answer.data
    return { ...who, id: user.id, accessToken, refreshToken, viewer: (await school.verify(accessToken)).viewer }
  }

  return school
}
