import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isListType,
  isRequiredInputField,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Reply } from '../testkit/client.ts'
import { openSchool, type School } from '../testkit/school.ts'
import type { Input } from './classroom.ts'
import { mutations } from './inputs.ts'
import { ask, lists, openClassroom, questions, type Classroom, type Question } from './questions.ts'

/** What no value of the type is. A list of lists none is at all. */
const wrong: Record<string, readonly unknown[]> = {
  String: [5, true, {}],
  ID: [true, 1.5, {}],
  Int: ['5', 1.5, 2 ** 31, -(2 ** 31) - 1, true],
  SafeInt: ['5', 1.5, 2 ** 53, -(2 ** 53), true],
  Boolean: ['true', 1],
  DateTime: ['yesterday', '2026-02-30T00:00:00Z', '2026-03-01', 5],
  Currency: ['EURO', 'eur', '', 5],
}

let school: School
let classroom: Classroom
let tries = 0

beforeAll(async () => {
  school = await openSchool('one-process')
  classroom = await openClassroom(school)
})

afterAll(async () => {
  console.log(`bad input: ${tries} refusals by ${mutations.length} mutations and ${questions.length} other fields with arguments`)
  await school.close()
})

test.each(mutations)('$name refuses every field of the wrong type, and names it', async ({ name, input }) => {
  for (const { path, type, holding } of placesIn(input, 'input')) {
    for (const value of wrongFor(type)) expectRefusal(await send(name, input, holding(value)), path)
  }
})

test.each(mutations)('$name refuses an input that is none, or that lacks what it needs', async ({ name, input }) => {
  const needed = Object.values(input.getFields()).filter(isRequiredInputField)
  for (const given of [5, 'text', [1], ...(needed.length > 0 ? [{}, null] : [])]) {
    const { codes, data } = await send(name, input, given)
    expect([[...new Set(codes)], data]).toEqual([['BAD_USER_INPUT'], null])
    tries += 1
  }
})

test.each(questions)('$name refuses every argument of the wrong type, and names it', async (question) => {
  const [given = {}] = question.honest(classroom)
  for (const { name, type } of question.args) {
    const inner = getNamedType(type)
    const nested = isInputObjectType(inner) ? placesIn(inner, name) : []
    for (const { path, type: of, holding } of [{ path: name, type, holding: (value: unknown) => value }, ...nested]) {
      for (const value of wrongFor(of)) expectRefusal(await tell(question, { ...given, [name]: holding(value) }), path)
    }
  }
})

test.each(lists)('$name refuses pages of more than fifty and of less than none', async (list) => {
  for (const first of [-1, 51, 2 ** 31 - 1, -(2 ** 31)]) {
    const { errors } = await tell(list, { first })
    expect(errors.map(({ extensions }) => [extensions['code'], extensions['details']])).toEqual([
      ['BAD_USER_INPUT', [expect.objectContaining({ path: 'first' })]],
    ])
    tries += 1
  }
  for (const first of [0, 50]) expect((await tell(list, { first })).codes).toEqual([])
})

test('every list refuses a cursor that is made up, and one of another list', async () => {
  const cursors = new Map<string, string>()
  for (const list of lists) cursors.set(list.name, endCursorOf(await tell(list, { first: 1 })))
  const madeUp = [
    '',
    ' ',
    'x',
    '=',
    'bnVsbA',
    toCursor([]),
    toCursor({}),
    toCursor(['users', []]),
    toCursor([null, null]),
    'A'.repeat(5000),
  ]
  for (const list of lists) {
    const own = cursors.get(list.name) ?? ''
    expect((await tell(list, { after: own })).codes).toEqual([])
    const foreign = [...cursors].flatMap(([name, cursor]) => (name === list.name ? [] : [cursor]))
    for (const after of [...madeUp, ...foreign, own.slice(1), own.toLowerCase()]) {
      const { errors } = await tell(list, { after })
      const told = errors.map(({ extensions }) => [extensions['code'], extensions['details']])
      const refused = [['BAD_USER_INPUT', [expect.objectContaining({ path: 'after' })]]]
      expect({ list: list.name, after, told }).toEqual({ list: list.name, after, told: refused })
      tries += 1
    }
  }
})

test('the catalogue refuses a cursor of another search, filter or order', async () => {
  const catalogue = lists.find(({ name }) => name === 'Query.courses') ?? expect.unreachable('there is a catalogue')
  const requests: Input[] = [
    {},
    { search: 'lessons' },
    { filter: { free: true } },
    { sort: 'RATING' },
    { sort: 'PRICE' },
    { sort: 'POPULARITY' },
    { search: 'lessons', sort: 'NEWEST' },
  ]
  for (const [index, request] of requests.entries()) {
    const after = endCursorOf(await tell(catalogue, { ...request, first: 1 }))
    for (const [other, another] of requests.entries()) {
      const codes = (await tell(catalogue, { ...another, after })).codes
      expect({ request, another, codes }).toEqual({ request, another, codes: other === index ? [] : ['BAD_USER_INPUT'] })
      tries += 1
    }
  }
})

/** Everything that an input and the inputs in it declare, and the smallest input that holds a value there. */
function placesIn(of: GraphQLInputObjectType, at: string): { path: string; type: GraphQLInputType; holding(value: unknown): unknown }[] {
  return Object.values(of.getFields()).flatMap(({ name, type }) => {
    const inner = getNamedType(type)
    const own = { path: `${at}.${name}`, type, holding: (value: unknown): unknown => ({ [name]: value }) }
    if (!isInputObjectType(inner)) return [own]
    const isList = isListType(getNullableType(type))
    const nested = placesIn(inner, `${at}.${name}${isList ? '.0' : ''}`).map(({ path, type, holding }) => ({
      path,
      type,
      holding: (value: unknown) => ({ [name]: isList ? [holding(value)] : holding(value) }),
    }))
    return [own, ...nested]
  })
}

function wrongFor(type: GraphQLInputType): readonly unknown[] {
  const named = getNamedType(type)
  const values = isEnumType(named) ? ['NO_SUCH', '', 5] : isInputObjectType(named) ? [5, 'text', { noSuchField: 1 }] : wrong[named.name]
  if (!values) throw new Error(`say what is no ${named.name}`)
  return [[[]], ...values]
}

async function send(name: string, input: GraphQLInputObjectType, given: unknown): Promise<Reply> {
  return classroom.admin.client.query(`mutation ($input: ${input.name}!) { ${name}(input: $input) { __typename } }`, { input: given })
}

const tell = (question: Question, args: Input) => ask(classroom.admin, question, args, classroom)

function expectRefusal({ errors, codes, data }: Reply, path: string): void {
  const details = errors.flatMap(({ extensions }) => extensions['details'] as { path: string }[])
  expect({ path, codes: [...new Set(codes)], data }).toEqual({ path, codes: ['BAD_USER_INPUT'], data: null })
  expect(details.map((problem) => problem.path)).toContainEqual(expect.stringMatching(new RegExp(String.raw`^${path}(\.|$)`)))
  tries += 1
}

function endCursorOf({ text }: Reply): string {
  return /"endCursor":"([^"]+)"/.exec(text)?.[1] ?? expect.unreachable(`no cursor in ${text}`)
}

function toCursor(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}
