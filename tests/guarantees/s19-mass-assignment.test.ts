import { getNamedType, isInputObjectType, type GraphQLInputObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testkit/school.ts'
import type { Input } from './classroom.ts'
import { leaving } from './people.ts'
import { honest, honestInput } from './honest/input.ts'
import { literal, mutations, mutationsFor, objectsIn } from './inputs.ts'
import { stateOf } from './s19-state.ts'

/** What somebody might hope to slip in: fields of the rows behind the API, and of the token behind the viewer. */
const smuggled: Input = {
  id: '0195d4a8-0000-7000-8000-000000000001',
  userId: '0195d4a8-0000-7000-8000-000000000001',
  role: 'ADMIN',
  status: 'ACTIVE',
  scopes: ['admin'],
  isAdmin: true,
  version: 99,
  tokenVersion: 99,
  passwordHash: 'x',
  price: 0,
  instructorId: '0195d4a8-0000-7000-8000-000000000001',
  rating: 5,
  ratingCount: 1000,
  publishedAt: '2020-01-01T00:00:00.000Z',
  attempt: 1,
  enrolledAt: '2020-01-01T00:00:00.000Z',
  expiresAt: null,
  percent: 100,
  completedAt: '2020-01-01T00:00:00.000Z',
  createdAt: '2020-01-01T00:00:00.000Z',
  deletionScheduledAt: null,
  constructor: {},
}

let school: School
let tries = 0

beforeAll(async () => {
  school = await openSchool('one-process')
})

afterAll(async () => {
  console.log(`S19 tried ${tries} forbidden things with ${mutations.length} mutations`)
  await school.close()
})

test('S19 every mutation of the schema is tried', () => {
  expect(Object.keys(honest).toSorted()).toEqual(mutations.map(({ name }) => name).toSorted())
})

test('S19 what gives power is declared by the inputs of administrators alone, but for the price, which an author sets', () => {
  const declared = mutations.flatMap(({ name, input }) =>
    fieldsOf(input).flatMap((field) => (Object.hasOwn(smuggled, field) ? [`${name}.${field}`] : [])),
  )
  expect(declared.toSorted()).toEqual([
    'blockUser.userId',
    'createCourse.price',
    'enrollUser.userId',
    'setRole.role',
    'setRole.userId',
    'unblockUser.userId',
    'updateCourse.price',
  ])
  const kept = [...mutationsFor('admin'), ...mutationsFor('author')]
  expect(declared.filter((field) => !kept.includes(field.split('.')[0] ?? ''))).toEqual([])
})

test.each(mutations)('S19 $name takes nothing that its input does not declare, and changes nothing then', async ({ name, input }) => {
  // An admin, so that nothing but the extra field can be the reason of a refusal.
  let me = await school.register({ role: 'ADMIN' })
  const other = await school.register()
  if (name === 'cancelAccountDeletion') me = await leaving(school, me)
  const given = await honestInput(school, name, { me, other })
  const before = await stateOf(school, [me, other])
  for (const target of objectsIn(input, given)) {
    const extras = Object.keys(smuggled).filter((key) => !Object.hasOwn(target.type.getFields(), key))
    const attempts = extras.flatMap((field) => {
      const tampered = target.with({ [field]: smuggled[field] })
      const byVariable = me.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`, { input: tampered })
      const byLiteral = me.client.query(`mutation { ${name}(input: ${literal(tampered, input)}) { __typename } }`)
      return [byVariable, byLiteral].map(async (asked) => ({ place: `${target.path}.${field}`, reply: await asked }))
    })
    tries += attempts.length
    for (const { place, reply } of await Promise.all(attempts)) {
      const { codes, data, errors } = reply
      expect({ place, codes: [...new Set(codes)], data }).toEqual({ place, codes: ['BAD_USER_INPUT'], data: null })
      expect(errors.flatMap(({ extensions }) => extensions['details'])).toContainEqual(expect.objectContaining({ path: place }))
    }
  }
  expect(await stateOf(school, [me, other])).toEqual(before)

  // The control: the same input without the extra field is taken, and that shows. Otherwise the refusals would prove nothing,
  // nor would a state that nothing changes.
  const reply = await me.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`, { input: given })
  expect(reply.codes).toEqual([])
  // Whoever is not blocked cannot be unblocked.
  if (name !== 'unblockUser') expect(await stateOf(school, [me, other])).not.toEqual(before)
})

/** The names of everything that an input and the inputs in it declare. */
function fieldsOf(type: GraphQLInputObjectType): string[] {
  return Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type)
    return [field.name, ...(isInputObjectType(inner) ? fieldsOf(inner) : [])]
  })
}
