/** An event of recordProgress. */
export interface Update {
  clientEventId: string
  lessonId: string
  kind: 'PROGRESSED' | 'COMPLETED'
  position: number | null
  ranges: { start: number; end: number }[]
  activeSeconds: number
  occurredAt: string
}

const VIDEO_SECONDS = 600

/**
 * What the platform must show after these updates, worked out the slow way: second by second, over all of them at once. The
 * first lesson is an article, the others are videos of ten minutes; all are required.
 */
export function oracle(lessonIds: readonly string[], updates: readonly Update[]) {
  const lessons = lessonIds.map((id, index) => {
    const own = updates.filter(({ lessonId }) => lessonId === id)
    const watched =
      index === 0 ? 0 : seconds(own.flatMap(({ ranges }) => ranges.map(({ start, end }) => [start, Math.min(end, VIDEO_SECONDS)])))
    const completed = own.some(({ kind }) => kind === 'COMPLETED') || watched >= VIDEO_SECONDS * 0.9
    const state = completed ? 'COMPLETED' : own.length > 0 ? 'IN_PROGRESS' : 'NOT_STARTED'
    const [last] = own
      .filter(({ position }) => position !== null)
      .toSorted((a, b) => Date.parse(b.occurredAt) - Date.parse(a.occurredAt) || (a.clientEventId < b.clientEventId ? 1 : -1))
    return { id, state, watchedSeconds: watched, position: Math.min(last?.position ?? 0, VIDEO_SECONDS), minutes: activeMinutes(own) }
  })
  const completedLessons = lessons.filter(({ state }) => state === 'COMPLETED').length
  return {
    percent: Math.floor((completedLessons / lessons.length) * 10_000) / 100,
    completedLessons,
    minutes: activeMinutes(updates),
    lessons,
  }
}

function activeMinutes(updates: readonly Update[]): number {
  const active = updates.map(({ occurredAt, activeSeconds }) => {
    const end = Date.parse(occurredAt) / 1000
    return [end - activeSeconds, end]
  })
  // Enrollments begin at any millisecond: counted from there.
  const origin = Math.min(...active.flat(), Infinity)
  return Math.floor(seconds(active.map(([start = 0, end = 0]) => [Math.round(start - origin), Math.round(end - origin)])) / 60)
}

/** How many different seconds the ranges cover. */
function seconds(ranges: readonly (readonly number[])[]): number {
  const covered = new Set<number>()
  for (const [start = 0, end = 0] of ranges) for (let second = start; second < end; second++) covered.add(second)
  return covered.size
}
