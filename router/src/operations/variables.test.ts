import { DomainError } from '@stellr/kit'
import { buildSchema, parse, type OperationDefinitionNode } from 'graphql'
import { expect, test } from 'vitest'
import { createVariableCheck } from './variables.ts'

const schema = buildSchema(`
  directive @oneOf on INPUT_OBJECT
  type Query { q(input: In, list: [Int!]!, first: Int, choice: Choice): Int }
  input In { email: String!, age: Int, role: Role = STUDENT, nested: [In!], flag: Boolean! = true }
  input Choice @oneOf { a: Int, b: Int }
  enum Role { STUDENT ADMIN }
`)
const check = createVariableCheck()

function problems(text: string, variables: Record<string, unknown>): unknown {
  const document = parse(text)
  try {
    check(document.definitions[0] as OperationDefinitionNode, document, schema, variables)
  } catch (error) {
    if (error instanceof DomainError) return error.details
    throw error
  }
  return null
}

const whole = 'query($input: In) { q(input: $input, list: []) }'
const wholeNumber = 'Expected a whole number from -2147483648 to 2147483647.'

test.each([
  [{}],
  [{ input: null }],
  [{ input: { email: 'a', age: null, nested: [{ email: 'b' }] } }],
  [{ input: { email: 'a', nested: { email: 'one stands for a list of one' } } }],
  [{ unknown: 'variables that nobody declared are ignored' }],
])('%j is accepted', (variables) => {
  expect(problems(whole, variables)).toBeNull()
})

test.each([
  [{ input: 5 }, 'input', 'invalid_type', 'Expected an object with the fields email, age, role, nested, flag.'],
  [{ input: [] }, 'input', 'invalid_type', 'Expected an object with the fields email, age, role, nested, flag.'],
  [{ input: {} }, 'input.email', 'required', 'This is required.'],
  [{ input: { email: null } }, 'input.email', 'required', 'This is required.'],
  [{ input: { email: 5 } }, 'input.email', 'invalid_type', 'Expected a string.'],
  [{ input: { email: ['a'] } }, 'input.email', 'invalid_type', 'Expected a string.'],
  [{ input: { email: 'a', age: 2 ** 31 } }, 'input.age', 'invalid_type', wholeNumber],
  [{ input: { email: 'a', age: 1.5 } }, 'input.age', 'invalid_type', wholeNumber],
  [{ input: { email: 'a', role: 'ROOT' } }, 'input.role', 'invalid_value', 'Expected one of STUDENT, ADMIN.'],
  [{ input: { email: 'a', flag: null } }, 'input.flag', 'required', 'This is required.'],
  [{ input: { email: 'a', isAdmin: true } }, 'input.isAdmin', 'unrecognized_keys', 'In has no such field.'],
  [{ input: { email: 'a', nested: [{ email: 'b' }, {}] } }, 'input.nested.1.email', 'required', 'This is required.'],
])('%j: %s breaks the rule %s', (variables, path, rule, message) => {
  expect(problems(whole, variables)).toEqual([{ path, rule, message }])
})

test('every problem is told at once, but not without end', () => {
  expect(problems(whole, { input: { age: 'x', role: 1 } })).toHaveLength(3)
  const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`x${i}`, 1]))
  expect(problems(whole, { input: { email: 'a', ...many } })).toHaveLength(20)
})

test('the path starts at the argument, wherever the variable is used', () => {
  expect(problems('query($mail: String!) { q(input: { email: $mail }, list: []) }', {})).toMatchObject([
    { path: 'input.email', rule: 'required' },
  ])
  expect(problems('query($n: Int!) { ...F } fragment F on Query { q(list: [1, $n]) }', { n: 'x' })).toMatchObject([{ path: 'list.1' }])
  expect(problems('query($only: Boolean!) { q(list: []) @include(if: $only) }', { only: 'yes' })).toMatchObject([{ path: 'if' }])
  expect(problems('query($list: [Int!]!) { q(list: $list) }', { list: [1, null, 'x'] })).toMatchObject([
    { path: 'list.1' },
    { path: 'list.2' },
  ])
})

test('a default stands in for a variable that was not sent, but not for null', () => {
  const text = 'query($first: Int! = 3) { q(first: $first, list: []) }'
  expect(problems(text, {})).toBeNull()
  expect(problems(text, { first: null })).toMatchObject([{ path: 'first', rule: 'required' }])
})

test('of a choice exactly one must be made', () => {
  const text = 'query($c: Choice) { q(choice: $c, list: []) }'
  expect(problems(text, { c: { a: 1 } })).toBeNull()
  for (const c of [{}, { a: 1, b: 2 }, { a: null }]) expect(problems(text, { c })).toMatchObject([{ path: 'choice', rule: 'invalid_type' }])
})

test('no message repeats what was sent', () => {
  const secret = 'hunter2'
  const sent = [{ input: secret }, { input: { email: 5, role: secret, age: secret, nested: secret } }, { input: { email: [secret] } }]
  for (const variables of sent) expect(JSON.stringify(problems(whole, variables))).not.toContain(secret)
})

test('names from Object’s prototype are fields like any other', () => {
  const variables = JSON.parse('{ "input": { "email": "a", "constructor": 1, "__proto__": 2 } }')
  expect(problems(whole, variables)).toMatchObject([{ path: 'input.constructor' }, { path: 'input.__proto__' }])
  expect(problems('query($toString: Int!) { q(first: $toString, list: []) }', {})).toMatchObject([{ path: 'first', rule: 'required' }])
})
