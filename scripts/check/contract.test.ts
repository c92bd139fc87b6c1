import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { accept } from './contract-accept.ts'
import { findBreaks, findUnsaidBreaks, released } from './contract.ts'

const api = `
  type Query { me: User, user(id: ID!): User, list(first: Int = 20): [User!]! }
  type User { id: ID!, name: String!, role: Role }
  enum Role { STUDENT ADMIN }
  input EndInput { keepCurrent: Boolean = false, reason: String }
  type Mutation { end(input: EndInput): User }
`
const changed = (from: string, to: string) => {
  expect(api).toContain(from)
  return api.replace(from, to)
}

test.each([
  ['a removed field', changed('name: String!, ', ''), 'User.name'],
  ['a field that became nullable', changed('name: String!', 'name: String'), 'User.name'],
  ['a field of another type', changed('name: String!', 'name: Int!'), 'User.name'],
  ['a removed argument', changed('user(id: ID!)', 'user'), 'Query.user'],
  ['a new argument that must be given', changed('user(id: ID!)', 'user(id: ID!, now: Int!)'), 'now'],
  ['an argument with another default', changed('first: Int = 20', 'first: Int = 10'), 'first'],
  ['an input field with another default', changed('keepCurrent: Boolean = false', 'keepCurrent: Boolean = true'), 'EndInput.keepCurrent'],
  ['an input field that must be given now', changed('reason: String', 'reason: String!'), 'EndInput.reason'],
  ['a removed input field', changed(', reason: String', ''), 'EndInput.reason'],
  ['a removed enum value', changed('STUDENT ADMIN', 'ADMIN'), 'STUDENT'],
  [
    'a removed mutation',
    changed('type Mutation { end(input: EndInput): User }', 'type Mutation { stop(input: EndInput): User }'),
    'Mutation.end',
  ],
])('%s breaks clients', (_name, after, says) => {
  expect(findBreaks(api, after)).toEqual([expect.stringContaining(says)])
})

test.each([
  ['a new field', changed('name: String!', 'name: String!, bio: String')],
  ['a new optional argument', changed('user(id: ID!)', 'user(id: ID!, at: Int)')],
  ['a new enum value', changed('STUDENT ADMIN', 'STUDENT INSTRUCTOR ADMIN')],
  ['a field that is never null any more', changed('role: Role', 'role: Role!')],
  ['an argument that may be left out now', changed('user(id: ID!)', 'user(id: ID)')],
  ['another description', changed('type User', '"A person." type User')],
])('%s breaks nobody', (_name, after) => {
  expect(findBreaks(api, after)).toEqual([])
})

const made: string[] = []
afterAll(() => made.forEach((folder) => rmSync(folder, { recursive: true })))

function project(promised: string, present: string): string {
  const root = mkdtempSync(join(tmpdir(), 'stellr-contract-'))
  made.push(root)
  for (const folder of ['schema', 'docs']) mkdirSync(join(root, folder))
  writeFileSync(join(root, 'schema/released.graphql'), promised)
  writeFileSync(join(root, 'schema/api.graphql'), present)
  return root
}

test('the promise follows an API that grows, and stays where one shrinks', async () => {
  const grown = changed('name: String!', 'name: String!, bio: String')
  expect(await released.run(project(api, grown))).toEqual({ 'schema/released.graphql': grown })
  expect(await released.run(project(grown, api))).toEqual({ 'schema/released.graphql': grown })
})

test('a break is accepted only with a reason, and is then written down', async () => {
  const root = project(api, changed('name: String!, ', ''))
  expect(findUnsaidBreaks(root)).toEqual(['User.name was removed.'])
  expect((await accept(root, '', new Date())).exitCode).toBe(1)
  expect(findUnsaidBreaks(root)).toHaveLength(1)

  const accepted = await accept(root, 'Names moved to the profile: ask for profile { name }.', new Date('2026-11-23T10:00:00Z'))
  expect(accepted.exitCode).toBe(0)
  expect(findUnsaidBreaks(root)).toEqual([])
  const changes = readFileSync(join(root, 'docs/api-changes.md'), 'utf8')
  expect(changes).toContain('## 2026-11-23\n\nNames moved to the profile: ask for profile { name }.\n\n- User.name was removed.\n')
})
