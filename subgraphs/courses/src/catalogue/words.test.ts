import { expect, test } from 'vitest'
import { soughtWords, wordsOf } from './words.ts'

test.each([
  ['Graphic Design', ['graphic', 'design']],
  ['Crème brûlée, Straße, Øresund & Łódź', ['creme', 'brulee', 'strasse', 'oresund', 'lodz']],
  ['C++, C# and f#; node.js', ['cplusplus', 'csharp', 'and', 'fsharp', 'node', 'js']],
  ['ﬁne ½ ①', ['fine', '1', '2', '1']],
  ['日本語 курс עברית', ['日本語', 'курс', 'עברית']],
  ['!"§$%&/()=?*:|\\', []],
  ['\u0000 \ud800 🦄 \u202e', []],
  ['', []],
])('the words of %j', (text, words) => {
  expect(wordsOf(text)).toEqual(words)
})

test('a word is cut after forty letters, and a search has ten words at most', () => {
  expect(wordsOf('x'.repeat(5000))).toEqual(['x'.repeat(40)])
  expect(soughtWords('a a b c d e f g h i j k l m')).toEqual(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'])
})
