import { expect, test } from 'vitest'
import { createBoundedCache } from './bounded-cache.ts'

test('the entry that was used longest ago makes room', () => {
  const cache = createBoundedCache<string, number>(2)
  cache.set('a', 1)
  cache.set('b', 2)
  expect(cache.get('a')).toBe(1)
  cache.set('c', 3)
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3])
})

test('a deleted entry is gone and an entry set again is new', () => {
  const cache = createBoundedCache<string, number>(2)
  cache.set('a', 1)
  cache.set('a', 2)
  expect(cache.get('a')).toBe(2)
  cache.delete('a')
  expect(cache.get('a')).toBeUndefined()
})
