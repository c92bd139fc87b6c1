import { expect, test } from 'vitest'
import { addStretches, onTheClock, splitByDay } from './activity.ts'
import { activeThisWeek, streakDays } from './calendar.ts'
import { lengthOf, union, type Range } from './ranges.ts'

const at = (moment: string) => Date.parse(moment)
const minute = (moment: string): Range => [at(moment), at(moment) + 60_000]

test('the same hours are other days elsewhere', () => {
  // Late in the evening in London is the next morning in Tokyo.
  const active = [minute('2026-03-01T23:30:00Z'), minute('2026-03-02T00:30:00Z')]
  const now = at('2026-03-02T10:00:00Z')
  expect(streakDays(active, 'Europe/London', now)).toBe(2)
  expect(streakDays(active, 'Asia/Tokyo', now)).toBe(1)
  expect(streakDays(active, 'America/New_York', now)).toBe(1)
})

test('a streak lasts through today without learning, and ends tomorrow', () => {
  const active = [minute('2026-03-01T12:00:00Z'), minute('2026-03-02T12:00:00Z')]
  expect(streakDays(active, 'UTC', at('2026-03-02T13:00:00Z'))).toBe(2)
  expect(streakDays(active, 'UTC', at('2026-03-03T23:59:59Z'))).toBe(2)
  expect(streakDays(active, 'UTC', at('2026-03-04T00:00:00Z'))).toBe(0)
  expect(streakDays([], 'UTC', at('2026-03-04T00:00:00Z'))).toBe(0)
})

test('learning over midnight counts for both days; what ends at midnight for the first alone', () => {
  const now = at('2026-03-02T12:00:00Z')
  expect(streakDays([[at('2026-03-01T23:59:30Z'), at('2026-03-02T00:00:30Z')]], 'UTC', now)).toBe(2)
  expect(streakDays([[at('2026-03-01T23:59:30Z'), at('2026-03-02T00:00:00Z')]], 'UTC', now)).toBe(1)
  expect(streakDays([[at('2026-03-02T00:00:00Z'), at('2026-03-02T00:00:00Z')]], 'UTC', now)).toBe(1)
})

test('days of 23 and 25 hours are days, and nobody loses a streak far from Greenwich', () => {
  const summer = ['2026-03-28T12:00:00Z', '2026-03-29T21:59:00Z', '2026-03-29T22:01:00Z'].map(minute)
  expect(streakDays(summer, 'Europe/Berlin', at('2026-03-30T12:00:00Z'))).toBe(3)
  const kiritimati = ['2026-03-01T10:30:00Z', '2026-03-03T09:30:00Z'].map(minute)
  expect(streakDays(kiritimati, 'Pacific/Kiritimati', at('2026-03-03T09:45:00Z'))).toBe(2)
})

test('a week is today and six days before, by the clock of the place', () => {
  const now = at('2026-03-10T12:00:00Z')
  const edge: Range = [at('2026-03-03T22:59:00Z'), at('2026-03-03T23:02:30Z')]
  expect(activeThisWeek([edge], 'Europe/Berlin', now)).toBe(150_000)
  expect(activeThisWeek([edge], 'UTC', now)).toBe(0)
  expect(activeThisWeek([edge], 'Europe/Moscow', now)).toBe(210_000)
  expect(activeThisWeek([minute('2026-03-10T11:00:00Z')], 'UTC', now)).toBe(60_000)
})

test('a zone that nobody knows is taken for UTC', () => {
  expect(streakDays([minute('2026-03-02T00:30:00Z')], 'Mars/Olympus', at('2026-03-02T10:00:00Z'))).toBe(1)
})

test('split over days in UTC, stretches keep their length and come together again', () => {
  const stretches: Range[] = [
    [at('2026-03-01T23:58:00Z'), at('2026-03-02T00:01:00Z')],
    [at('2026-03-03T23:58:00Z'), at('2026-03-04T00:00:00Z')],
    [at('2026-03-05T00:00:00Z'), at('2026-03-05T00:00:00Z')],
  ]
  const days = splitByDay(stretches)
  expect(days.map((day) => lengthOf(day.stretches))).toEqual([120_000, 60_000, 120_000, 0])
  expect(union(days.flatMap(onTheClock))).toEqual(stretches)
  expect(
    addStretches(
      [[0, 10]],
      [
        [5, 15],
        [20, 25],
      ],
    ),
  ).toEqual({
    stretches: [
      [0, 15],
      [20, 25],
    ],
    addedMs: 10,
  })
})

test('a long streak of many short stretches, in a zone that is a quarter of an hour off', () => {
  const now = Date.parse('2026-06-01T12:00:00Z')
  // A stretch every minute of the last 139 days: by a clock that is 5:45 ahead they began on the day before those.
  const active = Array.from({ length: 139 * 1440 }, (_, at): [number, number] => [now - at * 60_000, now - at * 60_000 + 1000])
  expect(streakDays(active, 'Asia/Kathmandu', now)).toBe(140)
})
