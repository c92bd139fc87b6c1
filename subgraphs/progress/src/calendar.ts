import { DAY_MS, lastMoment } from './activity.ts'
import { lengthOf, type Range } from './ranges.ts'

/** How many days in a row somebody was active, up to today or yesterday as their clock says. Times are epoch ms. */
export function streakDays(active: readonly Range[], timeZone: string, now: number): number {
  const dayOf = calendar(timeZone)
  const days = new Set(active.flatMap((range) => [dayOf(range[0]), dayOf(lastMoment(range))]))
  const today = dayOf(now)
  const last = days.has(today) ? today : today - 1
  let before = last
  while (days.has(before)) before -= 1
  return last - before
}

/** How many ms somebody was active today and on the six days before. */
export function activeThisWeek(active: readonly Range[], timeZone: string, now: number): number {
  const dayOf = calendar(timeZone)
  const firstDay = dayOf(now) - 6
  const isThisWeek = (moment: number) => dayOf(moment) >= firstDay
  return lengthOf(
    active.flatMap(([start, end]): Range[] => {
      if (end < now - LONGER_THAN_A_WEEK_MS) return []
      const last = lastMoment([start, end])
      return isThisWeek(last) ? [[isThisWeek(start) ? start : turningPoint(start, last, isThisWeek), end]] : []
    }),
  )
}

// The first moment for which `holds`, after one for which it does not: finds midnight in any place and season.
function turningPoint(before: number, after: number, holds: (moment: number) => boolean): number {
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (holds(middle)) after = middle
    else before = middle
  }
  return after
}

/** Tells the day of a moment in a time zone: days since 1970-01-01. */
function calendar(timeZone: string): (moment: number) => number {
  const format = formatIn(timeZone)
  // Midnight falls on a quarter of an hour everywhere, and asking the calendar is slow.
  const known = new Map<number, number>()
  return (moment) => {
    const quarter = Math.floor(moment / QUARTER_HOUR_MS)
    const day = known.get(quarter) ?? Date.parse(format.format(moment)) / DAY_MS
    known.set(quarter, day)
    return day
  }
}

const QUARTER_HOUR_MS = 15 * 60_000
const LONGER_THAN_A_WEEK_MS = 9 * DAY_MS

// This locale writes a date as 2026-03-01. A zone that this build of Node does not know must not take the numbers away.
function formatIn(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' })
  } catch {
    return new Intl.DateTimeFormat('sv-SE', { timeZone: 'UTC', dateStyle: 'short' })
  }
}
