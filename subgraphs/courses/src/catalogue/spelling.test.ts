import { expect, test } from 'vitest'
import { nearest, slips } from './spelling.ts'

test.each([
  ['design', 'design', 0],
  ['desing', 'design', 1],
  ['desgn', 'design', 1],
  ['designn', 'design', 1],
  ['dasign', 'design', 1],
  ['edsing', 'design', 2],
  ['', 'abc', 3],
  ['kitten', 'sitting', 3],
  ['курз', 'курс', 1],
])('from %j to %j it is %i slips', (from, to, count) => {
  expect(slips(from, to)).toBe(count)
  expect(slips(to, from)).toBe(count)
})

test('the nearest words come first, and those too far away not at all', () => {
  expect(nearest('desing', ['desire', 'python', 'design', 'desings'])).toEqual(['design', 'desings', 'desire'])
  expect(nearest('art', ['arts', 'rats'])).toEqual(['arts'])
  expect(nearest('js', ['ts', 'c'])).toEqual([])
})

test('a longer word may have been meant by its beginning, after whole words that are as near', () => {
  expect(nearest('desing', ['designing', 'python'])).toEqual(['designing'])
  expect(nearest('desing', ['designing', 'design'])).toEqual(['design', 'designing'])
  expect(nearest('desg', ['designing'])).toEqual([])
})
