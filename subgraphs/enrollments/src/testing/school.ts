import { createLogger, systemRandom, type Clock, type Data, type Role, type UserViewer, type Viewer } from '@stellr/kit'
import { query, runSubgraph, viewerOf, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { CoursePublished } from '@stellr/schema/events/courses'
import { vi } from 'vitest'
import type { Backstage } from '../context.ts'
import { enrollments } from '../index.ts'

export type CourseState = Data<typeof CoursePublished>

export interface School extends TestedSubgraph {
  /** Publishes a course: free and without end, unless said otherwise. */
  course(state?: Partial<CourseState>): Promise<CourseState>
  /** Runs one mutation as somebody; `data` is its payload. */
  change(mutation: string, input: object, viewer: Viewer, payload?: string): Promise<Answer>
  /** Enrolls somebody and returns the enrollment. */
  enroll(viewer: Viewer, courseId: string): Promise<{ id: string; status: string; attempt: number; expiresAt: string | null }>
  /** Resolves references of one type, as the router does. */
  entities(type: string, keys: readonly object[], fields: string, viewer?: Viewer): Promise<Answer>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** What was published about an aggregate, oldest first. */
  events(subject: string): Promise<{ id: string; type: string; aggregateversion: number; data: Record<string, unknown> }[]>
  /** What the audit log is told of an enrollment, oldest first. */
  deeds(enrollmentId: string): Promise<Record<string, unknown>[]>
  /** Waits until everything published has been handled. */
  settle(): Promise<void>
  backstage(): Backstage
}

/** What mutations of one enrollment show of it. */
export const shown = 'enrollment { id status attempt enrolledAt expiresAt version price { amount currency } }'

export const student = (): UserViewer => viewerOf('STUDENT')

/** enrollments alone, with a database of its own and limits that no test meets by accident. */
export async function openSchool(options: { settings?: Record<string, unknown>; clock?: Clock } = {}): Promise<School> {
  const tested = await runSubgraph(enrollments, { ...options, settings: { changesPerUser: 1_000_000, ...options.settings } })
  const school: School = {
    ...tested,
    async course(state = {}) {
      const courseId = state.courseId ?? systemRandom.id()
      const course: CourseState = {
        courseId,
        slug: `course-${courseId}`,
        title: 'Drawing',
        instructorId: systemRandom.id(),
        status: 'PUBLISHED',
        price: { amount: 0, currency: 'EUR' },
        accessDays: null,
        version: 1,
        publishedAt: '2026-03-01T08:00:00.000Z',
        ...state,
      }
      await tested.publish(CoursePublished, { id: courseId, version: 1 }, course)
      return course
    },
    async change(name, input, viewer, payload = shown) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
      const answer = await tested.ask(`mutation ($input: ${type}) { ${name}(input: $input) { ${payload} } }`, { input }, viewer)
      return { ...answer, data: answer.data?.[name] ?? null }
    },
    async enroll(viewer, courseId) {
      const { data, errors } = await school.change('enroll', { courseId }, viewer)
      if (errors.length > 0) throw new Error(JSON.stringify(errors))
      return data.enrollment
    },
    async entities(type, keys, fields, viewer) {
      const of = keys.map((key) => ({ __typename: type, ...key }))
      const text = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`
      const answer = await tested.ask(text, { of }, viewer)
      return { ...answer, data: answer.data?._entities ?? null }
    },
    sql: (text, values) => query(tested.databaseUrl, text, values),
    async events(subject) {
      const rows = await school.sql<{ event: Awaited<ReturnType<School['events']>>[number] }>(
        'SELECT event FROM stellr.outbox WHERE aggregate_id = $1 ORDER BY seq',
        [subject],
      )
      return rows.map(({ event }) => event)
    },
    async deeds(enrollmentId) {
      const rows = await school.sql<{ data: Record<string, unknown> }>(
        `SELECT event -> 'data' AS data FROM stellr.outbox WHERE event -> 'data' ->> 'subjectId' = $1 ORDER BY seq`,
        [enrollmentId],
      )
      return rows.map(({ data }) => data)
    },
    async settle() {
      await vi.waitUntil(() => tested.running.settled(), { timeout: 10_000, interval: 5 })
    },
    backstage() {
      const signal = new AbortController().signal
      const context = tested.running.context({ viewer: { kind: 'anonymous' }, caller: { ipAddress: null, userAgent: null }, signal })
      // The kit knows the subgraph's store and services by no type.
      return { ...(context as unknown as Backstage), log: createLogger({ name: 'enrollments', level: 'silent' }) }
    },
  }
  return school
}

/** Somebody with another role than most. */
export const person = (role: Role, id?: string): UserViewer => viewerOf(role, id)
