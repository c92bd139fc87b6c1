import { createLogger } from '../log.ts'
import { expect, test } from 'vitest'
import { readRecord } from './kafka-log-records.ts'

const silent = createLogger({ name: 'test', level: 'silent' })
const read = (value: string | null) =>
  readRecord('counters', 1, { offset: '7', value: value === null ? null : Buffer.from(value) } as Parameters<typeof readRecord>[2], silent)

test('a message is a record of its place', () => {
  expect(read('{"id":"a","text":"\\ud83d\\ude00 and \\u00e9"}')).toEqual([
    { topic: 'counters', partition: 1, offset: 7n, event: { id: 'a', text: '😀 and é' } },
  ])
})

test('a text that only looks like an escape is a text', () => {
  expect(read('{"text":"C:\\\\u0000 \\\\ud83d"}')).toMatchObject([{ event: { text: 'C:\\u0000 \\ud83d' } }])
})

test.each([
  ['nothing', null],
  ['no JSON', '{'],
  ['a list', '[]'],
  ['a text', '"a"'],
  ['a NUL', '{"text":"a\\u0000"}'],
  ['the first half of a pair', '{"text":"\\uD83D"}'],
  ['a NUL in a name', '{"a\\u0000":1}'],
  ['the second half of a pair', '{"text":"\\udE00"}'],
])('a message that holds %s is passed over', (_what, value) => {
  expect(read(value)).toEqual([])
})
