import type { LessonView } from './models.ts'

/** Hundredths of a percent, 0 to 10,000: all of it only when all is done. Null when there is nothing to do. */
export function basisPoints(done: number, all: number): number | null {
  return all === 0 ? null : Math.min(10_000, Math.floor((done * 10_000) / all))
}

/** The same as clients see it: 0 to 100 with two digits. */
export function percent(points: number): number
export function percent(points: number | null): number | null
export function percent(points: number | null): number | null {
  return points === null ? null : points / 100
}

/** How much of a lesson is done, 0 to 100 with two digits. */
export function lessonPercent({ lesson, progress }: LessonView): number {
  if (progress?.completedAt) return 100
  const watched = lesson.kind === 'VIDEO' ? (progress?.watchedSeconds ?? 0) : 0
  return percent(basisPoints(watched, lesson.durationSeconds)) ?? 0
}
