import { expect, test } from 'vitest'
import { effectiveStatus, isLearner, transitions } from './status.ts'

const states = ['PENDING_PAYMENT', 'ACTIVE', 'SUSPENDED', 'COMPLETED', 'DROPPED', 'EXPIRED', 'REFUNDED', 'CANCELED'] as const

/** A row for each status before, a column for each after, in the order above. */
const table = `
  . A . . . . . C
  . . S O D E R .
  . A . O D E R .
  . . S . . . R .
  . . . . . . R .
  . . . . . . R .
  . . . . . . . .
  . . . . . . . .`
  .trim()
  .split('\n')
  .map((row) => row.trim().split(' '))

const pairs = states.flatMap((from, row) => states.map((to, column) => [from, to, table[row]?.[column] !== '.'] as const))

test('the table below has all sixty-four pairs', () => {
  expect(table.map((row) => row.length)).toEqual(states.map(() => states.length))
})

test.each(pairs)('%s to %s: %s', (from, to, allowed) => {
  expect(transitions.allows(from, to)).toBe(allowed)
  if (allowed) expect(() => transitions.require(from, to)).not.toThrow()
  else expect(() => transitions.require(from, to)).toThrow(expect.objectContaining({ code: 'CONFLICT', details: { from, to } }))
})

const now = new Date('2026-03-01T09:00:00.000Z')
const moments = { before: new Date('2026-03-01T08:59:59.999Z'), now, after: new Date('2026-03-01T09:00:00.001Z') }

test.each(states)('%s counts as EXPIRED from the moment on when its time is over, if it can be', (status) => {
  const ended = status === 'ACTIVE' || status === 'SUSPENDED' ? 'EXPIRED' : status
  expect(effectiveStatus({ status, expiresAt: moments.before }, now)).toBe(ended)
  expect(effectiveStatus({ status, expiresAt: moments.now }, now)).toBe(ended)
  expect(effectiveStatus({ status, expiresAt: moments.after }, now)).toBe(status)
  expect(effectiveStatus({ status, expiresAt: null }, now)).toBe(status)
})

test('learners are those who learn, will learn again, or have learned to the end', () => {
  expect(states.filter(isLearner)).toEqual(['ACTIVE', 'SUSPENDED', 'COMPLETED'])
  expect(isLearner(null)).toBe(false)
})
