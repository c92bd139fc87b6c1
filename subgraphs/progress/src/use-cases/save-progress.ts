import { DomainError } from '@stellr/kit'
import { LessonCompleted } from '@stellr/schema/events/progress'
import { addStretches, splitByDay } from '../activity.ts'
import type { Tx } from '../context.ts'
import { missingPrerequisites, type Before, type Outcome } from '../evaluate.ts'
import { progressFeed } from '../feed.ts'
import { activeRange, type LessonState } from '../merge.ts'
import type { CourseProgressRef, CourseProgressRow, EnrollmentRow } from '../models.ts'
import { lengthOf, type Range } from '../ranges.ts'
import type { SubjectDay } from '../store/activity.ts'
import { watchedSeconds } from '../watched.ts'
import { advance } from './advance.ts'

/** An enrollment that nobody else changes until the transaction ends, and how far the lessons in question are. */
export type Opened = CourseProgressRef & { enrollment: EnrollmentRow } & Pick<Before, 'lessons' | 'states' | 'completed'>

export async function openEnrollment(tx: Tx, id: string, lessonIds: readonly string[]): Promise<Opened | null> {
  const enrollment = await tx.lockEnrollment(id)
  const progress = enrollment && (await tx.courseProgress(id))
  if (!progress) return null
  const lessons = await tx.lessonsOf({ courseId: enrollment.courseId, version: enrollment.courseVersion }, lessonIds)
  const states = await tx.lessonStates(id, lessonIds)
  const completed = new Set([...states].flatMap(([lessonId, { completedAt }]) => (completedAt === null ? [] : [lessonId])))
  const others = lessons.flatMap(({ prerequisiteIds }) => prerequisiteIds.filter((lessonId) => !states.has(lessonId)))
  if (others.length > 0) for (const lessonId of await tx.completedAmong(id, others)) completed.add(lessonId)
  return { enrollment, progress, lessons: new Map(lessons.map((lesson) => [lesson.lessonId, lesson])), states, completed }
}

/** Stores what became of the lessons, counts again what depends on it, and publishes what is new. */
export async function saveOutcome(tx: Tx, opened: Opened, { states, accepted }: Outcome, now: Date): Promise<CourseProgressRef> {
  const { enrollment, progress, completed } = opened
  const changed = new Map([...states].filter(([id, state]) => JSON.stringify(state) !== JSON.stringify(opened.states.get(id))))
  if (changed.size === 0) return { enrollment, progress }

  await tx.saveLessonStates(enrollment.id, changed, now)
  const addedMs = await saveActivity(tx, enrollment, accepted.map(activeRange))
  const newlyCompleted = [...changed].flatMap(([lessonId, { completedAt }]) =>
    completedAt === null || completed.has(lessonId) ? [] : [{ lessonId, completedAt: new Date(completedAt) }],
  )
  const counted = newlyCompleted.length > 0 ? await tx.tally(enrollment) : null
  const change = {
    activeMs: progress.activeMs + BigInt(addedMs),
    lastActivityAt: lastActivity(progress, changed),
    ...resumePoint(progress, changed),
    ...(counted && { completedRequired: counted.completedRequired, quizzesPassed: counted.quizzesPassed }),
  }
  for (const { lessonId, completedAt } of newlyCompleted) {
    const { id: enrollmentId, userId, courseId } = enrollment
    const data = { enrollmentId, userId, courseId, lessonId, completedAt: completedAt.toISOString() }
    await tx.outbox.add(LessonCompleted, { id: `${enrollmentId}:${lessonId}`, version: 1 }, data)
  }
  const advanced = { enrollment, progress: await advance(tx, { enrollment, progress }, change, counted?.lastCompletedAt ?? now, now) }
  await tellOf(tx, opened, advanced, changed)
  return advanced
}

/** Tells whoever watches of each lesson that moved, the one that was opened last at the end. */
async function tellOf(tx: Tx, opened: Opened, advanced: CourseProgressRef, changed: ReadonlyMap<string, LessonState>): Promise<void> {
  const completed = new Set(opened.completed)
  for (const [lessonId, { completedAt }] of changed) if (completedAt !== null) completed.add(lessonId)
  for (const [lessonId, state] of [...changed].toSorted(([, a], [, b]) => a.accessedAt - b.accessedAt)) {
    const lesson = opened.lessons.get(lessonId)
    if (!lesson) continue
    const progress = {
      completedAt: state.completedAt === null ? null : new Date(state.completedAt),
      lastAccessedAt: new Date(state.accessedAt),
      position: state.position?.seconds ?? 0,
      watchedSeconds: watchedSeconds(state.watched),
      activeMs: BigInt(lengthOf(state.active)),
    }
    const moved = { lesson, progress, locked: missingPrerequisites(lesson, completed).length > 0 }
    await tx.feed.add(progressFeed, advanced.enrollment.id, { ...advanced, lesson: moved })
  }
}

/** Adds to when the learner was active, here and anywhere. Returns by how many ms the time in this course has grown. */
async function saveActivity(tx: Tx, { id, userId }: EnrollmentRow, stretches: readonly Range[]): Promise<number> {
  const added = splitByDay(stretches)
  // Another course of the same learner may be learned at the same time.
  await tx.lockActivity(userId)
  const stored = await tx.activeDays(
    [id, userId],
    added.map(({ day }) => day),
  )
  const keyOf = ({ subjectId, day }: Pick<SubjectDay, 'subjectId' | 'day'>) => `${subjectId} ${day}`
  const before = new Map(stored.map((day) => [keyOf(day), day.stretches]))
  const days = [id, userId].flatMap((subjectId) =>
    added.map(({ day, stretches: more }) => ({ subjectId, day, ...addStretches(before.get(keyOf({ subjectId, day })) ?? [], more) })),
  )
  if (days.some((day) => day.stretches.length > MOST_STRETCHES_A_DAY)) throw new DomainError('BAD_USER_INPUT', tooManyStretches)
  await tx.saveActiveDays(days)
  return days.reduce((sum, { subjectId, addedMs }) => (subjectId === id ? sum + addedMs : sum), 0)
}

// Nobody begins to learn so often in a day: whoever reports it would make every later look at their time slow.
const MOST_STRETCHES_A_DAY = 500
const tooManyStretches = [
  {
    path: 'input.events',
    rule: 'too_big',
    message: `must not make more than ${MOST_STRETCHES_A_DAY} separate stretches of active time in a day`,
  },
]

function lastActivity({ lastActivityAt }: CourseProgressRow, changed: ReadonlyMap<string, LessonState>): Date {
  return new Date(Math.max(lastActivityAt?.getTime() ?? 0, ...[...changed.values()].map(({ accessedAt }) => accessedAt)))
}

/** The lesson that was opened last, and where in it; of two at the same moment, the one with the greater id. */
function resumePoint(progress: CourseProgressRow, changed: ReadonlyMap<string, LessonState>) {
  let point = { resumeLessonId: progress.resumeLessonId, resumePosition: progress.resumePosition, resumeAt: progress.resumeAt }
  for (const [lessonId, { accessedAt, position }] of changed) {
    const at = point.resumeAt?.getTime() ?? -Infinity
    const isLater = accessedAt > at || (accessedAt === at && lessonId >= (point.resumeLessonId ?? ''))
    if (isLater) point = { resumeLessonId: lessonId, resumePosition: position?.seconds ?? 0, resumeAt: new Date(accessedAt) }
  }
  return point
}
