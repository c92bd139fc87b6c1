import type { Batching } from '@stellr/kit'
import type { Enrollment, LessonProgress, Prisma } from '../generated/prisma/client.ts'
import type { LessonState } from '../merge.ts'
import { lengthOf, type Range } from '../ranges.ts'
import { watchedSeconds, type Watched } from '../watched.ts'

/** A lesson's progress without the long lists. */
export type LessonProgressRow = Omit<LessonProgress, 'watched' | 'active'>

/** How far the lessons of a learner's version are. */
export interface Tally {
  completedRequired: number
  quizzesPassed: number
  /** When the last of the required lessons that are complete was completed. */
  lastCompletedAt: Date | null
  /** The lesson in which the learner was last. */
  resumeLessonId: string | null
  resumePosition: number | null
  resumeAt: Date | null
}

export function lessons(db: Prisma.TransactionClient, { batchMany }: Batching) {
  return {
    /** All lessons that were begun. */
    lessonProgress: batchMany(
      (ids) => db.lessonProgress.findMany({ where: { enrollmentId: { in: [...ids] } }, omit: { watched: true, active: true } }),
      ({ enrollmentId }: LessonProgressRow) => enrollmentId,
    ),

    /** Those of the lessons that are complete. */
    async completedAmong(enrollmentId: string, lessonIds: readonly string[]): Promise<string[]> {
      const where = { enrollmentId, lessonId: { in: [...lessonIds] }, completedAt: { not: null } }
      const rows = await db.lessonProgress.findMany({ where, select: { lessonId: true } })
      return rows.map(({ lessonId }) => lessonId)
    },

    async lessonStates(enrollmentId: string, lessonIds: readonly string[]): Promise<Map<string, LessonState>> {
      const rows = await db.lessonProgress.findMany({ where: { enrollmentId, lessonId: { in: [...lessonIds] } } })
      return new Map(rows.map((row) => [row.lessonId, readState(row)]))
    },

    /** One statement, however many there are. */
    async saveLessonStates(enrollmentId: string, states: ReadonlyMap<string, LessonState>, now: Date): Promise<void> {
      const rows = [...states].map(([lessonId, state]) => ({
        enrollment_id: enrollmentId,
        lesson_id: lessonId,
        ...writeState(state),
        created_at: now,
        updated_at: now,
      }))
      await db.$executeRaw`
        INSERT INTO lesson_progress SELECT * FROM jsonb_populate_recordset(NULL::lesson_progress, ${JSON.stringify(rows)}::jsonb)
        ON CONFLICT (enrollment_id, lesson_id) DO UPDATE SET
          completed_at = excluded.completed_at, last_accessed_at = excluded.last_accessed_at, position = excluded.position,
          position_at = excluded.position_at, position_event = excluded.position_event, watched = excluded.watched,
          watched_seconds = excluded.watched_seconds, active = excluded.active, active_ms = excluded.active_ms,
          updated_at = excluded.updated_at`
    },

    async tally({ id, courseId, courseVersion }: Enrollment): Promise<Tally> {
      const rows = await db.$queryRaw<Tally[]>`
        WITH begun AS (
          SELECT l.required, l.kind, p.lesson_id, p.completed_at, p.last_accessed_at, p.position
          FROM outline_lesson l JOIN lesson_progress p ON p.enrollment_id = ${id}::uuid AND p.lesson_id = l.lesson_id
          WHERE l.course_id = ${courseId}::uuid AND l.version = ${courseVersion}),
        last AS (SELECT * FROM begun ORDER BY last_accessed_at DESC, lesson_id DESC LIMIT 1)
        SELECT count(*) FILTER (WHERE required)::int AS "completedRequired",
          count(*) FILTER (WHERE kind = 'QUIZ')::int AS "quizzesPassed",
          max(completed_at) FILTER (WHERE required) AS "lastCompletedAt",
          (SELECT lesson_id FROM last) AS "resumeLessonId", (SELECT position FROM last) AS "resumePosition",
          (SELECT last_accessed_at FROM last) AS "resumeAt"
        FROM begun WHERE completed_at IS NOT NULL`
      const [tally] = rows
      if (!tally) throw new Error('an aggregate without a row')
      return tally
    },

    /** Those of the events that were accepted before. */
    async knownEvents(enrollmentId: string, ids: readonly string[]): Promise<Set<string>> {
      const where = { enrollmentId, clientEventId: { in: [...ids] } }
      const rows = await db.clientEvent.findMany({ where, select: { clientEventId: true } })
      return new Set(rows.map(({ clientEventId }) => clientEventId))
    },

    async rememberEvents(enrollmentId: string, ids: readonly string[], now: Date): Promise<void> {
      await db.$executeRaw`
        INSERT INTO client_event (enrollment_id, client_event_id, created_at)
        SELECT ${enrollmentId}::uuid, unnest(${[...ids]}::uuid[]), ${now}`
    },
  }
}

function readState(row: LessonProgress): LessonState {
  const { completedAt, lastAccessedAt, position, positionAt, positionEvent } = row
  return {
    completedAt: completedAt?.getTime() ?? null,
    accessedAt: lastAccessedAt.getTime(),
    position: positionAt && positionEvent !== null ? { seconds: position, at: positionAt.getTime(), eventId: positionEvent } : null,
    watched: inGroups(row.watched, 3).map(([start = 0, end = 0, at = 0]): Watched => [start, end, at]),
    active: inGroups(row.active, 2).map(([start = 0, end = 0]): Range => [start, end]),
  }
}

// The columns that a state decides.
function writeState({ completedAt, accessedAt, position, watched, active }: LessonState) {
  return {
    completed_at: completedAt === null ? null : new Date(completedAt),
    last_accessed_at: new Date(accessedAt),
    position: position?.seconds ?? 0,
    position_at: position ? new Date(position.at) : null,
    position_event: position?.eventId ?? null,
    watched: watched.flat(),
    watched_seconds: watchedSeconds(watched),
    active: active.flat(),
    active_ms: lengthOf(active),
  }
}

function inGroups(numbers: readonly bigint[], size: number): number[][] {
  return Array.from({ length: numbers.length / size }, (_, group) => numbers.slice(group * size, (group + 1) * size).map(Number))
}
