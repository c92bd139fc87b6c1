import { plusSeconds } from '@stellr/kit'
import type { LessonEvent, LessonState } from './merge.ts'

/** Why an event was not taken in. Nothing of it is kept, so it may be sent again. */
export interface Rejection {
  code: 'NOT_FOUND' | 'LESSON_LOCKED' | 'QUIZ_NOT_PASSED' | 'BAD_USER_INPUT'
  message: string
}

export function reject(code: Rejection['code'], message: string): Rejection {
  return { code, message }
}

const LONGEST_SECONDS = 86_400
const MOST_ACTIVE_SECONDS = 120
// Clocks of devices are not ours.
const CLOCK_SKEW_SECONDS = 300
// Nobody learns in so many pieces: who reports more would make every later event of the lesson slow.
const MOST_PIECES = 10_000

/** What in an event cannot be, in words; null when there is nothing. */
export function whyImpossible(event: LessonEvent, { now, enrolledAt }: { now: Date; enrolledAt: Date }): string | null {
  const { occurredAt, position, ranges, activeSeconds } = event
  if (occurredAt > plusSeconds(now, CLOCK_SKEW_SECONDS).getTime()) return 'occurredAt lies more than five minutes ahead of our clock.'
  if (occurredAt < plusSeconds(enrolledAt, -CLOCK_SKEW_SECONDS).getTime()) return 'occurredAt lies before the enrollment.'
  if (position !== null && !isWithin(position, LONGEST_SECONDS)) return 'position must be from 0 to 86,400.'
  if (!isWithin(activeSeconds, MOST_ACTIVE_SECONDS)) return 'activeSeconds must be from 0 to 120.'
  if (!ranges.flat().every((second) => isWithin(second, LONGEST_SECONDS))) return 'ranges must lie within 0 to 86,400.'
  if (!ranges.every(([start, end]) => start < end)) return 'In ranges, end must be greater than start.'
  return null
}

/** Why a lesson's state cannot be kept, in words; null when it can. */
export function whyTooMuch({ watched, active }: LessonState): string | null {
  return watched.length > MOST_PIECES || active.length > MOST_PIECES ? 'The lesson has been learned in too many separate pieces.' : null
}

function isWithin(value: number, most: number): boolean {
  return value >= 0 && value <= most
}
