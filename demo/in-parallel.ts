/** Does `work` for each item, a few at a time, and tells how many are done. */
export async function inParallel<T, R>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<R>,
  { atOnce = 8, onDone = () => {} }: { atOnce?: number; onDone?: (done: number) => void } = {},
): Promise<R[]> {
  const results: R[] = []
  const left = items.entries()
  let done = 0
  const lane = async () => {
    for (const [index, item] of left) {
      results[index] = await work(item, index)
      onDone(++done)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, lane))
  return results
}
