import { systemRandom, type UserViewer, type Viewer } from '@stellr/kit'
import { query, runSubgraph, viewerOf, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { EnrollmentCreated, type enrollmentEvents } from '@stellr/schema/events/enrollments'
import { courses } from '../index.ts'

type Status = 'PENDING_PAYMENT' | 'ACTIVE' | 'SUSPENDED' | 'COMPLETED' | 'DROPPED' | 'EXPIRED' | 'REFUNDED' | 'CANCELED'

interface Enrollment {
  enrollmentId?: string
  /** Of the enrollment itself, as its events count it. */
  version?: number
  courseVersion?: number
  status?: Status
  attempt?: number
  expiresAt?: string | null
  event?: (typeof enrollmentEvents)[number]
}

/** A course with one module of so many lessons, as its instructor has just published it. */
export interface Published {
  id: string
  teacher: UserViewer
  moduleId: string
  lessonIds: string[]
}

export interface School extends TestedSubgraph {
  /** Runs one mutation; `data` is its payload. */
  change(mutation: string, input: unknown, payload: string, viewer: Viewer): Promise<Answer>
  /** The same where it must succeed: gives its payload. */
  // oxlint-disable-next-line typescript/no-explicit-any -- a test asserts on whatever it asked for
  done(mutation: string, input: unknown, payload: string, viewer: Viewer): Promise<any>
  draft(teacher: UserViewer, input?: object): Promise<{ id: string; slug: string }>
  published(lessons?: number, input?: object): Promise<Published>
  addLesson(moduleId: string, teacher: Viewer, input?: object): Promise<string>
  /** Tells of somebody's enrollment as enrollments would, and waits until it is known. Gives its id. */
  enroll(person: UserViewer, courseId: string, enrollment?: Enrollment): Promise<string>
  entities(typename: string, keys: readonly object[], fields: string, viewer?: Viewer): Promise<Answer>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
  /** What was published about aggregates whose id begins so, oldest first. */
  events(subject: string): Promise<{ type: string; subject: string; aggregateversion: number; data: Record<string, unknown> }[]>
}

/** courses alone, with a database of its own and limits that no test meets by accident. */
export async function openSchool(settings: Record<string, unknown> = {}): Promise<School> {
  const tested = await runSubgraph(courses, { settings: { changesPerUser: 1_000_000, ...settings } })

  const school: School = {
    ...tested,
    async change(name, input, payload, viewer) {
      const type = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
      const answer = await tested.ask(`mutation ($input: ${type}) { ${name}(input: $input) { ${payload} } }`, { input }, viewer)
      return { ...answer, data: answer.data?.[name] ?? null }
    },
    async done(name, input, payload, viewer) {
      const { data, errors } = await school.change(name, input, payload, viewer)
      if (errors.length > 0) throw new Error(JSON.stringify(errors))
      return data
    },
    async draft(teacher, input = {}) {
      const given = { title: 'Knots', description: 'How to tie them', ...input }
      return (await school.done('createCourse', given, 'course { id slug }', teacher)).course
    },
    async published(lessons = 1, input = {}) {
      const teacher = viewerOf('INSTRUCTOR')
      const { id } = await school.draft(teacher, input)
      const moduleId: string = (await school.done('addModule', { courseId: id, title: 'One' }, 'module { id }', teacher)).module.id
      const lessonIds: string[] = []
      for (let n = 1; n <= lessons; n += 1) lessonIds.push(await school.addLesson(moduleId, teacher, { title: `Lesson ${n}` }))
      await school.done('publishCourse', { courseId: id }, 'course { id }', teacher)
      return { id, teacher, moduleId, lessonIds }
    },
    async addLesson(moduleId, teacher, input = {}) {
      const given = { moduleId, title: 'Lesson', kind: 'ARTICLE', body: 'Words', durationSeconds: 60, ...input }
      return (await school.done('addLesson', given, 'lesson { id }', teacher)).lesson.id
    },
    async enroll(person, courseId, { event = EnrollmentCreated, ...told } = {}) {
      const { enrollmentId = systemRandom.id(), version = 1, courseVersion = 1, status = 'ACTIVE', attempt = 1, expiresAt = null } = told
      const facts = {
        enrollmentId,
        userId: person.id,
        courseId,
        instructorId: systemRandom.id(),
        courseVersion,
        status,
        attempt,
        expiresAt,
      }
      const rest = { previousStatus: null, enrolledAt: '2026-03-01T09:00:00.000Z', price: { amount: 0, currency: 'EUR' } }
      await tested.publish(event, { id: enrollmentId, version }, { ...facts, ...rest })
      return enrollmentId
    },
    entities: (typename, keys, fields, viewer) =>
      tested.ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${typename} { ${fields} } } }`,
        { of: keys.map((key) => ({ __typename: typename, ...key })) },
        viewer,
      ),
    sql: (text, values) => query(tested.databaseUrl, text, values),
    async events(subject) {
      const rows = await school.sql<{ event: Awaited<ReturnType<School['events']>>[number] }>(
        'SELECT event FROM stellr.outbox WHERE starts_with(aggregate_id, $1) ORDER BY seq',
        [subject],
      )
      return rows.map(({ event }) => event)
    },
  }
  return school
}
