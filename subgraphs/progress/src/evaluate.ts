import { merge, type LessonEvent, type LessonState } from './merge.ts'
import type { OutlineLessonRow } from './models.ts'
import { reject, whyImpossible, whyTooMuch, type Rejection } from './rejections.ts'

export type ProgressEvent = LessonEvent & { lessonId: string }

/** What a batch of events meets. */
export interface Before {
  now: Date
  enrolledAt: Date
  /** Those of the lessons that the learner's version has. */
  lessons: ReadonlyMap<string, OutlineLessonRow>
  /** How far those of them are that were begun. */
  states: ReadonlyMap<string, LessonState>
  /** Those of the lessons, and of the ones that must come before them, that are complete. */
  completed: ReadonlySet<string>
  /** Events that were accepted before. */
  known: ReadonlySet<string>
}

export type Verdict = 'ACCEPTED' | 'DUPLICATE' | Rejection

export interface Outcome {
  /** By the event's id. */
  verdicts: Map<string, Verdict>
  accepted: ProgressEvent[]
  /** The lessons of accepted events, as they are then. */
  states: Map<string, LessonState>
}

/**
 * Decides about events that have an id each. Those of a locked lesson wait for the others, which may open it; what is
 * accepted only ever opens more, so the order of the events makes no difference.
 */
export function evaluate(events: readonly ProgressEvent[], before: Before): Outcome {
  const outcome: Outcome = { verdicts: new Map(), accepted: [], states: new Map() }
  const completed = new Set(before.completed)
  const possible = events.filter((event) => {
    const verdict = judgeAlone(event, before)
    if (verdict) outcome.verdicts.set(event.id, verdict)
    return !verdict
  })
  const decide = (its: readonly ProgressEvent[], verdict: Verdict) => {
    for (const { id } of its) outcome.verdicts.set(id, verdict)
  }

  const waiting = Map.groupBy(possible, ({ lessonId }) => lessonId)
  for (let isMoving = true; isMoving;) {
    isMoving = false
    for (const [lessonId, its] of waiting) {
      const lesson = before.lessons.get(lessonId)
      if (!lesson || missingPrerequisites(lesson, completed).length > 0) continue
      waiting.delete(lessonId)
      isMoving = true
      const state = merge(lesson, before.states.get(lessonId), its)
      const tooMuch = whyTooMuch(state)
      decide(its, tooMuch === null ? 'ACCEPTED' : reject('BAD_USER_INPUT', tooMuch))
      if (tooMuch !== null) continue
      outcome.accepted.push(...its)
      outcome.states.set(lessonId, state)
      if (state.completedAt !== null) completed.add(lessonId)
    }
  }
  for (const its of waiting.values()) decide(its, reject('LESSON_LOCKED', 'Other lessons must be completed first.'))
  return outcome
}

/** What can be said of an event whatever else is reported; null when nothing speaks against it. */
function judgeAlone(event: ProgressEvent, before: Before): Verdict | null {
  if (before.known.has(event.id)) return 'DUPLICATE'
  const lesson = before.lessons.get(event.lessonId)
  if (!lesson) return reject('NOT_FOUND', 'Your version of the course has no such lesson.')
  const impossible = whyImpossible(event, before)
  if (impossible !== null) return reject('BAD_USER_INPUT', impossible)
  const isPassed = lesson.kind !== 'QUIZ' || before.completed.has(event.lessonId)
  return event.kind === 'COMPLETED' && !isPassed ? reject('QUIZ_NOT_PASSED', 'A quiz is completed by passing it.') : null
}

/** The lessons that must be complete before this one and are not. What is complete itself is never locked again. */
export function missingPrerequisites({ lessonId, prerequisiteIds }: OutlineLessonRow, completed: ReadonlySet<string>): string[] {
  if (completed.has(lessonId)) return []
  return prerequisiteIds.filter((id) => !completed.has(id))
}
