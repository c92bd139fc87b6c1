import { anonymous, createLogger, DomainError, type UserViewer } from '@stellr/kit'
import { buildSchema, Kind, parse, validate, type OperationDefinitionNode } from 'graphql'
import { beforeEach, expect, test, vi } from 'vitest'
import { createRuleCheck, readRules } from './rules.ts'

const sdl = `
  directive @authenticated on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  directive @requiresScopes(scopes: [[String!]!]!) on FIELD_DEFINITION | OBJECT | INTERFACE | SCALAR | ENUM
  type Query {
    open: String
    mine: String @authenticated
    things: [Thing]
    anything: [Any]
    vault: Vault
    ledger: Ledger
    status: Status
    either: String @requiresScopes(scopes: [["a", "b"], ["c"]])
  }
  type Mutation {
    setRole: Vault @requiresScopes(scopes: [["admin"]])
    blockUser: Int @requiresScopes(scopes: [["admin"]])
    updateProfile: Vault
  }
  interface Thing { id: ID label: String }
  type Public implements Thing { id: ID label: String }
  type Private implements Thing { id: ID label: String @requiresScopes(scopes: [["admin"]]) }
  union Any = Public | Vault
  type Vault @authenticated { gold: Int key: String @requiresScopes(scopes: [["admin"]]) }
  interface Ledger @authenticated { sum: Int }
  type Book implements Ledger { sum: Int }
  enum Status @authenticated { ON OFF }
`
const schema = buildSchema(sdl)
const log = createLogger({ name: 'test', level: 'silent' })
const add = vi.fn<(viewer: UserViewer, action: string) => void>()
const check = createRuleCheck(readRules(sdl), { add }, log)
beforeEach(() => {
  add.mockClear()
})
const user = (...scopes: string[]): UserViewer => ({ kind: 'user', id: 'u', role: 'STUDENT', scopes, sessionId: 's' })

function ask(text: string, viewer: UserViewer | typeof anonymous, operationName?: string): string {
  const document = parse(text)
  expect(validate(schema, document)).toEqual([])
  const operation = document.definitions.find(
    (definition): definition is OperationDefinitionNode =>
      definition.kind === Kind.OPERATION_DEFINITION && (operationName === undefined || definition.name?.value === operationName),
  )
  if (!operation) throw new Error('no operation')
  try {
    check(operation, document, schema, viewer)
  } catch (error) {
    if (error instanceof DomainError) return `${error.code} ${JSON.stringify(error.details)}`
    throw error
  }
  return 'allowed'
}

test.each([
  ['{ open }', 'allowed', 'allowed'],
  ['{ __schema { types { name } } open }', 'allowed', 'allowed'],
  ['{ open mine }', 'UNAUTHENTICATED {"field":"Query.mine"}', 'allowed'],
  ['{ alias: mine }', 'UNAUTHENTICATED {"field":"Query.mine"}', 'allowed'],
  ['query Q { ...F } fragment F on Query { ... on Query { mine } }', 'UNAUTHENTICATED {"field":"Query.mine"}', 'allowed'],
  ['query Q($no: Boolean! = false) { open mine @include(if: $no) }', 'UNAUTHENTICATED {"field":"Query.mine"}', 'allowed'],
  ['{ either }', 'UNAUTHENTICATED {"field":"Query.either"}', 'FORBIDDEN {"field":"Query.either"}'],
  ['{ vault { gold } }', 'UNAUTHENTICATED {"field":"Vault"}', 'allowed'],
  ['{ vault { key } }', 'UNAUTHENTICATED {"field":"Vault"}', 'FORBIDDEN {"field":"Vault.key"}'],
  ['{ ledger { sum } }', 'UNAUTHENTICATED {"field":"Ledger"}', 'allowed'],
  ['{ status }', 'UNAUTHENTICATED {"field":"Status"}', 'allowed'],
  ['{ things { id } }', 'allowed', 'allowed'],
  ['{ things { label } }', 'UNAUTHENTICATED {"field":"Private.label"}', 'FORBIDDEN {"field":"Private.label"}'],
  ['{ things { ... on Public { label } } }', 'allowed', 'allowed'],
  ['{ anything { ... on Public { id } } }', 'allowed', 'allowed'],
  ['{ anything { ... on Vault { gold } } }', 'UNAUTHENTICATED {"field":"Vault.gold"}', 'allowed'],
])('%s: anonymous %s, signed in %s', (text, whenAnonymous, whenSignedIn) => {
  expect(ask(text, anonymous)).toBe(whenAnonymous)
  expect(ask(text, user('learn'))).toBe(whenSignedIn)
})

test('scopes hold when all of one list are granted', () => {
  expect(ask('{ either }', user('a'))).toMatch('FORBIDDEN')
  expect(ask('{ either }', user('a', 'b'))).toBe('allowed')
  expect(ask('{ either }', user('c'))).toBe('allowed')
})

test('only the selected operation counts, with the fragments that it reaches', () => {
  const text = `query Open { open ...One } query Mine { ...Two }
    fragment One on Query { open } fragment Two on Query { ...Three } fragment Three on Query { mine }`
  expect(ask(text, anonymous, 'Open')).toBe('allowed')
  expect(ask(text, anonymous, 'Mine')).toMatch('UNAUTHENTICATED')
})

test('what was found once holds for whoever asks next', () => {
  const document = parse('{ mine }')
  const operation = document.definitions[0] as OperationDefinitionNode
  check(operation, document, schema, user())
  expect(() => check(operation, document, schema, anonymous)).toThrow(DomainError)
  expect(() => check(operation, document, schema, user())).not.toThrow()
})

test('S19 what was refused to a person is logged, with who and what', () => {
  const info = vi.spyOn(log, 'info')
  ask('{ either }', user('a'))
  expect(info).toHaveBeenLastCalledWith(
    { userId: 'u', sessionId: 's', field: 'Query.either', code: 'FORBIDDEN' },
    'an operation was refused',
  )
  ask('{ either }', anonymous)
  ask('{ either }', user('c'))
  expect(info).toHaveBeenCalledTimes(1)
})

test.each([
  ['mutation { setRole { gold } }', ['setRole']],
  ['mutation { a: setRole { gold } b: setRole { gold } }', ['setRole']],
  ['mutation { ...F } fragment F on Mutation { setRole { gold } blockUser }', ['setRole', 'blockUser']],
  // The first thing refused is no mutation; the second must not go unnoticed behind it.
  ['mutation { updateProfile { key } blockUser }', ['blockUser']],
  ['mutation { updateProfile { key } }', []],
  ['{ either }', []],
])('S19 %s: whoever is refused it is told of, by the mutations %j', (text, mutations) => {
  const student = user('learn')
  expect(ask(text, student)).toMatch('FORBIDDEN')
  expect(add.mock.calls).toEqual(mutations.map((mutation) => [student, mutation]))
  add.mockClear()
  ask(text, anonymous)
  ask(text, user('admin', 'c'))
  expect(add).not.toHaveBeenCalled()
})
