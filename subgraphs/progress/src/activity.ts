import { lengthOf, union, type Range } from './ranges.ts'

/** When somebody was active on a day in UTC. */
export interface ActiveDay {
  /** Days since 1970-01-01. */
  day: number
  /** In ms after midnight. */
  stretches: Range[]
}

export const DAY_MS = 86_400_000

/** Stretches in epoch ms by the days in UTC on which they lie. Days never overlap, so lengths of days may be added. */
export function splitByDay(stretches: readonly Range[]): ActiveDay[] {
  const days = new Map<number, Range[]>()
  for (const [start, end] of union(stretches)) {
    for (let day = dayOf(start); day <= dayOf(lastMoment([start, end])); day += 1) {
      const midnight = day * DAY_MS
      const part: Range = [Math.max(start - midnight, 0), Math.min(end - midnight, DAY_MS)]
      days.set(day, [...(days.get(day) ?? []), part])
    }
  }
  return [...days].map(([day, parts]) => ({ day, stretches: parts }))
}

/** The stretches of a day in epoch ms. */
export function onTheClock({ day, stretches }: ActiveDay): Range[] {
  return stretches.map(([start, end]) => [day * DAY_MS + start, day * DAY_MS + end])
}

/** A day with more stretches, and by how many ms it is longer then. */
export function addStretches(stretches: readonly Range[], more: readonly Range[]): { stretches: Range[]; addedMs: number } {
  const together = union(stretches, more)
  return { stretches: together, addedMs: lengthOf(together) - lengthOf(stretches) }
}

/** The last moment that belongs to a range: its end does not, unless it is all there is. */
export function lastMoment([start, end]: Range): number {
  return Math.max(start, end - 1)
}

function dayOf(moment: number): number {
  return Math.floor(moment / DAY_MS)
}
