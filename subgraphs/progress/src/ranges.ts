/** From `start` up to `end`; a moment when both are the same. */
export type Range = readonly [start: number, end: number]

/** Everything that lies in any of the ranges, as ranges that neither overlap nor touch, in order. */
export function union(...lists: readonly (readonly Range[])[]): Range[] {
  const merged: [number, number][] = []
  for (const [start, end] of lists.flat().toSorted(([a, toA], [b, toB]) => a - b || toA - toB)) {
    const last = merged.at(-1)
    if (last && start <= last[1]) last[1] = Math.max(last[1], end)
    else merged.push([start, end])
  }
  return merged
}

/** How long ranges are that do not overlap. */
export function lengthOf(ranges: readonly Range[]): number {
  return ranges.reduce((length, [start, end]) => length + end - start, 0)
}
