import { expect, test } from 'vitest'
import { z } from 'zod'
import { line, mutation, parseInput, prose } from './input.ts'

test('everything that is wrong is named at once, with its place and what is allowed', () => {
  const schema = z.object({ email: z.email(), address: z.object({ city: line(1, 3) }) })
  expect(() => parseInput(schema, { email: 'x', address: { city: 'Rome' } }, 'input')).toThrow(
    expect.objectContaining({
      code: 'BAD_USER_INPUT',
      details: [
        { path: 'input.email', rule: 'invalid_format', message: 'Invalid email address' },
        { path: 'input.address.city', rule: 'too_big', message: 'Too big: expected string to have <=3 characters' },
      ],
    }),
  )
})

test('the use case gets what the schema made of the input, and nothing when the input is left out', async () => {
  const resolve = mutation(z.object({ name: line(0, 10).default('nobody') }), async (_context: object, input) => input)
  expect(await resolve(null, { input: { name: '  Ada ', role: 'ADMIN' } }, {})).toEqual({ name: 'Ada' })
  expect(await resolve(null, {}, {})).toEqual({ name: 'nobody' })
})

test.each(['a\u0000b', 'a\u0007b', 'a\u0085b', '\ud800'])('text with %j is refused', (text) => {
  expect(line(0, 10).safeParse(text).success).toBe(false)
  expect(prose(10).safeParse(text).success).toBe(false)
})

test('prose may have lines, a line may not', () => {
  expect(prose(10).parse(' a\r\n\tb ')).toBe('a\r\n\tb')
  expect(line(0, 10).safeParse('a\nb').success).toBe(false)
})
