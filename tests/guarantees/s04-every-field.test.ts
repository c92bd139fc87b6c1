import { readFileSync } from 'node:fs'
import { buildSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Client } from '../testkit/client.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { demoted } from './people.ts'
import { visits } from './s04-matrix.ts'
import { freshStage, gather, stageFor, type Cast, type Stage } from './s04/cast.ts'
import { viewers, type Viewer, type Visit } from './s04/outcomes.ts'
import { fieldsWithoutRow, outcomeAt, planVisit, type Reply } from './s04/plan.ts'
import { fillIn, type Things } from './s04/things.ts'

const sdl = readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8')
const schema = buildSchema(sdl)
const planned = visits.map((visit) => planVisit(schema, visit))
const rows = planned.flatMap((plan) => plan.rows)

let school: School
let cast: Cast
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
  // A mutation's row needs new people and courses, which costs seconds: between processes they are the long form's.
  const visited = topology === 'one-process' || rounds(10) === 10 ? visits : visits.filter(({ ask }) => !ask.startsWith('mutation'))

  beforeAll(async () => {
    school = await openSchool(topology)
    cast = await gather(school)
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

  // Several visits at once, as they wait more than they work; those that make people and courses after those that list them.
  describe.each([
    ['reading', visited.filter((visit) => !changes(visit))],
    ['changing', visited.filter(changes)],
  ])('%s', (_name, those) => {
    test.concurrent.each(those.map((visit) => [nameOf(visit), visit] as const))('S04 %s', async (_name, visit) => {
      expect(await mismatches(visit, (viewer, { people }) => people[viewer])).toEqual([])
    })
  })

  test('S04 the matrix goes red where a check is missing: with everybody served as an admin', async () => {
    const guarded = visits.filter(({ ask, root, rows: table }) => {
      const outcomes = [root, ...table.map(([, row]) => row)]
      return !ask.startsWith('mutation') && outcomes.some((row) => row.some((outcome) => /^[A-Z]/.test(outcome) && outcome !== row.at(-1)))
    })
    expect(guarded.length).toBeGreaterThan(40)
    for (const visit of guarded) expect(await mismatches(visit, (_viewer, { people }) => people.admin)).not.toEqual([])
  })

  // The last of all: nobody teaches after it.
  test('S04 who may teach no longer sees of their courses and learners what any student sees', async () => {
    const former = await demoted(school, cast.teacher, cast.admin)
    const wrong: string[] = []
    for (const visit of visits.filter(({ as, ask }) => as === 'author' && !ask.startsWith('mutation'))) {
      for (const line of await wrongAnswers(visit, 'other student', former, cast.things)) wrong.push(`${visit.ask}: ${line}`)
    }
    expect(wrong).toEqual([])
  })
})

function changes({ ask, leaving }: Visit): boolean {
  return ask.startsWith('mutation') || leaving === true
}

function nameOf({ ask, as, leaving }: Visit): string {
  return [ask, as && `(as ${as})`, leaving && '(leaving)'].filter(Boolean).join(' ')
}

/** Where the platform answers otherwise than the matrix says, one line each. */
async function mismatches(visit: Visit, as: (viewer: Viewer, stage: Stage) => Person | null): Promise<string[]> {
  // At once: whoever is not enrolled is told so only when no news of it has come for a while.
  const wrong = viewers.map(async (viewer) => {
    const stage = changes(visit) ? await freshStage(school, cast, visit, viewer) : stageFor(cast, visit)
    return wrongAnswers(visit, viewer, as(viewer, stage), stage.things)
  })
  return (await Promise.all(wrong)).flat()
}

/** To a subscription, its first event. */
async function answerTo(client: Client, text: string, variables: Record<string, unknown>): Promise<Reply> {
  if (!text.startsWith('subscription')) return client.query(text, variables)
  const listening = client.listen(text, variables)
  const first = await listening.next()
  await listening.end()
  if (!first) throw new Error(`${text} ended without a word`)
  return first
}

/** Where this person is answered otherwise than the matrix says of such a viewer. */
async function wrongAnswers(visit: Visit, viewer: Viewer, person: Person | null, things: Things): Promise<string[]> {
  const { text, rows: expected } = planVisit(schema, visit)
  const reply = await answerTo(person?.client ?? school.client(), ...(await fillIn(text, things)))
  compared += expected.length
  return expected.flatMap(({ field, path, outcomes }) => {
    const [got, due] = [outcomeAt(path, reply), outcomes[viewers.indexOf(viewer)]]
    return got === due ? [] : [`${field} is ${got} for ${viewer}, should be ${due}`]
  })
}
