import { buildSchema, parse, validate } from 'graphql'
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openFaultProxy } from '../testkit/faults/proxy.ts'
import { openSchool, type Person, type School } from '../testkit/school.ts'
import { publishCourse } from '../testkit/courses.ts'
import { runWatch, USAGE } from '../../scripts/watch/run.ts'

const MINE = 'subscription ($after: String) { enrollmentUpdated(after: $after) { cursor enrollment { course { id } } } }'

let school: School
let author: Person
beforeAll(async () => {
  school = await openSchool('one-process')
  author = await school.register({ role: 'INSTRUCTOR' })
})
afterAll(() => school.close())

/** A running command: what it printed and said, and how to end it. */
function run(args: string[], password?: string) {
  const stop = new AbortController()
  const printed: string[] = []
  const said: string[] = []
  const code = runWatch(args, { password, print: (line) => printed.push(line), say: (line) => said.push(line), signal: stop.signal })
  onTestFinished(async () => {
    stop.abort()
    await code
  })
  return {
    printed,
    said,
    code,
    stop: () => stop.abort(),
    courses: () => printed.map((line) => JSON.parse(line).data.enrollmentUpdated.enrollment.course.id),
  }
}

async function enrollIn({ client }: Person): Promise<string> {
  const { id } = await publishCourse(author.client, { lessons: 1 })
  await school.settle()
  await client.query('mutation ($id: ID!) { enroll(input: { courseId: $id }) { alreadyEnrolled } }', { id })
  return id
}

test('whoever takes a cursor first misses nothing, though the connection breaks before the first event', async () => {
  const ada = await school.register()
  const begin = async () => (await ada.client.query('{ enrollmentUpdatedCursor }')).data.enrollmentUpdatedCursor
  const firstAfter = async (after: string) => {
    const listening = ada.client.listen(MINE, { after })
    const first = await listening.next()
    await listening.end()
    return first?.data.enrollmentUpdated.enrollment.course.id
  }
  const after = await begin()
  const broken = ada.client.listen(MINE, { after })
  const nothing = broken.next()
  await broken.end()
  expect(await nothing).toBeNull()
  const missed = await enrollIn(ada)
  expect(await firstAfter(after)).toBe(missed)
  // The control: from a cursor that was taken too late on, it never comes.
  const late = await begin()
  const next = await enrollIn(ada)
  expect(await firstAfter(late)).toBe(next)
})

test('events are printed as lines; a session that was ended elsewhere signs in again and goes on where it was', async () => {
  const ada = await school.register()
  const { courses, said, stop, code } = run([MINE, '--as', ada.email, '--url', school.url], ada.password)
  await expect.poll(() => said).toEqual([`connected to ${school.url}/graphql`])
  const first = await enrollIn(ada)
  await expect.poll(courses).toEqual([first])
  await ada.client.query('mutation { logoutEverywhere { revokedSessions } }')
  await expect.poll(() => said.at(1)).toBe('lost: 4403 Forbidden')
  await expect.poll(() => said.at(2)).toMatch(/^back, from cursor \S+ on$/)
  const again = await school.client().query('mutation ($input: LoginInput!) { login(input: $input) { accessToken } }', {
    input: { identifier: ada.email, password: ada.password },
  })
  const second = await enrollIn({ ...ada, client: school.client(again.data.login.accessToken) })
  await expect.poll(courses).toEqual([first, second])
  stop()
  expect(await code).toBe(0)
})

test('what happens while the connection is broken is printed when it is back, once and in order', async () => {
  const ada = await school.register()
  const { hostname, port } = new URL(school.url)
  const proxy = await openFaultProxy({ host: hostname, port: Number(port) })
  onTestFinished(() => proxy.close())
  const { courses, said } = run([MINE, '--token', ada.accessToken, '--url', proxy.through(school.url)])
  await expect.poll(() => said).toHaveLength(1)
  const ids = [await enrollIn(ada)]
  await expect.poll(courses).toEqual(ids)
  proxy.set({ reset: true })
  await expect.poll(() => said.at(1)).toMatch(/^lost: 1006/)
  ids.push(await enrollIn(ada), await enrollIn(ada))
  proxy.set({})
  await expect.poll(courses).toEqual(ids)
  expect(said.at(2)).toMatch(/^back, from cursor/)
})

test('what cannot go well is said and ends it: a wrong password, a token that is none, what is refused, what is no GraphQL', async () => {
  const ada = await school.register()
  const outcome = async (args: string[], password?: string) => {
    const { code, said } = run([...args, '--url', school.url], password)
    return [await code, said.at(-1)]
  }
  expect(await outcome([MINE, '--as', ada.email], 'wrong')).toEqual([1, expect.stringMatching(/^refused: /)])
  expect(await outcome([MINE, '--token', 'abc'])).toEqual([1, expect.stringContaining('not accepted')])
  expect(await outcome([MINE])).toEqual([1, expect.stringMatching(/^refused: UNAUTHENTICATED/)])
  expect(await outcome(['subscription {'])).toEqual([2, expect.stringMatching(/^this is no GraphQL/)])
  expect(await outcome([MINE, '--variables', '[]'])).toEqual([2, '--variables must be a JSON object'])
})

test('without a subscription it shows examples, and they fit the schema', async () => {
  const { code, said } = run([])
  expect([await code, said]).toEqual([0, [USAGE]])
  const schema = buildSchema(readFileSync(new URL('../../schema/api.graphql', import.meta.url), 'utf8'))
  const examples = [...USAGE.matchAll(/'(subscription .*)'/g)].map(([, text]) => text ?? '')
  expect(examples).toHaveLength(3)
  for (const text of examples) expect(validate(schema, parse(text))).toEqual([])
})
