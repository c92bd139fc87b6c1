import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '../testkit/client.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { addTag, change, enrollIn, newName, writeCourse, type Input } from './classroom.ts'
import { placesInArguments, placesInInput, type Place } from './hostile-places.ts'
import { hostileValues } from './hostile-values.ts'
import { honestInput } from './honest/input.ts'
import { mutations, mutationsFor, schema, type Mutation } from './inputs.ts'
import { leaving } from './people.ts'
import { ask, lists, openClassroom, questions, selectionOf, type Classroom } from './questions.ts'

const forAdmins = new Set(mutationsFor('admin'))
const forAuthors = new Set(mutationsFor('author'))

// The same requests take the same way between processes, but for the fetches themselves: there it is the long form's.
const tried = rounds(10) === 10 ? topologies : topologies.slice(0, 1)

describe.each(tried)('%s', (topology) => {
  let school: School
  let classroom: Classroom
  const outcomes = new Map<string, number>()
  let places = 0

  beforeAll(async () => {
    school = await openSchool(topology)
    classroom = await openClassroom(school)
  })

  afterAll(async () => {
    const told = [...outcomes].toSorted(([, a], [, b]) => b - a).map(([code, count]) => `${count} ${code}`)
    console.log(`hostile input (${topology}): ${places} places; ${told.join(', ')}`)
    await school.close()
  })

  test.each(mutations)('$name takes any text and number as input, or says that it does not', { timeout: 60_000 }, async (mutation) => {
    const [owner, ...others] = await senders(mutation.name)
    const given = await honestInput(school, mutation.name, { me: owner, other: await school.register() })
    // Without a slug one is made of whatever the title is.
    const variants = given['slug'] === undefined ? [given] : [given, { ...given, slug: undefined }]
    const found = variants.flatMap((variant) => placesInInput(mutation.input, variant))
    for (const by of [owner, ...others]) {
      expect(await failures(found, (input) => send(by, mutation, renewed(input, given)))).toEqual([])
    }
  })

  test.each(questions)(
    '$name takes any text and number as an argument, or says that it does not',
    { timeout: 60_000 },
    async (question) => {
      for (const given of question.honest(classroom)) {
        const found = placesInArguments(question, given)
        for (const by of [classroom.admin, classroom.learner]) {
          expect(await failures(found, (args) => ask(by, question, args, classroom))).toEqual([])
        }
      }
    },
  )

  test('a forged cursor goes nowhere, whatever it holds', async () => {
    const failed: string[] = []
    for (const list of lists) {
      const cursors = await Promise.all(
        list
          .honest(classroom)
          .map(async (args) => /"endCursor":"([^"]+)"/.exec((await ask(classroom.admin, list, args, classroom)).text)?.[1]),
      )
      for (const [index, cursor = expect.unreachable('the list is empty')] of cursors.entries()) {
        const [name, key] = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')) as [string, unknown[]]
        const found = key.map((part, at): Place => ({
          path: `${list.name} cursor.${at}`,
          values: hostileValues(typeof part === 'number' ? 'SafeInt' : 'DateTime'),
          with: (value) => ({ ...list.honest(classroom)[index], after: toCursor([name, key.with(at, value)]) }),
        }))
        failed.push(...(await failures(found, (args) => ask(classroom.admin, list, args, classroom))))
      }
    }
    expect(failed).toEqual([])
  })

  test('the platform goes on as if nothing had been', async () => {
    for (const question of questions) {
      for (const args of question.honest(classroom)) {
        const asked = await ask(classroom.admin, question, args, classroom)
        expect({ name: question.name, codes: asked.codes.filter((code) => code !== 'NOT_FOUND') }).toEqual({
          name: question.name,
          codes: [],
        })
      }
    }
    const [teacher, learner] = [await school.register({ role: 'INSTRUCTOR' }), await school.register()]
    const { courseId, lessonIds } = await writeCourse(teacher)
    await change(teacher, 'setCourseTags', { courseId, tagIds: [await addTag(classroom.admin)] })
    await enrollIn(learner, courseId)
    const { courseProgress } = await change(learner, 'markLessonComplete', { lessonId: lessonIds[0] }, 'courseProgress { percent }')
    expect(courseProgress).toEqual({ percent: 100 })
    await school.settle()
  })

  /** Whose the things are that an honest input names; and whoever else may change them. */
  async function senders(name: string): Promise<[owner: Person, ...others: Person[]]> {
    if (forAdmins.has(name)) return [classroom.admin]
    if (forAuthors.has(name)) return [await school.register({ role: 'INSTRUCTOR' }), classroom.admin]
    const learner = await school.register()
    return [name === 'cancelAccountDeletion' ? await leaving(school, learner) : learner]
  }

  /** Tries hostile values in every place, those of a place at once: half of them each, unless all are asked for. */
  async function failures(found: readonly Place[], sendOne: (input: Input) => Promise<Reply>): Promise<string[]> {
    const failed: string[] = []
    for (const place of found) {
      places += 1
      const chosen = Object.entries(place.values).filter((_, index) => rounds(10) === 10 || (index + places) % 2 === 0)
      const attempts = chosen.map(async ([what, value]) => {
        const { codes, status, text } = await sendOne(place.with(value))
        for (const code of codes.length > 0 ? new Set(codes.map(String)) : ['accepted']) outcomes.set(code, (outcomes.get(code) ?? 0) + 1)
        const isFailure = status >= 500 || codes.some((code) => code === 'INTERNAL' || code === 'SERVICE_UNAVAILABLE')
        if (isFailure) failed.push(`${what} as ${place.path}: ${status} ${text.slice(0, 300)}`)
      })
      await Promise.all(attempts)
    }
    return failed
  }
})

/** The input with its own name for everything that only one may have. */
function renewed(input: Input, given: Input): Input {
  const unique: Record<string, () => string> = {
    email: () => `${newName()}@example.org`,
    username: () => `u${crypto.randomUUID().slice(0, 13)}`,
    slug: newName,
    name: newName,
  }
  const changes = Object.entries(unique).filter(([key]) => input[key] !== undefined && input[key] === given[key])
  return { ...input, ...Object.fromEntries(changes.map(([key, make]) => [key, make()])) }
}

function send(by: Person, { name, input }: Mutation, given: Input): Promise<Reply> {
  const payload = schema.getMutationType()?.getFields()[name]?.type
  const selection = payload ? selectionOf(payload, 2) : ''
  return by.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) ${selection} }`, { input: given })
}

function toCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
