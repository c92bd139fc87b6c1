import { getNamedType, getNullableType, isInputObjectType, isListType, isScalarType, type GraphQLInputType } from 'graphql'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '../testkit/client.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import { rounds } from '../testkit/soak.ts'
import { addTag, change, enrollIn, writeCourse, type Input } from './classroom.ts'
import { hostileValues } from './hostile-values.ts'
import { honestInput } from './honest/input.ts'
import { mutations, mutationsFor, objectsIn, schema, type Mutation } from './inputs.ts'
import { leaving } from './people.ts'
import { ask, lists, openClassroom, questions, selectionOf, type Classroom } from './questions.ts'

/** A place in what is sent where a scalar may stand. */
interface Place {
  path: string
  scalar: string
  with(value: unknown): Input
}

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

  test.each(mutations)('$name takes any text and number as input, or says that it does not', async (mutation) => {
    for (const me of await senders(mutation.name)) {
      const given = await honestInput(school, mutation.name, { me, other: await school.register() })
      const targets = objectsIn(mutation.input, given)
      const found = targets.flatMap((target) =>
        Object.values(target.type.getFields()).flatMap(({ name, type }) =>
          placesAt(type, `${target.path}.${name}`, (value) => target.with({ [name]: value })),
        ),
      )
      expect(await failures(found, (input) => send(me, mutation, input))).toEqual([])
      expect((await me.client.query('{ __typename }')).status).toBeLessThan(500)
    }
  })

  test.each(questions)('$name takes any text and number as an argument, or says that it does not', async (question) => {
    for (const given of question.honest(classroom)) {
      const found = question.args.flatMap(({ name, type }): Place[] => {
        const inner = getNamedType(type)
        const argument = given[name]
        const put = (value: unknown) => ({ ...given, [name]: value })
        if (!isInputObjectType(inner)) return placesAt(type, name, put)
        if (typeof argument !== 'object' || argument === null) return []
        return objectsIn(inner, { ...argument }, name).flatMap((target) =>
          Object.values(target.type.getFields()).flatMap((field) =>
            placesAt(field.type, `${target.path}.${field.name}`, (value) => put(target.with({ [field.name]: value }))),
          ),
        )
      })
      for (const by of [classroom.admin, classroom.learner]) {
        expect(await failures(found, (args) => ask(by, question, args, classroom))).toEqual([])
      }
    }
  })

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
          scalar: typeof part === 'number' ? 'SafeInt' : 'DateTime',
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

  /** An administrator, and whoever else may: what they name is their own. */
  async function senders(name: string): Promise<Person[]> {
    const others = forAdmins.has(name) ? [] : [await school.register({ role: forAuthors.has(name) ? 'INSTRUCTOR' : 'STUDENT' })]
    const people = [await school.register({ role: 'ADMIN' }), ...others]
    return name === 'cancelAccountDeletion' ? Promise.all(people.map((person) => leaving(school, person))) : people
  }

  /** Tries every hostile value in every place, those of a place at once. Tells where the platform failed. */
  async function failures(found: readonly Place[], sendOne: (input: Input) => Promise<Reply>): Promise<string[]> {
    const failed: string[] = []
    places += found.length
    for (const place of found) {
      const attempts = Object.entries(hostileValues(place.scalar)).map(async ([what, value]) => {
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

function send(by: Person, { name, input }: Mutation, given: Input): Promise<Reply> {
  const payload = schema.getMutationType()?.getFields()[name]?.type
  const selection = payload ? selectionOf(payload, 2) : ''
  return by.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) ${selection} }`, { input: given })
}

function placesAt(type: GraphQLInputType, path: string, put: (value: unknown) => Input): Place[] {
  const named = getNamedType(type)
  if (!isScalarType(named)) return []
  const isList = isListType(getNullableType(type))
  return [{ path, scalar: named.name, with: (value) => put(isList ? [value] : value) }]
}

function toCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
