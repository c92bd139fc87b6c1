import { buildSchema, parse, validate } from 'graphql'
import { expect, test } from 'vitest'
import { describeLiterals } from './literals.ts'

const schema = buildSchema(`
  type Query { q(input: In, list: [Int!], must: Int!): Int }
  input In { email: String!, role: Role, inner: [In!] }
  enum Role { STUDENT ADMIN }
`)

function details(text: string): unknown[] {
  const document = parse(text)
  const errors = validate(schema, document)
  describeLiterals(schema, document, errors)
  return errors.map((error) => error.extensions['details'])
}

test.each([
  ['{ q(must: "hunter2") }', { path: 'must', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' }],
  ['{ q(must: 2147483648) }', { path: 'must', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' }],
  ['{ q(must: null) }', { path: 'must', rule: 'required', message: 'This is required.' }],
  ['{ q }', { path: 'must', rule: 'required', message: 'This is required.' }],
  [
    '{ q(must: 1, list: [1, "x"]) }',
    { path: 'list.1', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' },
  ],
  ['{ q(must: 1, input: {}) }', { path: 'input.email', rule: 'required', message: 'This is required.' }],
  ['{ q(must: 1, input: 5) }', { path: 'input', rule: 'invalid_type', message: 'Expected an object with the fields email, role, inner.' }],
  ['{ q(must: 1, input: { email: 5 }) }', { path: 'input.email', rule: 'invalid_type', message: 'Expected a string.' }],
  [
    '{ q(must: 1, input: { email: "", role: ROOT }) }',
    { path: 'input.role', rule: 'invalid_value', message: 'Expected one of STUDENT, ADMIN.' },
  ],
  ['{ q(must: 1, input: { email: "", id: 1 }) }', { path: 'input.id', rule: 'unrecognized_keys', message: 'In has no such field.' }],
  [
    '{ q(must: 1, input: { email: "", inner: [{ email: "" }, { email: 1 }] }) }',
    { path: 'input.inner.1.email', rule: 'invalid_type', message: 'Expected a string.' },
  ],
  [
    'query($n: Int = "x") { q(must: 1, list: [$n]) }',
    { path: 'n', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' },
  ],
  [
    '{ ...F } fragment F on Query { q(must: true) }',
    { path: 'must', rule: 'invalid_type', message: 'Expected a whole number from -2147483648 to 2147483647.' },
  ],
])('%s', (text, problem) => {
  expect(details(text)).toContainEqual([problem])
})

test('errors that are not about input stay as they are', () => {
  expect(details('{ nope }')).toEqual([undefined])
  expect(details('{ q(must: 1, nope: 2) }')).toEqual([undefined])
  expect(details('query($s: String) { q(must: $s) }')).toEqual([undefined])
  expect(details('{ q(must: 1) { a } }')).toEqual([undefined])
})
