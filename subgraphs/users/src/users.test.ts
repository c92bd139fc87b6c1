import { countStatements, query, runSubgraph, viewerOf, type TestedSubgraph } from '@stellr/kit/testing'
import { systemRandom, type Role } from '@stellr/kit'
import { UserFirstLogin, UserRegistered, UserRoleChanged } from '@stellr/schema/events/auth'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { users } from './index.ts'

let subgraph: TestedSubgraph
beforeAll(async () => {
  subgraph = await runSubgraph(users, { settings: { changesPerUser: 1000 } })
})
afterAll(() => subgraph.stop())

const EVERYTHING = `{ me {
  id name createdAt updatedAt
  profile { name avatarUrl bio locale timeZone createdAt updatedAt }
  preferences { language marketing quietHours { start end } createdAt updatedAt }
  onboarding { firstLoginAt tutorialCompletedAt completedSteps remainingSteps createdAt updatedAt }
} }`
const USER = `query ($id: ID!) { user(id: $id) { id name profile { bio } } }`
const UPDATE_PROFILE = `mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { profile { name avatarUrl bio locale timeZone } } } }`
const UPDATE_PREFERENCES = `mutation ($input: UpdatePreferencesInput!) {
  updatePreferences(input: $input) { user { preferences { language marketing quietHours { start end } } } } }`
const COMPLETE = `mutation ($input: CompleteOnboardingStepInput!) {
  completeOnboardingStep(input: $input) { user { onboarding { completedSteps remainingSteps tutorialCompletedAt } } } }`

async function person(role: Role = 'STUDENT', name = 'Ada') {
  const viewer = viewerOf(role)
  await subgraph.publish(
    UserRegistered,
    { id: viewer.id, version: 1 },
    { userId: viewer.id, name, role, firstLoginAt: '2026-03-01T09:00:00.000Z' },
  )
  return viewer
}

test('whoever registers has a profile, preferences and onboarding, in one statement per table', async () => {
  const ada = await person()
  const { result, statements } = await countStatements(() => subgraph.ask(EVERYTHING, {}, ada))
  expect(result.errors).toEqual([])
  expect(result.data.me).toMatchObject({
    id: ada.id,
    name: 'Ada',
    profile: { name: 'Ada', avatarUrl: null, bio: null, locale: 'en', timeZone: 'UTC' },
    preferences: { language: 'en', marketing: false, quietHours: null },
    onboarding: {
      firstLoginAt: '2026-03-01T09:00:00.000Z',
      completedSteps: [],
      remainingSteps: ['PROFILE', 'PREFERENCES', 'TUTORIAL', 'FIRST_COURSE'],
    },
  })
  const tables = statements.map(({ text }) => /FROM "public"\."(\w+)"/.exec(text)?.[1])
  expect(tables.filter(Boolean).toSorted()).toEqual(['onboarding', 'preferences', 'profile'])
})

test('one’s own profile is waited for while the registration is on its way', async () => {
  const ada = viewerOf('STUDENT')
  const asked = subgraph.ask('{ me { name } }', {}, ada)
  await subgraph.publish(UserRegistered, { id: ada.id, version: 1 }, { userId: ada.id, name: 'Ada', role: 'STUDENT', firstLoginAt: null })
  expect((await asked).data).toEqual({ me: { name: 'Ada' } })
})

test('learners are shown to whoever is signed in, staff to everybody; nobody and the hidden look alike', async () => {
  const [learner, teacher, other] = [await person(), await person('INSTRUCTOR', 'Grace'), viewerOf('STUDENT')]
  expect((await subgraph.ask(USER, { id: learner.id }, other)).data.user.name).toBe('Ada')
  expect((await subgraph.ask(USER, { id: teacher.id })).data.user.name).toBe('Grace')
  const hidden = await subgraph.ask(USER, { id: learner.id })
  expect(hidden.codes).toEqual(['NOT_FOUND'])
  for (const id of [systemRandom.id(), 'x', "' OR 1=1 --", '\u0000']) {
    expect(await subgraph.ask(USER, { id })).toEqual(hidden)
  }
})

test('a change of role changes who may see the profile, also when the news comes twice or late', async () => {
  const ada = await person()
  const change = (version: number, from: Role, to: Role) =>
    subgraph.publish(UserRoleChanged, { id: ada.id, version }, { userId: ada.id, from, to, actorId: null })
  await change(3, 'STUDENT', 'INSTRUCTOR')
  await change(2, 'INSTRUCTOR', 'STUDENT')
  expect((await subgraph.ask(USER, { id: ada.id })).data.user.name).toBe('Ada')
  await change(4, 'INSTRUCTOR', 'STUDENT')
  expect((await subgraph.ask(USER, { id: ada.id })).codes).toEqual(['NOT_FOUND'])
})

test('the first login of somebody who did not register themselves is remembered', async () => {
  const ada = viewerOf('ADMIN')
  await subgraph.publish(UserRegistered, { id: ada.id, version: 1 }, { userId: ada.id, name: 'Ada', role: 'ADMIN', firstLoginAt: null })
  await subgraph.publish(UserFirstLogin, { id: ada.id, version: 2 }, { userId: ada.id, at: '2026-04-01T00:00:00.000Z' })
  expect((await subgraph.ask(EVERYTHING, {}, ada)).data.me.onboarding.firstLoginAt).toBe('2026-04-01T00:00:00.000Z')
})

test('what is private is FORBIDDEN to others while the rest of the person is shown', async () => {
  const [ada, other, admin] = [await person(), viewerOf('INSTRUCTOR'), viewerOf('ADMIN')]
  const text =
    'query ($id: ID!) { user(id: $id) { name preferences { language } onboarding { completedSteps } profile { bio locale timeZone } } }'
  const { data, codes } = await subgraph.ask(text, { id: ada.id }, other)
  expect(data.user).toEqual({ name: 'Ada', preferences: null, onboarding: null, profile: { bio: null, locale: null, timeZone: null } })
  expect(codes).toEqual(['FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN', 'FORBIDDEN'])
  expect((await subgraph.ask(text, { id: ada.id }, admin)).codes).toEqual([])
})

test('a profile keeps what is left out, forgets what is null, and takes only what is sound', async () => {
  const ada = await person()
  const update = (input: unknown) => subgraph.ask(UPDATE_PROFILE, { input }, ada)
  const full = {
    name: ' Ada Lovelace ',
    avatarUrl: 'https://example.org/a.png',
    bio: 'Poetical\nscience',
    locale: 'EN-gb',
    timeZone: 'Europe/London',
  }
  const changed = { ...full, name: 'Ada Lovelace', locale: 'en-GB' }
  expect((await update(full)).data.updateProfile.user.profile).toEqual(changed)
  expect((await update({ bio: null })).data.updateProfile.user.profile).toEqual({ ...changed, bio: null })
  expect((await update({})).data.updateProfile.user.profile).toEqual({ ...changed, bio: null })
})

test.each([
  ['an empty name', { name: '' }, 'input.name'],
  ['no name', { name: null }, 'input.name'],
  ['a long name', { name: 'x'.repeat(101) }, 'input.name'],
  ['NUL in the name', { name: 'a\u0000b' }, 'input.name'],
  ['a picture over http', { avatarUrl: 'http://example.org/a.png' }, 'input.avatarUrl'],
  ['a picture that is a script', { avatarUrl: 'javascript:alert(1)' }, 'input.avatarUrl'],
  ['NUL in the address', { avatarUrl: 'https://example.org/\u0000' }, 'input.avatarUrl'],
  ['a long address', { avatarUrl: `https://example.org/${'x'.repeat(2000)}` }, 'input.avatarUrl'],
  ['a long bio', { bio: 'x'.repeat(2001) }, 'input.bio'],
  ['an unknown locale', { locale: 'not a tag' }, 'input.locale'],
  ['an unknown time zone', { timeZone: 'Mars/Olympus' }, 'input.timeZone'],
  ['an offset for a time zone', { timeZone: '+01:00' }, 'input.timeZone'],
])('a profile with %s is refused, and says where', async (_what, input, path) => {
  const ada = await person()
  const { errors, codes } = await subgraph.ask(UPDATE_PROFILE, { input }, ada)
  expect(codes).toEqual(['BAD_USER_INPUT'])
  expect(errors[0]?.extensions?.['details']).toMatchObject([{ path }])
})

test('whoever is about to leave, and so has no scopes, may look but change nothing', async () => {
  const ada = { ...(await person()), scopes: [] }
  expect((await subgraph.ask('{ me { name } }', {}, ada)).data.me.name).toBe('Ada')
  for (const [text, input] of [
    [UPDATE_PROFILE, { name: 'X' }],
    [UPDATE_PREFERENCES, { marketing: true }],
    [COMPLETE, { step: 'TUTORIAL' }],
  ] as const) {
    expect((await subgraph.ask(text, { input }, ada)).codes).toEqual(['FORBIDDEN'])
  }
})

test('hostile text is only text', async () => {
  const ada = await person()
  const name = `'); DROP TABLE profile; -- <script>alert(1)</script> \u202e🦄`
  expect((await subgraph.ask(UPDATE_PROFILE, { input: { name } }, ada)).data.updateProfile.user.profile.name).toBe(name)
})

test('preferences keep quiet hours over midnight and give them up', async () => {
  const ada = await person()
  const update = async (input: unknown) => (await subgraph.ask(UPDATE_PREFERENCES, { input }, ada)).data.updatePreferences.user.preferences
  const quietHours = { start: '22:00', end: '07:30' }
  expect(await update({ language: 'de', marketing: true, quietHours })).toEqual({ language: 'de', marketing: true, quietHours })
  expect(await update({ marketing: false })).toEqual({ language: 'de', marketing: false, quietHours })
  expect(await update({ quietHours: null })).toEqual({ language: 'de', marketing: false, quietHours: null })
})

test.each([
  [{ quietHours: { start: '24:00', end: '07:00' } }, 'input.quietHours.start'],
  [{ quietHours: { start: '7:00', end: '08:00' } }, 'input.quietHours.start'],
  [{ quietHours: { start: '07:00', end: '07:00' } }, 'input.quietHours'],
  [{ language: '' }, 'input.language'],
  [{ marketing: null }, 'input.marketing'],
])('preferences with %j are refused, and say where', async (input, path) => {
  const { errors } = await subgraph.ask(UPDATE_PREFERENCES, { input }, await person())
  expect(errors[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', details: [{ path }] })
})

test('a step of the introduction is done once, however often and at once it is reported', async () => {
  const ada = await person()
  const complete = (step: string) => subgraph.ask(COMPLETE, { input: { step } }, ada)
  await Promise.all(Array.from({ length: 20 }, () => complete('TUTORIAL')))
  const { onboarding } = (await complete('PROFILE')).data.completeOnboardingStep.user
  expect(onboarding).toMatchObject({ completedSteps: ['TUTORIAL', 'PROFILE'], remainingSteps: ['PREFERENCES', 'FIRST_COURSE'] })
  expect(onboarding.tutorialCompletedAt).toMatch(/Z$/)
})

test('twenty changes at once all count, and each is published once, in order', async () => {
  const ada = await person()
  await Promise.all(Array.from({ length: 20 }, (_, n) => subgraph.ask(UPDATE_PROFILE, { input: { bio: `${n}` } }, ada)))
  const rows = await query(
    subgraph.databaseUrl,
    `SELECT version, (SELECT array_agg(aggregate_version ORDER BY seq) FROM stellr.outbox WHERE aggregate_type = 'profile' AND aggregate_id = $1) AS published
     FROM profile WHERE user_id = $1::uuid`,
    [ada.id],
  )
  expect(rows).toEqual([{ version: 21, published: Array.from({ length: 20 }, (_, n) => n + 2) }])
})

test('everyone is listed newest first, page by page, in one statement, to administrators only', async () => {
  const newest = [await person('STUDENT', 'one'), await person('STUDENT', 'two'), await person('STUDENT', 'three')].toReversed()
  const admin = viewerOf('ADMIN')
  const text =
    'query ($first: Int, $after: String) { users(first: $first, after: $after) { edges { node { id name profile { name } } } pageInfo { endCursor hasNextPage } } }'
  const { result, statements } = await countStatements(() => subgraph.ask(text, { first: 2 }, admin))
  expect(result.data.users.edges.map((edge: { node: { id: string } }) => edge.node.id)).toEqual(newest.slice(0, 2).map(({ id }) => id))
  expect(statements.filter(({ text: sql }) => sql.includes('profile'))).toHaveLength(1)
  const next = await subgraph.ask(text, { first: 1, after: result.data.users.pageInfo.endCursor }, admin)
  expect(next.data.users.edges[0].node.id).toBe(newest[2]?.id)
  expect((await subgraph.ask(text, { first: 51 }, admin)).codes).toEqual(['BAD_USER_INPUT'])
  expect((await subgraph.ask(text, {}, viewerOf('INSTRUCTOR'))).codes).toEqual(['FORBIDDEN'])
  expect((await subgraph.ask(text)).codes).toEqual(['UNAUTHENTICATED'])
})

test('a dashboard is its owner’s alone, and knows the person', async () => {
  const [ada, other] = [await person(), viewerOf('STUDENT')]
  expect((await subgraph.ask('{ dashboard { id user { id name } } }', {}, ada)).data.dashboard).toEqual({
    id: ada.id,
    user: { id: ada.id, name: 'Ada' },
  })
  const entities = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Dashboard { id } } }'
  expect((await subgraph.ask(entities, { of: [{ __typename: 'Dashboard', id: ada.id }] }, other)).data).toEqual({ _entities: [null] })
})

test('a list of people from other domains costs one statement', async () => {
  const people = await Promise.all(Array.from({ length: 20 }, () => person()))
  const of = people.map(({ id }) => ({ __typename: 'User', id }))
  const text = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { name profile { bio } } } }'
  const { result, statements } = await countStatements(() => subgraph.ask(text, { of }, viewerOf('STUDENT')))
  expect(result.data._entities).toHaveLength(20)
  expect(statements.filter(({ text: sql }) => sql.includes('"profile"'))).toHaveLength(1)
})
