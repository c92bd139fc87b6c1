import { expect, test } from 'vitest'
import { prerequisiteProblem } from './prerequisites.ts'

// a <- b <- c, and d alone.
const lessons = [
  { id: 'a', prerequisiteIds: [] },
  { id: 'b', prerequisiteIds: ['a'] },
  { id: 'c', prerequisiteIds: ['b', 'a'] },
  { id: 'd', prerequisiteIds: [] },
]

test.each<[string | null, string[], string | null]>([
  ['a', [], null],
  ['d', ['a', 'b', 'c'], null],
  ['c', ['d'], null],
  [null, ['c', 'd'], null],
  ['a', ['a'], 'circle'],
  ['a', ['b'], 'circle'],
  ['a', ['d', 'c'], 'circle'],
  ['a', ['e'], 'unknown'],
  [null, ['a', 'e'], 'unknown'],
])('%j after %j: %j', (lessonId, prerequisiteIds, rule) => {
  expect(prerequisiteProblem(lessonId, prerequisiteIds, lessons)?.rule ?? null).toBe(rule)
})

test('a web of five hundred lessons is walked once', () => {
  const web = Array.from({ length: 500 }, (_, n) => ({
    id: `${n}`,
    prerequisiteIds: Array.from({ length: Math.min(n, 20) }, (_, back) => `${n - back - 1}`),
  }))
  expect(prerequisiteProblem('0', ['499'], web)?.rule).toBe('circle')
  expect(prerequisiteProblem(null, ['499'], web)).toBeNull()
})
