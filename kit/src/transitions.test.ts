import { expect, test } from 'vitest'
import { defineTransitions } from './transitions.ts'

const doors = defineTransitions<'OPEN' | 'CLOSED' | 'WALLED'>({ OPEN: ['CLOSED'], CLOSED: ['OPEN', 'WALLED'], WALLED: [] })

test.each([
  ['OPEN', ['CLOSED']],
  ['CLOSED', ['OPEN', 'WALLED']],
  ['WALLED', []],
] as const)('from %s only what its table lists is allowed, and no state follows itself by accident', (from, next) => {
  const states = ['OPEN', 'CLOSED', 'WALLED'] as const
  expect(states.filter((to) => doors.allows(from, to))).toEqual(states.filter((to) => next.some((listed) => listed === to)))
})

test('a forbidden way is a CONFLICT that names both states', () => {
  expect(() => doors.require('WALLED', 'OPEN')).toThrow(
    expect.objectContaining({ code: 'CONFLICT', details: { from: 'WALLED', to: 'OPEN' } }),
  )
  expect(() => doors.require('OPEN', 'CLOSED')).not.toThrow()
})
