import { manualClock } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { createRecent } from './recent.ts'

function counted() {
  let count = 0
  return async () => (count += 1)
}

test('an answer is kept for so long and no longer, and read once however many ask at once', async () => {
  const clock = manualClock()
  const recent = createRecent<number>({ seconds: 30, limit: 10, clock })
  const read = counted()
  expect(await Promise.all([recent.get('a', read), recent.get('a', read)])).toEqual([1, 1])
  clock.advance(29)
  expect(await recent.get('a', read)).toBe(1)
  clock.advance(1)
  expect(await recent.get('a', read)).toBe(2)
  expect(await recent.get('b', read)).toBe(3)
})

test('a failure is told to those who wait for it and to nobody else', async () => {
  const recent = createRecent<number>({ seconds: 30, limit: 10, clock: manualClock() })
  const fail = () => Promise.reject<number>(new Error('away'))
  await expect(Promise.all([recent.get('a', fail), recent.get('a', fail)])).rejects.toThrow('away')
  expect(await recent.get('a', counted())).toBe(1)
})

test('the oldest answer goes when there are too many', async () => {
  const recent = createRecent<number>({ seconds: 30, limit: 2, clock: manualClock() })
  const read = counted()
  for (const key of ['a', 'b', 'c']) await recent.get(key, read)
  expect(await recent.get('c', read)).toBe(3)
  expect(await recent.get('b', read)).toBe(2)
  expect(await recent.get('a', read)).toBe(4)
})
