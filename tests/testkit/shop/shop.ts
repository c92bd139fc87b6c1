import { derivePassportKey, fromRoot, issuePassport, PASSPORT_HEADER, systemRandom, type Data, type Viewer } from '@stellr/kit'
import { withMigrations } from '@stellr/kit/testing'
import { CoursePublished, CourseUpdated } from '@stellr/schema/events/courses'
import * as topics from '@stellr/schema/events/topics'
import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { onTestFinished, vi } from 'vitest'
import { supervise, type SupervisedProcess } from '../../../scripts/platform/supervise.ts'
import type { FaultName } from '../../../kit/src/faults.ts'
import type { Reply } from '../client.ts'
import { openBalancer } from '../faults/balancer.ts'
import type { Broker } from '../faults/broker.ts'
import { noRateLimits } from '../school.ts'

export type ShopPart = 'payments' | 'enrollments'

export type CourseState = Data<typeof CoursePublished>

/** What sells courses, and nothing else of the platform: payments and enrollments, each in processes of its own, and an event log between them. */
export interface Shop {
  /** Where each part is, whoever of its replicas answers. */
  urls: Readonly<Record<ShopPart, string>>
  databases: Readonly<Record<ShopPart, string>>
  /** The settings of whoever operates it. */
  env: Readonly<Record<string, string>>
  processes: readonly SupervisedProcess[]
  /** Asks a part as somebody, as the router does. */
  ask(part: ShopPart, viewer: Viewer, text: string, variables?: object): Promise<Reply>
  /** Offers a course, or offers it otherwise from now on. */
  offer(course?: Partial<CourseState>): Promise<CourseState>
  sql<Row extends object>(part: ShopPart, text: string, values?: unknown[]): Promise<Row[]>
  /** Kills a process, which is started again; resolves when it serves. */
  kill(name: string): Promise<void>
  /** Kills a part that is one process, and has each of its next lives end at the point that is named: `provider.after_answer:1`. */
  doom(part: ShopPart, lives: readonly `${FaultName}:${number}`[]): Promise<void>
  /** How often a process was started. */
  starts(name: string): number
  /** Waits, a minute at most, until no event is on its way. */
  settle(): Promise<void>
}

export interface ShopOptions {
  replicas?: number
  env?: Record<string, string>
  /** Arranges something in the databases before anybody works on them. */
  prepare?(sql: Shop['sql']): Promise<void>
}

const parts: readonly ShopPart[] = ['payments', 'enrollments']
const SECRET = 'the secret of the shop under test, which is long enough'
const caller = { ipAddress: '192.0.2.7', userAgent: 'test' }

/** Opens a shop. It closes with the test. */
export async function openShop(
  { env: logEnv, eventLog }: Broker,
  { replicas = 1, env: given = {}, prepare }: ShopOptions = {},
): Promise<Shop> {
  const databases = { payments: await withMigrations('payments'), enrollments: await withMigrations('enrollments') }
  const pools = { payments: poolOf(databases.payments), enrollments: poolOf(databases.enrollments) }
  const sql: Shop['sql'] = async (part, text, values) => (await pools[part].query(text, values)).rows
  await prepare?.(sql)
  const env = {
    ...logEnv,
    ...noRateLimits(),
    PAYMENTS_DATABASE_URL: databases.payments,
    ENROLLMENTS_DATABASE_URL: databases.enrollments,
    AUTH_SECRET: SECRET,
    PASSPORT_SECRET: SECRET,
    PAYMENTS_SECRET: SECRET,
    NODE_ENV: 'test',
    LOG_LEVEL: process.env['SHOP_LOG'] ?? 'silent',
    NODE_COMPILE_CACHE: fromRoot('node_modules/.stellr/compiled'),
    ...given,
  }
  const lives: Record<ShopPart, string[]> = { payments: [], enrollments: [] }
  const starts = new Map<string, number>()
  const start = async (part: ShopPart, name: string) => {
    const own = {
      ...env,
      PASSPORT_KEY: Buffer.from(derivePassportKey(SECRET, part)).toString('base64url'),
      // Read once for each life.
      get FAULT() {
        starts.set(name, (starts.get(name) ?? 0) + 1)
        return lives[part].shift()
      },
    }
    const print = (line: string) => void (process.env['SHOP_LOG'] !== undefined && console.log(line))
    const started = supervise({ name, script: `subgraphs/${part}/src/main.ts`, env: own, port: 0, print })
    onTestFinished(() => started.stop())
    await started.start()
    return started
  }
  const processes = await Promise.all(
    parts.flatMap((part) => Array.from({ length: replicas }, (_, index) => start(part, index === 0 ? part : `${part}-${index + 1}`))),
  )
  const urlOf = async (part: ShopPart) => {
    const urls = processes.filter(({ name }) => name.startsWith(part)).map(({ url }) => url)
    if (urls.length === 1) return urls[0] ?? ''
    const balancer = await openBalancer(urls)
    onTestFinished(() => balancer.close())
    return balancer.url
  }
  const urls = { payments: await urlOf('payments'), enrollments: await urlOf('enrollments') }
  await eventLog.ensureTopics([topics.courses])
  const named = (name: string): SupervisedProcess => {
    const found = processes.find((one) => one.name === name)
    if (!found) throw new Error(`there is no ${name}`)
    return found
  }
  const kill = async (name: string) => {
    const victim = named(name)
    const pid = victim.pid()
    if (pid !== undefined) process.kill(pid, 'SIGKILL')
    await vi.waitUntil(async () => victim.pid() !== undefined && victim.pid() !== pid && (await isReady(victim)), waiting)
  }
  const versions = new Map<string, number>()

  return {
    urls,
    databases,
    env,
    processes,
    async ask(part, viewer, text, variables = {}) {
      const body = JSON.stringify({ query: text, variables })
      const passport = issuePassport(derivePassportKey(SECRET, part), { audience: part, viewer, caller, body }, new Date())
      const headers = { 'content-type': 'application/json', [PASSPORT_HEADER]: passport }
      const response = await fetch(`${urls[part]}/graphql`, {
        method: 'POST',
        headers,
        body,
        signal: AbortSignal.timeout(LONGEST_ANSWER_MS),
      })
      const answer = await response.text()
      const { data = null, errors = [] }: Partial<Pick<Reply, 'data' | 'errors'>> = JSON.parse(answer)
      const codes = errors.map(({ extensions }) => extensions['code'])
      return { status: response.status, headers: response.headers, data, errors, codes, text: answer }
    },
    async offer(changes = {}) {
      const courseId = changes.courseId ?? systemRandom.id()
      const version = (versions.get(courseId) ?? 0) + 1
      versions.set(courseId, version)
      const data: CourseState = { ...aCourse, courseId, slug: `course-${courseId}`, ...changes }
      const { type, topic } = version === 1 ? CoursePublished : CourseUpdated
      const envelope = {
        specversion: '1.0',
        id: randomUUID(),
        type,
        source: '/stellr/test',
        subject: courseId,
        time: new Date().toISOString(),
      } as const
      await eventLog.append(topic.name, [
        { ...envelope, datacontenttype: 'application/json', dataversion: 1, aggregateversion: version, data },
      ])
      const known = 'SELECT FROM offer WHERE course_id = $1 AND aggregate_version >= $2'
      await vi.waitUntil(async () => (await sql('enrollments', known, [courseId, version])).length > 0, waiting)
      return data
    },
    sql,
    kill,
    async doom(part, next) {
      lives[part].push(...next)
      const victim = named(part)
      const pid = victim.pid()
      if (pid !== undefined) process.kill(pid, 'SIGKILL')
      await vi.waitUntil(() => victim.pid() !== pid && victim.pid() !== undefined, waiting)
    },
    starts: (name) => starts.get(name) ?? 0,
    async settle() {
      await vi.waitUntil(async () => {
        const unpublished = 'SELECT FROM stellr.outbox WHERE published_at IS NULL LIMIT 1'
        const rows = await Promise.all(parts.map((part) => sql(part, unpublished)))
        const lags = await Promise.all(parts.map((part) => eventLog.lag(part)))
        return rows.every(({ length }) => length === 0) && lags.every((lag) => lag === 0)
      }, waiting)
    },
  }
}

function poolOf(connectionString: string): pg.Pool {
  const pool = new pg.Pool({ connectionString, max: 4 })
  onTestFinished(() => pool.end())
  return pool
}

const waiting = { timeout: 60_000, interval: 20 }
const LONGEST_ANSWER_MS = 15_000

async function isReady({ url }: SupervisedProcess): Promise<boolean> {
  const response = await fetch(`${url}/readyz`).catch(() => null)
  await response?.body?.cancel()
  return response?.status === 200
}

const aCourse = {
  title: 'Drawing',
  instructorId: systemRandom.id(),
  status: 'PUBLISHED',
  price: { amount: 1999, currency: 'EUR' },
  accessDays: null,
  version: 1,
  publishedAt: '2026-03-01T08:00:00.000Z',
} as const
