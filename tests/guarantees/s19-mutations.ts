import { readFileSync } from 'node:fs'
import {
  buildSchema,
  getNamedType,
  type GraphQLInputObjectType,
  type GraphQLObjectType,
  isInputObjectType,
  Kind,
  parse,
  print,
} from 'graphql'
import type { Person, School } from '../testkit/school.ts'
import { sessionOf } from './people.ts'

export type Input = Record<string, unknown>

export interface Mutation {
  name: string
  input: GraphQLInputObjectType
}

const read = (file: string) => readFileSync(new URL(`../../schema/${file}`, import.meta.url), 'utf8')

/** Every mutation that clients see. */
export const mutations = mutationsOf(buildSchema(read('api.graphql')).getMutationType())

/** Those that the schema keeps for admins. */
export const forAdmins = adminMutations(read('supergraph.graphql'))

/** An input with every field given, such as an honest client sends, for each mutation. */
export const honest: Record<string, (of: { me: Person; other: Person }) => Input | Promise<Input>> = {
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

/** All that the API tells about these people, and who registered last. */
export async function stateOf(school: School, people: readonly Person[]): Promise<unknown[]> {
  await school.settle()
  const admin = await school.admin()
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

function mutationsOf(type: GraphQLObjectType | null | undefined): Mutation[] {
  return Object.values(type?.getFields() ?? {}).map(({ name, args }) => {
    const input = getNamedType(args[0]?.type)
    if (args.length !== 1 || args[0]?.name !== 'input' || !isInputObjectType(input)) throw new Error(`${name} does not take one input`)
    return { name, input }
  })
}

function adminMutations(supergraph: string): string[] {
  return parse(supergraph).definitions.flatMap((definition) => {
    if (definition.kind !== Kind.OBJECT_TYPE_DEFINITION || definition.name.value !== 'Mutation') return []
    const isForAdmins = (directives = '') => directives.includes('@requiresScopes') && directives.includes('"admin"')
    return (definition.fields ?? []).filter(({ directives }) => isForAdmins(directives?.map(print).join(' '))).map(({ name }) => name.value)
  })
}
