import { systemRandom, type Clock, type Data, type UserViewer, type Viewer } from '@stellr/kit'
import { query, runSubgraph, viewerOf, type Answer, type TestedSubgraph } from '@stellr/kit/testing'
import { CourseVersionPublished } from '@stellr/schema/events/courses'
import { enrollmentEvents, EnrollmentCreated } from '@stellr/schema/events/enrollments'
import { progress } from '../index.ts'

type OutlineModule = Data<typeof CourseVersionPublished>['modules'][number]
export type Lesson = OutlineModule['lessons'][number]
type EnrollmentData = Data<typeof EnrollmentCreated>

export interface Course {
  courseId: string
  version: number
  instructorId: string
  modules: OutlineModule[]
  lessons: Lesson[]
}

export interface Enrolled {
  id: string
  learner: UserViewer
  course: Course
  /** Publishes the enrollment again with something changed. */
  change(changes: Partial<EnrollmentData>, version?: number): Promise<void>
}

/** An event as a device reports it. */
export interface Reported {
  clientEventId: string
  lessonId: string
  kind: 'OPENED' | 'PROGRESSED' | 'COMPLETED'
  occurredAt: string
  position?: number | null
  ranges?: { start: number; end: number }[] | null
  activeSeconds?: number | null
}

/** What became of an event. */
export interface EventResult {
  clientEventId: string
  status: string
  code: string | null
  message: string | null
}

/** A lesson's progress as clients see it. */
export interface LessonShown {
  lesson: { id: string }
  state: string
  locked: boolean
}

export interface School extends TestedSubgraph {
  clock: Clock
  publishCourse(lessons: Lesson[] | Lesson[][], version?: Partial<Pick<Course, 'courseId' | 'version'>>): Promise<Course>
  enroll(course: Course, facts?: Partial<EnrollmentData>, learner?: UserViewer): Promise<Enrolled>
  record(enrolled: Pick<Enrolled, 'id' | 'learner'>, events: Reported[], viewer?: Viewer): Promise<Answer>
  mark(lessonId: string, viewer: Viewer): Promise<Answer>
  progressOf(enrolled: Enrolled, viewer?: Viewer): Promise<Answer>
  /** `{ id }` of a type as other subgraphs ask for it, with `fields` of each. */
  entities(type: string, ids: string[], fields: string, viewer: Viewer): Promise<Answer>
  /** What was published about an aggregate, oldest first. */
  events(subject: string): Promise<{ type: string; version: number; data: Record<string, unknown> }[]>
  sql<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>
}

const COURSE = `percent completedLessons requiredLessons minutes quizzesPassed quizzesTotal resume { lesson { id } position }
  completedAt lastActivityAt lessons {
    lesson { id } state percent position watchedSeconds minutes locked completedAt lastAccessedAt }`
const RECORD = `mutation ($input: RecordProgressInput!) { recordProgress(input: $input) {
  results { clientEventId status code message } courseProgress { ${COURSE} } } }`
const MARK = `mutation ($input: MarkLessonCompleteInput!) { markLessonComplete(input: $input) {
  lessonProgress { lesson { id } state percent completedAt } courseProgress { ${COURSE} } } }`
const PROGRESS = `query ($id: ID!) { courseProgress(enrollmentId: $id) { ${COURSE} } }`

export const newId = () => systemRandom.id()

/** An id of something that was made long ago: what is new is waited for. */
export const oldId = () => newId().replace(/^.{13}/, '01900000-0000')

export function lessonOf(facts: Partial<Lesson> = {}): Lesson {
  const lessonId = newId()
  return {
    lessonId,
    title: 'A lesson',
    kind: 'ARTICLE',
    durationSeconds: 0,
    required: true,
    freePreview: false,
    prerequisiteIds: [],
    ...facts,
  }
}

/** progress alone, with a database of its own. */
export async function openSchool({ clock, changesPerUser = 1_000_000 }: { clock: Clock; changesPerUser?: number }): Promise<School> {
  const tested = await runSubgraph(progress, { clock, settings: { changesPerUser } })
  const school: School = {
    ...tested,
    clock,
    async publishCourse(lessons, { courseId = newId(), version = 1 } = {}) {
      const nested = lessons.filter(Array.isArray)
      const chapters = nested.length > 0 ? nested : [lessons.filter((lesson) => !Array.isArray(lesson))]
      const modules = chapters.map((its) => ({ moduleId: newId(), title: 'A module', lessons: its }))
      const course = { courseId, version, instructorId: newId(), modules, lessons: chapters.flat() }
      const { lessons: _, ...data } = course
      const published = { ...data, title: 'A course', publishedAt: clock.now().toISOString() }
      await tested.publish(CourseVersionPublished, { id: `${courseId}:${version}`, version: 1 }, published)
      return course
    },
    async enroll(course, facts = {}, learner = viewerOf('STUDENT')) {
      const id = oldId()
      let data: EnrollmentData = {
        enrollmentId: id,
        userId: learner.id,
        courseId: course.courseId,
        instructorId: course.instructorId,
        courseVersion: course.version,
        status: 'ACTIVE',
        previousStatus: null,
        attempt: 1,
        enrolledAt: clock.now().toISOString(),
        expiresAt: null,
        price: { amount: 0, currency: 'EUR' },
        ...facts,
      }
      let latest = 1
      await tested.publish(EnrollmentCreated, { id, version: latest }, data)
      return {
        id,
        learner,
        course,
        async change(changes, version = latest + 1) {
          data = { ...data, ...changes }
          latest = Math.max(latest, version)
          const event = enrollmentEvents.find(({ type }) => type === `enrollment.${data.status.toLowerCase()}`) ?? EnrollmentCreated
          await tested.publish(event, { id, version }, data)
        },
      }
    },
    record: ({ id, learner }, events, viewer = learner) => tested.ask(RECORD, { input: { enrollmentId: id, events } }, viewer),
    mark: (lessonId, viewer) => tested.ask(MARK, { input: { lessonId } }, viewer),
    progressOf: ({ id, learner }, viewer = learner) => tested.ask(PROGRESS, { id }, viewer),
    entities: (type, ids, fields, viewer) =>
      tested.ask(
        `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`,
        { of: ids.map((id) => ({ __typename: type, id })) },
        viewer,
      ),
    async events(subject) {
      return school.sql(
        `SELECT event ->> 'type' AS type, aggregate_version AS version, event -> 'data' AS data
         FROM stellr.outbox WHERE aggregate_id = $1 ORDER BY seq`,
        [subject],
      )
    },
    sql: (text, values) => query(tested.databaseUrl, text, values),
  }
  return school
}

/** Reports of a device: `seconds` after the clock's now, or before it when negative. */
export function reports(clock: Clock) {
  return (lessonId: string, kind: Reported['kind'], seconds = 0, facts: Partial<Reported> = {}): Reported => ({
    clientEventId: newId(),
    lessonId,
    kind,
    occurredAt: new Date(clock.now().getTime() + seconds * 1000).toISOString(),
    ...facts,
  })
}

/** The same numbers each time: a test that failed can be run again. */
export function randomFrom(seed: number): { below(limit: number): number; shuffle<T>(items: readonly T[]): T[] } {
  let state = seed
  const below = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * limit)
  }
  return {
    below,
    shuffle(items) {
      const shuffled = [...items]
      for (let last = shuffled.length - 1; last > 0; last -= 1) {
        const [other] = shuffled.splice(below(last + 1), 1)
        if (other !== undefined) shuffled.push(other)
      }
      return shuffled
    },
  }
}

/** The status of each event of a report, or why it was rejected. */
export function verdictsOf({ data }: Answer): string[] {
  return data.recordProgress.results.map(({ status, code }: EventResult) => code ?? status)
}
