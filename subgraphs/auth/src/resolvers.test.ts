import { anonymous, systemRandom, type Viewer } from '@stellr/kit'
import { countStatements, manualClock } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from './testing/school.ts'

let school: School
let people: Person[]
let admin: Person
beforeAll(async () => {
  school = await openSchool({ clock: manualClock() })
  people = await Promise.all(Array.from({ length: 20 }, () => school.register()))
  admin = await school.registerAdmin()
})
afterAll(() => school.stop())

const fields = ['username', 'email', 'phone', 'role', 'status', 'deletionScheduledAt']

function entities(ids: readonly string[], viewer: Viewer, selection = fields.join(' ')) {
  const representations = ids.map((id) => ({ __typename: 'User', id }))
  const text = `query ($r: [_Any!]!) { _entities(representations: $r) { ... on User { id ${selection} } } }`
  return school.ask(text, { r: representations }, viewer)
}

test('a list of twenty users costs one statement', async () => {
  const ids = people.map(({ id }) => id)
  const { result, statements } = await countStatements(() => entities(ids, admin.viewer))
  expect(result.errors).toEqual([])
  expect(result.data._entities.map(({ email }: { email: string }) => email)).toEqual(people.map(({ email }) => email))
  expect(statements.filter(({ database, text }) => database === 'auth' && text.includes('account'))).toHaveLength(1)
})

test('a mutation shows the account it has changed without reading it again', async () => {
  const [ada] = people
  if (!ada) throw new Error('nobody')
  const show = () => school.change('setRole', { userId: ada.id, role: 'STUDENT' }, `user { id ${fields.join(' ')} }`, admin.viewer)
  const { statements } = await countStatements(show)
  const reads = statements.filter(({ text }) => /^SELECT.*"account"\."email"/s.test(text))
  expect(reads).toHaveLength(1)
})

test('S04: each field of an account is its owner’s and the administrators’; others get null and FORBIDDEN', async () => {
  const [ada, eve] = people
  if (!ada || !eve) throw new Error('nobody')
  const visible: Viewer[] = [ada.viewer, admin.viewer]
  const hidden: Viewer[] = [
    anonymous,
    eve.viewer,
    { ...eve.viewer, role: 'INSTRUCTOR', scopes: ['learn', 'author'] },
    { kind: 'service', name: 'users' },
  ]
  for (const field of fields) {
    for (const viewer of visible) expect((await entities([ada.id], viewer, field)).codes).toEqual([])
    for (const viewer of hidden) {
      const { codes, data } = await entities([ada.id], viewer, field)
      expect([codes, data._entities]).toEqual([['FORBIDDEN'], [{ id: ada.id, [field]: null }]])
    }
  }
})

test('S05: a reference proves nothing: unknown and foreign ids answer alike, and unknown ones have no fields', async () => {
  const [ada, eve] = people
  if (!ada || !eve) throw new Error('nobody')
  const unknown = systemRandom.id()
  const [foreign, nobody] = await Promise.all([ada.id, unknown].map((id) => entities([id], eve.viewer, 'email')))
  expect(foreign?.errors).toEqual(nobody?.errors)
  const asAdmin = await entities([unknown, 'not an id'], admin.viewer)
  expect(asAdmin.errors).toEqual([])
  const none = Object.fromEntries(fields.map((field) => [field, null]))
  expect(asAdmin.data._entities).toEqual([{ id: unknown, ...none }, null])
})
