import { expect, test } from 'vitest'
import { join, merge, stateOf, type LessonEvent, type LessonFacts, type LessonState } from './merge.ts'
import { lengthOf } from './ranges.ts'
import { randomFrom } from './testing/school.ts'
import { watchedSeconds } from './watched.ts'

const SEED = 20_260_301
const NOON = Date.UTC(2026, 2, 1, 12)
const video = { kind: 'VIDEO', durationSeconds: 100 } as const
const random = randomFrom(SEED)

let made = 0
function event(facts: Partial<LessonEvent> = {}): LessonEvent {
  made += 1
  return { id: `event ${made}`, kind: 'PROGRESSED', occurredAt: NOON, position: null, ranges: [], activeSeconds: 0, ...facts }
}

function anyEvent(): LessonEvent {
  const ranges = Array.from({ length: random.below(4) }, () => {
    const start = random.below(110)
    return [start, start + 1 + random.below(40)] as const
  })
  return event({
    kind: (['OPENED', 'PROGRESSED', 'PROGRESSED', 'PROGRESSED', 'COMPLETED'] as const)[random.below(5)],
    // Few different moments, so that ties are frequent.
    occurredAt: NOON + random.below(60) * 20_000,
    position: random.below(3) === 0 ? null : random.below(120),
    ranges,
    activeSeconds: random.below(4) * 40,
  })
}

const mergeAll = (lesson: LessonFacts, events: readonly LessonEvent[]) => merge(lesson, undefined, events)

const lessons: LessonFacts[] = [
  video,
  { kind: 'VIDEO', durationSeconds: 0 },
  { kind: 'ARTICLE', durationSeconds: 60 },
  { kind: 'QUIZ', durationSeconds: 0 },
]

test(`events come to the same in any order, in any batches, and sent any number of times (seed ${SEED})`, () => {
  for (let round = 0; round < 400; round += 1) {
    const lesson = lessons[random.below(lessons.length)] ?? video
    const events = Array.from({ length: 1 + random.below(25) }, anyEvent)
    const state = mergeAll(lesson, events)
    const again = events.filter(() => random.below(3) === 0)
    expect(mergeAll(lesson, random.shuffle([...events, ...again]))).toEqual(state)

    const cut = random.below(events.length + 1)
    const shuffled = random.shuffle(events)
    const parts = [shuffled.slice(0, cut), [...shuffled.slice(cut), ...again]].filter((part) => part.length > 0)
    const [a, b = a] = parts.map((part) => mergeAll(lesson, part))
    if (!a || !b) throw new Error('no parts')
    const oneByOne = shuffled.reduce<LessonState | undefined>((before, one) => merge(lesson, before, [one]), undefined)
    expect(oneByOne).toEqual(state)
    expect(join(lesson, a, b)).toEqual(state)
    expect(join(lesson, b, a)).toEqual(state)
    expect(join(lesson, state, state)).toEqual(state)
  }
})

test(`what is stored is what counting second by second gives (seed ${SEED})`, () => {
  for (let round = 0; round < 200; round += 1) {
    const events = Array.from({ length: 1 + random.below(25) }, anyEvent)
    const state = mergeAll(video, events)

    const firstSeen = new Map<number, number>()
    const active = new Set<number>()
    for (const { ranges, occurredAt, activeSeconds } of events) {
      for (const [start, end] of ranges) {
        for (let second = start; second < Math.min(end, 100); second += 1) {
          firstSeen.set(second, Math.min(firstSeen.get(second) ?? Infinity, occurredAt))
        }
      }
      for (let ago = 1; ago <= activeSeconds; ago += 1) active.add(occurredAt - ago * 1000)
    }
    expect(watchedSeconds(state.watched)).toBe(firstSeen.size)
    expect(lengthOf(state.active)).toBe(active.size * 1000)

    const marked = events.filter(({ kind }) => kind === 'COMPLETED').map(({ occurredAt }) => occurredAt)
    const enough = [...firstSeen.values()].toSorted((a, b) => a - b)[89]
    const completions = [...marked, ...(enough === undefined ? [] : [enough])]
    expect(state.completedAt).toBe(completions.length > 0 ? Math.min(...completions) : null)
  }
})

test('a video is complete when nine tenths of it were watched, at the moment when that was reached', () => {
  const watch = (start: number, end: number, minute: number) => event({ ranges: [[start, end]], occurredAt: NOON + minute * 60_000 })
  const almost = [watch(0, 50, 1), watch(40, 89, 2), watch(0, 89, 3)]
  expect(mergeAll(video, almost).completedAt).toBeNull()
  // A second that was watched offline before all of these completes it back then.
  expect(mergeAll(video, [...almost, watch(95, 96, 9)]).completedAt).toBe(NOON + 9 * 60_000)
  expect(mergeAll(video, [...almost, watch(95, 96, 9), watch(95, 96, 0)]).completedAt).toBe(NOON + 2 * 60_000)
  expect(mergeAll({ ...video, durationSeconds: 101 }, [watch(0, 90, 1)]).completedAt).toBeNull()
  expect(mergeAll({ ...video, durationSeconds: 101 }, [watch(0, 91, 1)]).completedAt).toBe(NOON + 60_000)
})

test('what lies beyond the end of a video counts as its end; of an unknown length nothing is cut, and nothing completes', () => {
  const far = event({
    position: 500,
    ranges: [
      [0, 5],
      [90, 5_000],
      [200, 300],
    ],
  })
  expect(stateOf(video, far)).toMatchObject({
    position: { seconds: 100 },
    watched: [
      [0, 5, NOON],
      [90, 100, NOON],
    ],
    completedAt: null,
  })
  expect(stateOf({ kind: 'VIDEO', durationSeconds: 0 }, far)).toMatchObject({ position: { seconds: 500 }, completedAt: null })
})

test('only videos have positions and ranges, and a quiz is completed by nothing that a device says', () => {
  const done = event({ kind: 'COMPLETED', position: 10, ranges: [[0, 100]] })
  expect(stateOf({ kind: 'ARTICLE', durationSeconds: 100 }, done)).toMatchObject({ position: null, watched: [], completedAt: NOON })
  expect(stateOf({ kind: 'QUIZ', durationSeconds: 100 }, done)).toMatchObject({ completedAt: null })
})

test('the latest position counts; of two at the same moment always the same one', () => {
  const [early, a, b] = [
    event({ id: 'c', position: 1, occurredAt: NOON - 1 }),
    event({ id: 'a', position: 2 }),
    event({ id: 'b', position: 3 }),
  ]
  expect(mergeAll(video, [b, a, early]).position?.seconds).toBe(3)
  expect(mergeAll(video, [early, a, b]).position?.seconds).toBe(3)
})
