import { getNamedType, type GraphQLInputObjectType, isEnumType, isInputObjectType, isListType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type School } from '../testkit/school.ts'
import { leaving } from './people.ts'
import { honest, type Input, mutations, stateOf } from './s19-mutations.ts'

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

test('S19 what gives power is declared by the inputs of administrators alone', () => {
  const declared = mutations.flatMap(({ name, input }) =>
    Object.keys(input.getFields())
      .filter((key) => Object.hasOwn(smuggled, key))
      .map((key) => `${name}.${key}`),
  )
  expect(declared.toSorted()).toEqual(['blockUser.userId', 'setRole.role', 'setRole.userId', 'unblockUser.userId'])
})

test.each(mutations)('S19 $name takes nothing that its input does not declare, and changes nothing then', async ({ name, input }) => {
  // An admin, so that nothing but the extra field can be the reason of a refusal.
  const me = await school.register({ role: 'ADMIN' })
  const other = await school.register()
  const given = await honest[name]?.({ me, other })
  if (!given) throw new Error(`no honest input for ${name}`)
  const before = await stateOf(school, [me, other])
  for (const target of objectsIn(input, given)) {
    for (const field of Object.keys(smuggled).filter((key) => !Object.hasOwn(target.type.getFields(), key))) {
      const tampered = target.with({ [field]: smuggled[field] })
      const byVariable = await me.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`, {
        input: tampered,
      })
      const byLiteral = await me.client.query(`mutation { ${name}(input: ${literal(input, tampered)}) { __typename } }`)
      tries += 2
      for (const { codes, data } of [byVariable, byLiteral]) {
        expect({ field, codes: [...new Set(codes)], data }).toEqual({ field, codes: ['BAD_USER_INPUT'], data: null })
      }
    }
  }
  expect(await stateOf(school, [me, other])).toEqual(before)
})

test.each(mutations)('S19 $name takes the same input without the extra field', async ({ name, input }) => {
  // Otherwise the refusals above would prove nothing.
  let me = await school.register({ role: 'ADMIN' })
  const other = await school.register()
  if (name === 'cancelAccountDeletion') me = await leaving(school, me)
  const reply = await me.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`, {
    input: await honest[name]?.({ me, other }),
  })
  expect(reply.codes).toEqual([])
})

/** Every object in an input, itself first, and the whole input with something put into that object. */
function objectsIn(type: GraphQLInputObjectType, value: Input): { type: GraphQLInputObjectType; with(extra: Input): Input }[] {
  const nested = Object.values(type.getFields()).flatMap((field) => {
    const inner = getNamedType(field.type)
    const given = value[field.name]
    if (!isInputObjectType(inner)) return []
    if (isListType(field.type) || typeof given !== 'object' || given === null)
      throw new Error(`give ${type.name}.${field.name} an object to try`)
    return objectsIn(inner, { ...given }).map((found) => ({
      type: found.type,
      with: (extra: Input) => ({ ...value, [field.name]: found.with(extra) }),
    }))
  })
  return [{ type, with: (extra) => ({ ...value, ...extra }) }, ...nested]
}

function literal(type: GraphQLInputObjectType, value: Input): string {
  const fields = Object.entries(value).map(([name, given]) => {
    const declared = getNamedType(type.getFields()[name]?.type)
    if (isEnumType(declared)) return `${name}: ${String(given)}`
    if (isInputObjectType(declared) && typeof given === 'object' && given !== null) return `${name}: ${literal(declared, { ...given })}`
    return `${name}: ${JSON.stringify(given)}`
  })
  return `{ ${fields.join(', ')} }`
}
