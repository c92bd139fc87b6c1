import { readFileSync } from 'node:fs'
import { buildSchema, getNamedType, isInputObjectType, isRequiredInputField, type GraphQLInputObjectType } from 'graphql'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testkit/school.ts'

const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'))
const mutations = Object.values(schema.getMutationType()?.getFields() ?? {}).flatMap(({ name, args }) => {
  const type = args[0] && getNamedType(args[0].type)
  return isInputObjectType(type) ? [{ name, type }] : []
})

let school: School
let admin: Person
beforeAll(async () => {
  school = await openSchool('one-process')
  admin = await school.register({ role: 'ADMIN' })
})
afterAll(() => school.close())

const send = (name: string, type: GraphQLInputObjectType, input: unknown) =>
  admin.client.query(`mutation ($input: ${type.name}!) { ${name}(input: $input) { __typename } }`, { input })

test.each(mutations)('$name refuses every field of the wrong type, and names it', async ({ name, type }) => {
  for (const field of Object.keys(type.getFields())) {
    const { errors, data } = await send(name, type, { [field]: [[]] })
    const details = errors.flatMap(({ extensions }) => extensions['details'] as { path: string }[])
    expect(errors.map(({ extensions }) => extensions['code'])).toContain('BAD_USER_INPUT')
    expect(details.map(({ path }) => path)).toContainEqual(expect.stringContaining(`input.${field}`))
    expect(data).toBeNull()
  }
})

test.each(mutations)('$name refuses an input that is none, or that lacks what it needs', async ({ name, type }) => {
  const needed = Object.values(type.getFields()).filter(isRequiredInputField)
  for (const input of [5, 'text', [1], ...(needed.length > 0 ? [{}, null] : [])]) {
    const { codes, data } = await send(name, type, input)
    expect([[...new Set(codes)], data]).toEqual([['BAD_USER_INPUT'], null])
  }
})
