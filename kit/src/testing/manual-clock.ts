import { plusSeconds, type Clock } from '../clock.ts'

export interface ManualClock extends Clock {
  /** Moves time on by so many seconds, or back. */
  advance(seconds: number): void
}

/** A clock that stands still until it is moved. */
export function manualClock(start: Date = new Date('2026-03-01T09:00:00.000Z')): ManualClock {
  let now = start
  return {
    now: () => now,
    advance(seconds) {
      now = plusSeconds(now, seconds)
    },
  }
}
