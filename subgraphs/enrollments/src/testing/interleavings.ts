/** Every order in which the steps of several threads can come, those of each thread in their own order. */
export function interleavings<Step>(...threads: (readonly Step[])[]): Step[][] {
  if (threads.every((thread) => thread.length === 0)) return [[]]
  return threads.flatMap(([first, ...rest], at) => {
    if (first === undefined) return []
    return interleavings(...threads.with(at, rest)).map((order) => [first, ...order])
  })
}

/** Numbers from 0 up to 1 that are the same for the same seed. */
export function seeded(seed: number): () => number {
  let state = seed
  return () => {
    // mulberry32
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
