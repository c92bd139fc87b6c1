import { union, type Range } from './ranges.ts'

/** A piece of a video, in seconds from its beginning, and when it was first watched, in epoch ms. */
export type Watched = readonly [start: number, end: number, at: number]

/** What was watched at one moment. */
export function watchedAt(ranges: readonly Range[], at: number): Watched[] {
  return union(ranges).map(([start, end]) => [start, end, at])
}

/** Of every second that was watched in either, the first time: ordered pieces that do not overlap. */
export function firstWatched(a: readonly Watched[], b: readonly Watched[]): Watched[] {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? [...b] : [...a]
  const edges = [...a, ...b].flatMap(([start, end]) => [start, end]).toSorted((one, other) => one - other)
  const [timeInA, timeInB] = [reader(a), reader(b)]
  const pieces: [number, number, number][] = []
  let from = 0
  for (const to of edges) {
    const at = Math.min(timeInA(from), timeInB(from))
    const last = pieces.at(-1)
    if (last?.[1] === from && last[2] === at) last[1] = to
    else if (from < to && at !== Infinity) pieces.push([from, to, at])
    from = to
  }
  return pieces
}

/** How many different seconds were watched. */
export function watchedSeconds(watched: readonly Watched[]): number {
  return watched.reduce((sum, [start, end]) => sum + end - start, 0)
}

/** When so many different seconds had been watched for the first time; null when they have not. */
export function reachedAt(watched: readonly Watched[], seconds: number): number | null {
  let sum = 0
  for (const [start, end, at] of watched.toSorted(([, , one], [, , other]) => one - other)) {
    sum += end - start
    if (sum >= seconds) return at
  }
  return null
}

// Tells when a second was first watched (Infinity: never), asked in rising order.
function reader(watched: readonly Watched[]): (second: number) => number {
  let next = 0
  return (second) => {
    for (;;) {
      const piece = watched[next]
      if (!piece || piece[0] > second) return Infinity
      if (piece[1] > second) return piece[2]
      next += 1
    }
  }
}
