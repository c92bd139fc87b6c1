import { expect, test } from 'vitest'
import { slugOf } from './slug.ts'

test.each([
  ['Knots for beginners', 'knots-for-beginners'],
  ['  Über C++: Grundlagen!  ', 'uber-c-grundlagen'],
  ['Ｆｕｌｌ width ﬁne', 'full-width-fine'],
  ['---', 'course'],
  ['C', 'course-c'],
  ['数学', 'course'],
  ['a'.repeat(79) + ' b', 'a'.repeat(79)],
  ['a'.repeat(200), 'a'.repeat(80)],
])('%j makes the slug %s', (title, slug) => {
  expect(slugOf(title, 'course')).toBe(slug)
})
