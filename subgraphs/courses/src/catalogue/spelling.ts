/**
 * How many letters to add, take away, change, or swap with their neighbor to make one word of the other (optimal string
 * alignment).
 */
export function slips(from: string, to: string): number {
  const [a, b] = [Array.from(from), Array.from(to)]
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (const [i, letter] of a.entries()) {
    const row = [i + 1]
    for (const [j, other] of b.entries()) {
      const costs = [at(last, j + 1) + 1, at(row, j) + 1, at(last, j) + (letter === other ? 0 : 1)]
      if (letter === b[j - 1] && other === a[i - 1]) costs.push(at(before, j - 1) + 1)
      row.push(Math.min(...costs))
    }
    ;[before, last] = [last, row]
  }
  return at(last, b.length)
}

/**
 * The words that may have been meant, those with the fewest slips first; of those with as many, in the order given. A longer
 * word may have been meant by its beginning, but a whole word as near comes before it.
 */
export function nearest(word: string, words: readonly string[]): string[] {
  const bound = allowed(word.length)
  const near = words.map((meant) => ({ meant, distance: distance(word, meant, bound) })).filter((found) => found.distance <= bound)
  return near.toSorted((a, b) => a.distance - b.distance).map(({ meant }) => meant)
}

function distance(word: string, meant: string, bound: number): number {
  const whole = slips(word, meant)
  if (word.length < SHORTEST_BEGINNING || meant.length <= word.length + bound) return whole
  return Math.min(whole, slips(word, meant.slice(0, word.length)) + A_LITTLE)
}

const SHORTEST_BEGINNING = 5
const A_LITTLE = 0.5

// In short words every other word is near.
function allowed(letters: number): number {
  if (letters < 3) return 0
  return letters < 5 ? 1 : 2
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY
}
