import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import type { Input } from './classroom.ts'
import { demoted, leaving } from './people.ts'
import { honestInput } from './s19/honest.ts'
import { mutations, mutationsFor } from './s19/schema.ts'
import { stateOf } from './s19/state.ts'

const forAdmins = mutationsFor('admin')
// A course of one's own needs nobody's leave.
const forAuthors = mutationsFor('author').filter((name) => name !== 'createCourse')

test('S19 the mutations for admins are found, and those for authors', () => {
  expect(forAdmins).toEqual(expect.arrayContaining(['setRole', 'blockUser', 'createCategory', 'enrollUser', 'suspendEnrollment']))
  expect(forAuthors).toEqual(expect.arrayContaining(['updateCourse', 'addLesson']))
})

describe.each(topologies)('%s', (topology) => {
  let school: School
  let admin: Person
  beforeAll(async () => {
    school = await openSchool(topology)
    admin = await school.register({ role: 'ADMIN' })
  })
  afterAll(() => school.close())

  test.each(forAdmins)('S19 %s is refused to everybody but an admin, changes nothing then, and is audited', async (name) => {
    const other = await school.register()
    const student = await school.register()
    const instructor = await school.register({ role: 'INSTRUCTOR' })
    const former = await demoted(school, await school.register({ role: 'ADMIN' }), admin)
    const departing = await leaving(school, await school.register({ role: 'ADMIN' }))
    const [onOther, onStudent] = [await inputOn(name, other), await inputOn(name, student)]
    const before = await stateOf(school, [other, student])
    const attempts: [Person | null, Input, string][] = [
      [null, onOther, 'UNAUTHENTICATED'],
      [student, onOther, 'FORBIDDEN'],
      [student, onStudent, 'FORBIDDEN'],
      [instructor, onOther, 'FORBIDDEN'],
      [former, onOther, 'FORBIDDEN'],
      [departing, onOther, 'FORBIDDEN'],
    ]
    for (const [by, input, code] of attempts) {
      const reply = await tryTo(name, by, input)
      expect(reply.codes).toEqual([code])
      expect(reply.data?.[name] ?? null).toBeNull()
    }
    const since = Date.now()
    expect(await stateOf(school, [other, student])).toEqual(before)

    const all = {
      [student.id]: ['STUDENT', 2],
      [instructor.id]: ['INSTRUCTOR', 1],
      [former.id]: ['STUDENT', 1],
      [departing.id]: ['ADMIN', 1],
    }
    await expect.poll(() => refusals(name, Object.keys(all)), { timeout: 5000, interval: 20 }).toEqual(all)
    console.log(`S19 ${name} (${topology}): audited within ${Date.now() - since} ms`)
    const inHistory = Object.fromEntries(Object.entries(all).map(([id, [, count]]) => [id, count]))
    expect(await historyOf(name, Object.keys(all))).toEqual(inHistory)
  })

  test.each(forAdmins)('S19 the control: %s by an admin is done and audited as done, and no refusal is', async (name) => {
    const me = await school.register({ role: 'ADMIN' })
    const [other, bystander] = [await school.register(), await school.register()]
    const input = await inputOn(name, other)
    await expectDone(name, me, input)
    // A refusal that came after it shows that one of the admin's, had there been any, would be there by now.
    await tryTo(name, bystander, input)
    await expect.poll(() => audited(name, [me.id, bystander.id]), { timeout: 5000, interval: 20 }).toHaveLength(2)
    expect(await audited(name, [me.id])).toHaveLength(1)
    expect(await historyOf(name, [me.id])).toEqual({})
  })

  // In one process: between processes the events take the same way as those above.
  test.runIf(topology === 'one-process').each(forAuthors)('S19 %s by an admin in the course of somebody else is audited', async (name) => {
    const [me, instructor] = [await school.register({ role: 'ADMIN' }), await school.register({ role: 'INSTRUCTOR' })]
    await expectDone(name, me, await inputOn(name, instructor))
    expect(await audited(name, [instructor.id])).toEqual([])
  })

  async function expectDone(name: string, by: Person, input: Input): Promise<void> {
    expect((await tryTo(name, by, input)).codes).toEqual([])
    const deed = { action: name, actorId: by.id, actorRole: 'ADMIN', outcome: 'DONE', count: 1 }
    await expect.poll(() => audited(name, [by.id]), { timeout: 5000, interval: 20 }).toMatchObject([deed])
  }

  const inputOn = (name: string, person: Person) => honestInput(school, name, { me: person, other: person })

  async function tryTo(name: string, by: Person | null, input: Input) {
    const type = mutations.find((mutation) => mutation.name === name)?.input.name
    const client = by?.client ?? school.client()
    return client.query(`mutation ($input: ${type}!) { ${name}(input: $input) { __typename } }`, { input })
  }

  /** What the event log holds of these people and this mutation. */
  async function audited(
    name: string,
    actors: readonly string[],
  ): Promise<{ actorId: string; actorRole: string; outcome: string; count: number }[]> {
    const rows = await query<{ data: Awaited<ReturnType<typeof audited>>[number] }>(
      school.env['EVENTS_DATABASE_URL'] ?? '',
      `SELECT event -> 'data' AS data FROM event_log.record
       WHERE topic = 'audit' AND event -> 'data' ->> 'action' = $1 AND event -> 'data' ->> 'actorId' = ANY ($2)`,
      [name, actors],
    )
    return rows.map(({ data }) => data)
  }

  /** How often each was refused, and in which role. A second may end between two attempts, so entries are added up. */
  async function refusals(name: string, actors: readonly string[]): Promise<Record<string, [role: string, count: number]>> {
    const found: Record<string, [string, number]> = {}
    for (const { actorId, actorRole, outcome, count } of await audited(name, actors)) {
      if (outcome === 'REFUSED') found[actorId] = [actorRole, (found[actorId]?.[1] ?? 0) + count]
    }
    return found
  }

  async function historyOf(name: string, actors: readonly string[]): Promise<Record<string, number>> {
    const rows = await query<{ id: string; count: number }>(
      school.env['AUTH_DATABASE_URL'] ?? '',
      `SELECT account_id AS id, sum((data ->> 'count')::int)::int AS count FROM security_event
       WHERE type = 'REFUSED' AND data ->> 'action' = $1 AND account_id = ANY ($2::uuid[]) GROUP BY account_id`,
      [name, actors],
    )
    return Object.fromEntries(rows.map(({ id, count }) => [id, count]))
  }
})
