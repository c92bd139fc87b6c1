import { expect, test } from 'vitest'
import { createStatementNames } from './statement-names.ts'

const query = (sql: string, parameters = 0) => ({ sql, args: Array.from({ length: parameters }) })

test('a text has one name, and no two texts share it', () => {
  const name = createStatementNames()
  expect(name(query('SELECT 1'))).toBe(name(query('SELECT 1')))
  expect(name(query('SELECT 1'))).not.toBe(name(query('SELECT 2')))
  expect(name(query('SELECT 1'))).toMatch(/^[a-z0-9_]{1,63}$/)
})

test('beyond the limit, and with a long list of parameters, a statement has no name', () => {
  const name = createStatementNames(2, 3)
  expect([query('a'), query('b', 4), query('b', 3), query('c'), query('a')].map((each) => name(each) !== '')).toEqual([
    true,
    false,
    true,
    false,
    true,
  ])
})
