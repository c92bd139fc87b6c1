import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  isEnumType,
  isInputObjectType,
  isListType,
  Kind,
  parse,
  print,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testkit/school.ts'
import { demoted, leaving, sessionOf } from './people.ts'

type Input = Record<string, unknown>

const read = (file: string) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8')
const mutations = mutationsOf(buildSchema(read('api.graphql')).getMutationType())

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

/** An input with every field given, such as an honest client sends, for each mutation. */
const honest: Record<string, (of: { me: Person; other: Person }) => Input | Promise<Input>> = {
  register: () => ({
    email: `s19-${crypto.randomUUID()}@example.org`,
    password: 'correct horse',
    name: 'N. N.',
    username: `u${crypto.randomUUID().slice(0, 8)}`,
  }),
  login: ({ me }) => ({ identifier: me.email, password: me.password }),
  refreshSession: ({ me }) => ({ refreshToken: me.refreshToken }),
  logout: ({ me }) => ({ refreshToken: me.refreshToken }),
  logoutEverywhere: () => ({ keepCurrent: true }),
  revokeSession: async ({ me }) => ({ sessionId: await sessionOf(me) }),
  changePassword: ({ me }) => ({ currentPassword: me.password, newPassword: 'another good one' }),
  deleteAccount: ({ me }) => ({ password: me.password }),
  cancelAccountDeletion: () => ({ reason: 'I stay.' }),
  setRole: ({ other }) => ({ userId: other.id, role: 'INSTRUCTOR' }),
  blockUser: ({ other }) => ({ userId: other.id, reason: 'Spam.' }),
  unblockUser: ({ other }) => ({ userId: other.id }),
  updateProfile: () => ({ name: 'Ada', avatarUrl: 'https://example.org/a.png', bio: 'Hi.', locale: 'en-GB', timeZone: 'Europe/Berlin' }),
  updatePreferences: () => ({ language: 'de', marketing: true, quietHours: { start: '22:00', end: '07:00' } }),
  completeOnboardingStep: () => ({ step: 'TUTORIAL' }),
}

let school: School
let admin: Person
let tries = 0

beforeAll(async () => {
  school = await openSchool('one-process')
  admin = await school.register({ role: 'ADMIN' })
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
  const before = await stateOf([me, other])
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
  expect(await stateOf([me, other])).toEqual(before)
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

const forAdmins = adminMutations(read('supergraph.graphql'))

test('S19 the mutations for admins are found', () => {
  expect(forAdmins).toEqual(expect.arrayContaining(['setRole', 'blockUser', 'unblockUser']))
})

test.each(forAdmins)('S19 %s is refused to everybody but an admin, and changes nothing then', async (name) => {
  const other = await school.register()
  const student = await school.register()
  const instructor = await school.register({ role: 'INSTRUCTOR' })
  const former = await demoted(school, await school.register({ role: 'ADMIN' }), admin)
  const departing = await leaving(school, await school.register({ role: 'ADMIN' }))
  const before = await stateOf([other, student])
  const attempts: [Person | null, Person, string][] = [
    [null, other, 'UNAUTHENTICATED'],
    [student, other, 'FORBIDDEN'],
    [student, student, 'FORBIDDEN'],
    [instructor, other, 'FORBIDDEN'],
    [former, other, 'FORBIDDEN'],
    [departing, other, 'FORBIDDEN'],
  ]
  for (const [by, me, code] of attempts) {
    const type = mutations.find((mutation) => mutation.name === name)?.input.name
    const input = await honest[name]?.({ me, other: me })
    const reply = await (by?.client ?? school.client()).query(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, {
      input,
    })
    tries += 1
    expect(reply.codes).toEqual([code])
    expect(reply.data?.[name] ?? null).toBeNull()
  }
  expect(await stateOf([other, student])).toEqual(before)
})

interface Mutation {
  name: string
  input: GraphQLInputObjectType
}

function mutationsOf(type: GraphQLObjectType | null | undefined): Mutation[] {
  return Object.values(type?.getFields() ?? {}).map(({ name, args }) => {
    const input = getNamedType(args[0]?.type)
    if (args.length !== 1 || args[0]?.name !== 'input' || !isInputObjectType(input)) throw new Error(`${name} does not take one input`)
    return { name, input }
  })
}

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

/** The mutations that the schema keeps for admins. */
function adminMutations(supergraph: string): string[] {
  return parse(supergraph).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Mutation') return []
    const isForAdmins = (directives = '') => directives.includes('@requiresScopes') && directives.includes('"admin"')
    return (definition.fields ?? []).filter(({ directives }) => isForAdmins(directives?.map(print).join(' '))).map(({ name }) => name.value)
  })
}

/** All that the API tells about these people, and who registered last. */
async function stateOf(people: readonly Person[]): Promise<unknown[]> {
  await school.settle()
  const user = `id username email phone role status deletionScheduledAt name createdAt updatedAt
    profile { name avatarUrl bio locale timeZone createdAt updatedAt }
    preferences { language marketing quietHours { start end } createdAt updatedAt }
    onboarding { firstLoginAt tutorialCompletedAt completedSteps createdAt updatedAt }`
  const newest = await admin.client.query('{ users(first: 1) { edges { node { id } } } }')
  const states = people.map(async ({ id, client }) => {
    const [{ data: seen }, { data: own }] = await Promise.all([
      admin.client.query(`query ($id: ID!) { user(id: $id) { ${user} } }`, { id }),
      client.query('{ sessions(first: 50) { edges { node { id lastUsedAt expiresAt revokedAt } } } }'),
    ])
    return { ...seen?.user, sessions: own?.sessions }
  })
  return [newest.data, ...(await Promise.all(states))]
}
