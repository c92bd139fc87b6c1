import { createLogger, describeSettings, openEventLog, usesKafka, type EventLog, type Role } from '@stellr/kit'
import { query } from '@stellr/kit/testing'
import { createHash, randomBytes } from 'node:crypto'
import { inject } from 'vitest'
import { domains, type Domain } from '../../schema/index.ts'
import { databaseNames, databaseVariable } from '../../scripts/platform/local.ts'
import { startDistributed, type DistributedOptions } from '../../scripts/platform/start-distributed.ts'
import { startPlatform } from '../../scripts/platform/start-platform.ts'
import { subgraphs } from '../../scripts/platform/subgraphs.ts'
import type { SupervisedProcess } from '../../scripts/platform/supervise.ts'
import { createClient, type Client, type Reply } from './client.ts'
import { openBalancer, type Balancer } from './faults/balancer.ts'
import { createTranscript } from './transcript.ts'

export type Topology = 'one-process' | 'distributed'

export const topologies: readonly Topology[] = ['one-process', 'distributed']

export interface Person {
  id: string
  email: string
  password: string
  name: string
  accessToken: string
  refreshToken: string
  client: Client
}

/** The whole platform with databases of its own, as those who use it meet it. */
export interface School {
  topology: Topology
  url: string
  /** The settings that it runs with. */
  env: Readonly<Record<string, string>>
  /** Where each subgraph listens; nowhere in one process. */
  subgraphUrls: Partial<Record<Domain, string>>
  /** The router and every subgraph, by name, to be killed and restarted; none in one process. */
  processes: Readonly<Record<string, SupervisedProcess>>
  client(accessToken?: string): Client
  /** Somebody new, signed in, with the tokens of their role (a student unless said otherwise). */
  register(options?: { role?: Role; name?: string; username?: string }): Promise<Person>
  /** The administrator whom the first start made. */
  admin(): Promise<Person>
  /** Stops one subgraph for good. */
  stopSubgraph(domain: Domain): Promise<void>
  /** Waits until no event is on its way. */
  settle(): Promise<void>
  /** What was answered so far to everybody but the administrator, made comparable between topologies. */
  transcript(): string
  close(): Promise<void>
}

const LONGEST_SETTLE_MS = 60_000
const ADMIN = { email: 'admin@example.org', password: 'a password for tests' }
const REGISTER = 'mutation ($input: RegisterInput!) { register(input: $input) { accessToken refreshToken user { id } } }'
const LOGIN = 'mutation ($input: LoginInput!) { login(input: $input) { accessToken refreshToken user { id } } }'
const REFRESH = 'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { accessToken refreshToken user { id } } }'
const SET_ROLE = 'mutation ($input: SetRoleInput!) { setRole(input: $input) { user { id } } }'

/**
 * Starts a school. `env` goes over settings that suit tests: an administrator, and rate limits that nobody reaches. Where it
 * is distributed, `parts` may ask for several processes of a part, and for settings of single processes.
 */
export async function openSchool(
  topology: Topology,
  env: Record<string, string> = {},
  parts: Pick<DistributedOptions, 'replicas' | 'envOf' | 'print'> = {},
): Promise<School> {
  const settings = {
    ...places(env),
    ...secrets(),
    ...noRateLimits(),
    STELLR_ADMIN_EMAIL: ADMIN.email,
    STELLR_ADMIN_PASSWORD: ADMIN.password,
    // A machine that does much else at once is slow, and nothing is wrong.
    ROUTER_SUBGRAPH_TIMEOUT_MS: '15000',
    ...env,
  }
  const platform = topology === 'one-process' ? await inOneProcess(settings) : await inManyProcesses(settings, parts)
  const transcript = createTranscript()
  const offstage = createClient(platform.url)
  let people = 0

  const asPerson = (reply: Reply, mutation: string, person: Pick<Person, 'email' | 'password' | 'name'>): Person => {
    if (reply.codes.length > 0) throw new Error(`${mutation} was refused: ${reply.text}`)
    const { accessToken, refreshToken, user } = reply.data[mutation]
    return { ...person, id: user.id, accessToken, refreshToken, client: createClient(platform.url, accessToken, transcript) }
  }
  let admin: Promise<Person> | null = null
  const signInAdmin = async () =>
    asPerson(await offstage.query(LOGIN, { input: { identifier: ADMIN.email, password: ADMIN.password } }), 'login', {
      ...ADMIN,
      name: 'Admin',
    })

  return {
    topology,
    url: platform.url,
    env: settings,
    subgraphUrls: platform.subgraphUrls,
    processes: platform.processes,
    client: (accessToken) => createClient(platform.url, accessToken, transcript),
    async register({ role = 'STUDENT', name = 'Ada', username } = {}) {
      people += 1
      const person = { email: `person-${people}@example.org`, password: 'correct horse battery', name }
      const registered = asPerson(await offstage.query(REGISTER, { input: { ...person, username } }), 'register', person)
      if (role === 'STUDENT') return registered
      const { accessToken } = await (admin ??= signInAdmin())
      const changed = await createClient(platform.url, accessToken).query(SET_ROLE, { input: { userId: registered.id, role } })
      if (changed.codes.length > 0) throw new Error(`setRole was refused: ${changed.text}`)
      const refreshed = await offstage.query(REFRESH, { input: { refreshToken: registered.refreshToken } })
      return asPerson(refreshed, 'refreshSession', person)
    },
    admin: () => (admin ??= signInAdmin()),
    stopSubgraph: platform.stopSubgraph,
    async settle() {
      const begun = Date.now()
      const eventLog = await openEventLog(settings, createLogger({ name: 'testkit', level: 'silent' }))
      try {
        while (!(await isSettled(settings, eventLog))) {
          if (Date.now() - begun > LONGEST_SETTLE_MS) throw new Error('events are still on their way after a minute')
          await new Promise((resolve) => setTimeout(resolve, 25))
        }
      } finally {
        await eventLog.close()
      }
    },
    transcript: () => transcript.text(),
    close: platform.stop,
  }
}

interface StartedSchool {
  url: string
  subgraphUrls: Partial<Record<Domain, string>>
  processes: Record<string, SupervisedProcess>
  stopSubgraph(domain: Domain): Promise<void>
  stop(): Promise<void>
}

async function inOneProcess(env: Record<string, string>): Promise<StartedSchool> {
  const platform = await startPlatform({ env, port: 0 })
  return { ...platform, subgraphUrls: {}, processes: {}, stopSubgraph: (domain) => platform.subgraphs[domain].stop() }
}

async function inManyProcesses(env: Record<string, string>, parts: Partial<DistributedOptions>): Promise<StartedSchool> {
  const balancers: Balancer[] = []
  const inFront = async (_name: string, urls: readonly string[]) => {
    const balancer = await openBalancer(urls)
    balancers.push(balancer)
    return balancer.url
  }
  const platform = await startDistributed({ ...parts, env, port: 0, inFront })
  const subgraphUrls = Object.fromEntries(domains.map((domain) => [domain, platform.processes[domain]?.url]))
  return {
    ...platform,
    subgraphUrls,
    stopSubgraph: async (domain) => platform.processes[domain]?.stop(),
    async stop() {
      await platform.stop()
      await Promise.all(balancers.map((balancer) => balancer.close()))
    },
  }
}

// Asked of the databases, so that it is the same question wherever the subgraphs run.
async function isSettled(env: Record<string, string>, eventLog: EventLog): Promise<boolean> {
  const lags = await Promise.all(domains.map((domain) => eventLog.lag(domain)))
  if (lags.some((lag) => lag > 0)) return false
  const urlOf = (domain: Domain) => env[databaseVariable(domain)] ?? ''
  const unpublished = await Promise.all(
    domains.map((domain) => query(urlOf(domain), 'SELECT FROM stellr.outbox WHERE published_at IS NULL LIMIT 1')),
  )
  if (unpublished.some((rows) => rows.length > 0)) return false
  // What was published between the two questions.
  return (await Promise.all(domains.map((domain) => eventLog.lag(domain)))).every((lag) => lag === 0)
}

// Databases of its own and, where `env` says KAFKA_BROKERS, topics and groups of its own on a broker that others use too.
function places(env: Record<string, string>): Record<string, string> {
  const name = `school_${randomBytes(6).toString('hex')}`
  const url = new URL(inject('testServerUrl'))
  const urls = databaseNames(env).map((part) => {
    url.pathname = `${name}_${part}`
    return [databaseVariable(part), url.href]
  })
  return { ...Object.fromEntries(urls), ...(usesKafka(env) && { KAFKA_PREFIX: `${name}.` }) }
}

function secrets(): Record<string, string> {
  const secret = (name: string) => createHash('sha256').update(`tests:${name}`).digest('base64url')
  return { AUTH_SECRET: secret('auth'), PASSPORT_SECRET: secret('passport'), PAYMENTS_SECRET: secret('payments') }
}

/** Settings with which nobody meets a rate limit by accident. */
export function noRateLimits(): Record<string, string> {
  const sections = Object.fromEntries(domains.map((domain) => [domain, subgraphs[domain].config]))
  const limits = describeSettings(sections).filter(({ name }) => name.startsWith('RATE_LIMIT_'))
  return Object.fromEntries(limits.map(({ name }) => [name, '1000000']))
}
