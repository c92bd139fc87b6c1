import type { LessonKind } from './models.ts'
import { union, type Range } from './ranges.ts'
import { firstWatched, reachedAt, watchedAt, type Watched } from './watched.ts'

/** What of a lesson decides how far somebody is with it. */
export interface LessonFacts {
  kind: LessonKind
  /** 0 when unknown. */
  durationSeconds: number
}

/** Something that a learner did with a lesson. Times are epoch ms, positions and ranges seconds from the beginning. */
export interface LessonEvent {
  id: string
  kind: 'OPENED' | 'PROGRESSED' | 'COMPLETED'
  occurredAt: number
  position: number | null
  ranges: readonly Range[]
  activeSeconds: number
}

/** What all events about a lesson come to. */
export interface LessonState {
  completedAt: number | null
  accessedAt: number
  position: { seconds: number; at: number; eventId: string } | null
  watched: readonly Watched[]
  active: readonly Range[]
}

/**
 * Takes events into a state; there must be at least one of either. Events are a set: in whichever order, batches and number
 * of copies they come, the state is the same. Times are the devices', so nothing here may depend on when something arrived.
 */
export function merge(lesson: LessonFacts, state: LessonState | undefined, events: readonly LessonEvent[]): LessonState {
  let states = events.map((event) => stateOf(lesson, event))
  // In pairs: one by one, a long list would be walked for every event.
  while (states.length > 1) states = inPairs(states).map(([a, b]) => (b ? join(lesson, a, b) : a))
  const [seen] = states
  if (state && seen) return join(lesson, state, seen)
  const all = state ?? seen
  if (!all) throw new Error('nothing to merge')
  return all
}

/** What an event alone comes to. */
export function stateOf(lesson: LessonFacts, event: LessonEvent): LessonState {
  const { id, kind, occurredAt } = event
  // A quiz is completed by passing it, whatever a device says.
  const marked = kind === 'COMPLETED' && lesson.kind !== 'QUIZ' ? occurredAt : null
  const end = lesson.durationSeconds > 0 ? lesson.durationSeconds : Infinity
  const isVideo = lesson.kind === 'VIDEO'
  const inside = event.ranges.flatMap(([from, to]): Range[] => (from < end ? [[from, Math.min(to, end)]] : []))
  const watched = isVideo ? watchedAt(inside, occurredAt) : []
  return {
    completedAt: earliest(marked, watchedEnoughAt(lesson, watched)),
    accessedAt: occurredAt,
    position: isVideo && event.position !== null ? { seconds: Math.min(event.position, end), at: occurredAt, eventId: id } : null,
    watched,
    active: [activeRange(event)],
  }
}

/** What two states come to together: commutative, associative, idempotent. */
export function join(lesson: LessonFacts, a: LessonState, b: LessonState): LessonState {
  const watched = firstWatched(a.watched, b.watched)
  return {
    completedAt: earliest(earliest(a.completedAt, b.completedAt), watchedEnoughAt(lesson, watched)),
    accessedAt: Math.max(a.accessedAt, b.accessedAt),
    position: later(a.position, b.position),
    watched,
    active: union(a.active, b.active),
  }
}

/**
 * The stretch in which the learner was active. Without active time it is a moment, so that the day counts for the streak:
 * the beginning of the quarter of an hour, so that there are few, and on the same day in every time zone.
 */
export function activeRange({ occurredAt, activeSeconds }: LessonEvent): Range {
  if (activeSeconds > 0) return [occurredAt - activeSeconds * 1000, occurredAt]
  const quarter = occurredAt - (occurredAt % QUARTER_HOUR_MS)
  return [quarter, quarter]
}

const QUARTER_HOUR_MS = 15 * 60_000

// 90 %, in whole numbers.
function watchedEnoughAt({ kind, durationSeconds }: LessonFacts, watched: readonly Watched[]): number | null {
  return kind === 'VIDEO' && durationSeconds > 0 ? reachedAt(watched, Math.ceil((durationSeconds * 9) / 10)) : null
}

function earliest(a: number | null, b: number | null): number | null {
  return a === null || b === null ? (a ?? b) : Math.min(a, b)
}

function later(a: LessonState['position'], b: LessonState['position']): LessonState['position'] {
  if (!a || !b) return a ?? b
  if (a.at !== b.at) return a.at > b.at ? a : b
  return a.eventId >= b.eventId ? a : b
}

function inPairs<Item>(items: readonly Item[]): [Item, Item | undefined][] {
  return items.flatMap((item, place): [Item, Item | undefined][] => (place % 2 === 0 ? [[item, items[place + 1]]] : []))
}
