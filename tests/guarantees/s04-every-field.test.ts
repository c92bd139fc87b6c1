import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { leaving, named, sessionOf } from './people.ts'
import { type Viewer, viewers, type Visit, visits } from './s04-matrix.ts'
import { fieldsWithoutRow, outcomeAt, planVisit, type Reply } from './s04-visits.ts'

const sdl = readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8')
const schema = buildSchema(sdl)
const planned = visits.map((visit) => planVisit(schema, visit))
const rows = planned.flatMap((plan) => plan.rows)

let school: School
let cast: Awaited<ReturnType<typeof gather>>
let compared = 0

test('S04 every field that clients see has a row', () => {
  expect(fieldsWithoutRow(schema, rows)).toEqual([])
})

test('S04 a field without a row is named, and so is a row without a field', () => {
  const grown = buildSchema(`${sdl} extend type User { salary: Int } type Secret { text: String } extend type Query { secret: Secret }`)
  expect(fieldsWithoutRow(grown, rows).toSorted()).toEqual(['Query.secret', 'Secret.text', 'User.salary'])
  const shrunk = buildSchema(sdl.replace('email: String\n', 'mail: String\n'))
  expect(() => visits.map((visit) => planVisit(shrunk, visit))).toThrow('User.email, which is not in the schema')
})

describe.each(topologies)('%s', (topology) => {
  // A mutation's row needs five new people, which costs seconds: between processes they are the long form's.
  const visited = topology === 'one-process' || rounds(10) === 10 ? visits : visits.filter(({ ask }) => ask.startsWith('query'))

  beforeAll(async () => {
    school = await openSchool(topology)
    cast = await gather()
    compared = 0
  })

  afterAll(async () => {
    const asked = visited.flatMap((visit) => planVisit(schema, visit).rows)
    const fields = new Set(asked.map(({ field }) => field)).size
    console.log(
      `S04 (${topology}) asked for ${fields} fields: ${asked.length} rows x ${viewers.length} viewers, ${compared} outcomes compared`,
    )
    await school.close()
  })

  test.each(visited.map((visit) => [visit.leaving ? `${visit.ask} (leaving)` : visit.ask, visit] as const))(
    'S04 %s',
    async (_name, visit) => {
      expect(await mismatches(visit, (viewer, stage) => stage[viewer])).toEqual([])
    },
  )

  test('S04 the matrix goes red where a check is missing: with everybody served as an admin', async () => {
    const guarded = visits.filter(
      ({ ask, root, rows: table }) =>
        ask.startsWith('query') && [root, ...table.map(([, outcomes]) => outcomes)].flat().includes('FORBIDDEN'),
    )
    expect(guarded.length).toBeGreaterThan(5)
    for (const visit of guarded) expect(await mismatches(visit, (_viewer, stage) => stage.admin)).not.toEqual([])
  })
})

type Stage = Record<Viewer, Person | null>

/** Where the platform answers otherwise than the matrix says, one line each. */
async function mismatches(visit: Visit, as: (viewer: Viewer, stage: Stage) => Person | null): Promise<string[]> {
  const { text, rows: expected } = planVisit(schema, visit)
  const wrong: string[] = []
  for (const [index, viewer] of viewers.entries()) {
    const stage = visit.ask.startsWith('mutation') || visit.leaving ? await freshStage(viewer, visit) : cast.stage
    const asker = as(viewer, stage)
    const reply = await ask(asker, stage, text)
    for (const { field, path, outcomes } of expected) {
      const got = outcomeAt(path, reply)
      compared += 1
      if (got !== outcomes[index]) wrong.push(`${field} is ${got} for ${viewer}, should be ${outcomes[index]}`)
    }
  }
  return wrong
}

async function ask(viewer: Person | null, stage: Stage, text: string): Promise<Reply> {
  const owner = stage.owner
  if (!owner) throw new Error('there is always an owner')
  const values: Record<string, [type: string, value: () => unknown]> = {
    owner: ['ID!', () => owner.id],
    teacher: ['ID!', () => cast.teacher.id],
    principal: ['ID!', () => cast.principal.id],
    ownersEmail: ['String!', () => owner.email],
    ownersRefreshToken: ['String!', () => owner.refreshToken],
    ownersSession: ['ID!', () => sessionOf(owner)],
    password: ['String!', () => owner.password],
    newEmail: ['String!', () => `s04-${crypto.randomUUID()}@example.org`],
  }
  const used = Object.entries(values).filter(([name]) => new RegExp(String.raw`\$${name}\b`).test(text))
  const declared = used.map(([name, [type]]) => `$${name}: ${type}`).join(', ')
  const variables = Object.fromEntries(await Promise.all(used.map(async ([name, [, value]]) => [name, await value()] as const)))
  const operation = declared === '' ? text : text.replace(/^(query|mutation)/, `$1 (${declared})`)
  return (viewer?.client ?? school.client()).query(operation, variables)
}

/** Somebody of each kind, everything that can be set about the owner set, and all of it arrived in every domain. */
async function gather() {
  const [student, instructor, owner, admin, teacher, principal] = await Promise.all([
    named(school),
    named(school, 'INSTRUCTOR'),
    named(school),
    named(school, 'ADMIN'),
    named(school, 'INSTRUCTOR'),
    named(school, 'ADMIN'),
  ])
  const filled = await owner.client.query(`mutation {
    updateProfile(input: { avatarUrl: "https://example.org/me.png", bio: "Hello.", locale: "en-GB", timeZone: "Europe/Berlin" }) { user { id } }
    updatePreferences(input: { language: "en", marketing: false, quietHours: { start: "22:00", end: "07:00" } }) { user { id } }
    completeOnboardingStep(input: { step: TUTORIAL }) { user { id } }
  }`)
  expect(filled.codes).toEqual([])
  const newest = await school.register()
  await arrived(async () => {
    const { data } = await admin.client.query('{ users(first: 1) { edges { node { id } } } }')
    expect(data.users.edges).toEqual([{ node: { id: newest.id } }])
  })
  for (const { id } of [teacher, principal]) {
    await arrived(async () => expect((await school.client().query('query ($id: ID!) { user(id: $id) { id } }', { id })).codes).toEqual([]))
  }
  const stage: Stage = { anonymous: null, 'other student': student, 'other instructor': instructor, owner, admin }
  return { stage, teacher, principal }
}

const arrived = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 10_000 })

/** For what changes things: an owner whom nothing has happened to yet, and a viewer of the kind. */
async function freshStage(kind: Viewer, visit: Visit): Promise<Stage> {
  const owner = kind === 'owner' || visit.ask.includes('$owner') ? await named(school) : cast.stage.owner
  const viewer = await freshViewer(kind, owner)
  return { ...cast.stage, owner, [kind]: viewer && visit.leaving ? await leaving(school, viewer) : viewer }
}

async function freshViewer(kind: Viewer, owner: Person | null): Promise<Person | null> {
  if (kind === 'anonymous') return null
  if (kind === 'owner') return owner
  if (kind === 'other student') return school.register()
  return school.register({ role: kind === 'admin' ? 'ADMIN' : 'INSTRUCTOR' })
}
