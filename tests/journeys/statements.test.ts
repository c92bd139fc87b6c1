import { countStatements } from '@stellr/kit/testing'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openSchool, type Person, type School } from '../testkit/school.ts'

let school: School
let people: Person[]
beforeAll(async () => {
  school = await openSchool('one-process')
  people = await Promise.all(Array.from({ length: 20 }, () => school.register()))
  await school.settle()
})
afterAll(() => school.close())

/** Tables that requests read, by domain; what the platform does by itself meanwhile does not count. */
async function tablesRead(work: () => Promise<unknown>): Promise<string[]> {
  const { statements } = await countStatements(work)
  const read = statements.flatMap(({ database, text }) => {
    const table = /\bFROM\s+(?:"public"\.)?"?(account|session|profile|preferences|onboarding)\b/i.exec(text)?.[1]
    return table ? [`${database}.${table}`] : []
  })
  return read.toSorted()
}

test('me reads each table once', async () => {
  const [ada] = people
  const text =
    '{ me { id name email role status profile { bio locale } preferences { language } onboarding { completedSteps } createdAt } }'
  const tables = await tablesRead(async () => expect((await ada?.client.query(text))?.codes).toEqual([]))
  expect(tables).toEqual(['auth.account', 'users.onboarding', 'users.preferences', 'users.profile'])
})

test.each([1, 20])('a list of %i people reads each table once', async (first) => {
  const admin = await school.admin()
  const text =
    'query ($first: Int!) { users(first: $first) { edges { node { id name email role status profile { bio } preferences { language } onboarding { remainingSteps } } } } }'
  const tables = await tablesRead(async () => {
    const { data, codes } = await admin.client.query(text, { first })
    expect([data.users.edges.length, codes]).toEqual([first, []])
  })
  expect(tables).toEqual(['auth.account', 'users.onboarding', 'users.preferences', 'users.profile'])
})

test('the control: twenty people asked one by one read each table twenty times', async () => {
  const admin = await school.admin()
  const text = 'query ($id: ID!) { user(id: $id) { name email } }'
  const tables = await tablesRead(async () => {
    for (const { id } of people) await admin.client.query(text, { id })
  })
  expect(tables).toHaveLength(40)
})
