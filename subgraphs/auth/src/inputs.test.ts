import { expect, test } from 'vitest'
import { email, identifier, name, newPassword, reason, username } from './inputs.ts'

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) => schema.safeParse(value).success

test('an address is trimmed and compared in lower case', () => {
  expect(email.parse('  Ada.Lovelace@Example.ORG ')).toBe('ada.lovelace@example.org')
})

test.each([
  ['', false],
  ['ada', false],
  ['ada@', false],
  ['ada@example', false],
  ['ada@example.org\0', false],
  ['ada@exa mple.org', false],
  ['ada@example.org\r\nBcc: all@example.org', false],
  [`${'a'.repeat(250)}@example.org`, false],
  [42, false],
  ['a+tag@example.org', true],
])('the address %j: accepted is %j', (value, accepted) => {
  expect(accepts(email, value)).toBe(accepted)
})

test.each([
  ['ab', false],
  ['a'.repeat(31), false],
  ['1ada', false],
  ['ada@home', false],
  ['+49301234567', false],
  ['ada lovelace', false],
  ['аdа', false],
  ['ada.love-lace_1', true],
])('the username %j: accepted is %j', (value, accepted) => {
  expect(accepts(username, value)).toBe(accepted)
})

test('a username is compared in lower case', () => {
  expect(username.parse('Ada')).toBe('ada')
})

test.each([
  ['1234567', false],
  ['12345678', true],
  ['x'.repeat(128), true],
  ['x'.repeat(129), false],
  ['12345678\0', false],
  ['12345678\ud800', false],
  ['  spaces count  ', true],
  [12345678, false],
])('the new password %j: accepted is %j', (value, accepted) => {
  expect(accepts(newPassword, value)).toBe(accepted)
})

test('a password keeps its spaces', () => {
  expect(newPassword.parse('  12345678 ')).toBe('  12345678 ')
})

test.each([
  ['   ', false],
  ['x'.repeat(101), false],
  ['Ada\0Lovelace', false],
  ['Ada\nLovelace', false],
  ['Ada\ud800', false],
  ["Robert'); DROP TABLE account;--", true],
  ['<script>alert(1)</script>', true],
  ['👩‍🚀 Ada', true],
  ['مرحبا', true],
])('the name %j: accepted is %j', (value, accepted) => {
  expect(accepts(name, value)).toBe(accepted)
})

test.each([
  ['x'.repeat(501), false],
  ['two\nlines', true],
  [null, true],
  [undefined, true],
])('the reason %j: accepted is %j', (value, accepted) => {
  expect(accepts(reason, value)).toBe(accepted)
})

test.each([
  ['Ada@Example.org', { email: 'ada@example.org' }],
  ['Ada', { username: 'ada' }],
  ['+49 30 1234567', { phone: '+49301234567' }],
  ['+49 (30) 123-4567', { phone: '+49301234567' }],
  ['49301234567', { username: '49301234567' }],
  ['+0301234567', { username: '+0301234567' }],
])('%j is looked up as %j', (text, expected) => {
  expect(identifier.parse(text)).toEqual(expected)
})

test('an identifier cannot carry NUL to the database', () => {
  expect(accepts(identifier, 'ada\0@example.org')).toBe(false)
})
