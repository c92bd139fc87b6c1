import { query } from '@stellr/kit/testing'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Reply } from '../testkit/client.ts'
import { openSchool, topologies, type Person, type School } from '../testkit/school.ts'
import type { Input } from './classroom.ts'
import { demoted, leaving } from './people.ts'
import { honestInput } from './honest/input.ts'
import { mutations, mutationsFor } from './inputs.ts'
import { stateOf } from './s19-state.ts'

const forAdmins = mutationsFor('admin')
// A course of one's own needs nobody's leave.
const forAuthors = mutationsFor('author').filter((name) => name !== 'createCourse')

test('S19 the mutations for admins are found, and those for authors', () => {
  expect(forAdmins).toEqual(expect.arrayContaining(['setRole', 'blockUser', 'createCategory', 'enrollUser', 'suspendEnrollment']))
  expect(forAuthors).toEqual(expect.arrayContaining(['updateCourse', 'addLesson']))
})

describe.each(topologies)('%s', (topology) => {
  let school: School
  beforeAll(async () => {
    school = await openSchool(topology)
  })
  afterAll(() => school.close())

  describe('refused', () => {
    const replies: Record<string, { code: string; reply: Reply }[]> = {}
    let audits: Record<string, [role: string, count: number]>
    let before: unknown
    let after: unknown
    let since: number

    beforeAll(async () => {
      const admin = await school.admin()
      const [other, student] = [await school.register(), await school.register()]
      const instructor = await school.register({ role: 'INSTRUCTOR' })
      const former = await demoted(school, await school.register({ role: 'ADMIN' }), admin)
      const departing = await leaving(school, await school.register({ role: 'ADMIN' }))
      const inputs: [string, Input, Input][] = []
      for (const name of forAdmins) inputs.push([name, await inputOn(name, other), await inputOn(name, student)])
      before = await stateOf(school, [other, student])
      for (const [name, onOther, onStudent] of inputs) {
        const attempts: [Person | null, Input, string][] = [
          [null, onOther, 'UNAUTHENTICATED'],
          [student, onOther, 'FORBIDDEN'],
          [student, onStudent, 'FORBIDDEN'],
          [instructor, onOther, 'FORBIDDEN'],
          [former, onOther, 'FORBIDDEN'],
          [departing, onOther, 'FORBIDDEN'],
        ]
        replies[name] = []
        for (const [by, input, code] of attempts) replies[name].push({ code, reply: await tryTo(name, by, input) })
      }
      since = Date.now()
      after = await stateOf(school, [other, student])
      audits = {
        [student.id]: ['STUDENT', 2],
        [instructor.id]: ['INSTRUCTOR', 1],
        [former.id]: ['STUDENT', 1],
        [departing.id]: ['ADMIN', 1],
      }
    }, 60_000)

    test.each(forAdmins)('S19 %s is refused to everybody but an admin, and audited', async (name) => {
      for (const { code, reply } of replies[name] ?? expect.unreachable('nobody tried')) {
        expect(reply.codes).toEqual([code])
        expect(reply.data?.[name] ?? null).toBeNull()
      }
      await expect.poll(() => refusals(name, Object.keys(audits)), { timeout: 5000, interval: 20 }).toEqual(audits)
      const inHistory = Object.fromEntries(Object.entries(audits).map(([id, [, count]]) => [id, count]))
      expect(await historyOf(name, Object.keys(audits))).toEqual(inHistory)
    })

    test('S19 whoever is refused has changed nothing', () => {
      expect(after).toEqual(before)
      console.log(
        `S19 (${topology}): ${forAdmins.length} mutations refused to 5 kinds of caller, all audited within ${Date.now() - since} ms`,
      )
    })
  })

  describe('done', () => {
    let me: Person
    beforeAll(async () => {
      me = await school.register({ role: 'ADMIN' })
    })

    test.each(forAdmins)('S19 the control: %s by an admin is done and audited as done', async (name) => {
      await expectDone(name, await inputOn(name, await school.register()))
    })

    // In one process: between processes the events take the same way as those above.
    test.runIf(topology === 'one-process').each(forAuthors)(
      'S19 %s by an admin in the course of somebody else is audited',
      async (name) => {
        const instructor = await school.register({ role: 'INSTRUCTOR' })
        await expectDone(name, await inputOn(name, instructor))
        expect(await audited(name, [instructor.id])).toEqual([])
      },
    )

    test('S19 the control: of what an admin has done no refusal is audited', async () => {
      // Refusals that came after show that the admin's, had there been any, would be there by now.
      const bystander = await school.register()
      for (const name of forAdmins) await tryTo(name, bystander, await inputOn(name, bystander))
      for (const name of forAdmins) {
        await expect.poll(() => audited(name, [me.id, bystander.id]), { timeout: 5000, interval: 20 }).toHaveLength(2)
        expect(await audited(name, [me.id])).toHaveLength(1)
        expect(await historyOf(name, [me.id])).toEqual({})
      }
    })

    async function expectDone(name: string, input: Input): Promise<void> {
      expect((await tryTo(name, me, input)).codes).toEqual([])
      const deed = { action: name, actorId: me.id, actorRole: 'ADMIN', outcome: 'DONE', count: 1 }
      await expect.poll(() => audited(name, [me.id]), { timeout: 5000, interval: 20 }).toMatchObject([deed])
    }
  })

  const inputOn = (name: string, person: Person) => honestInput(school, name, { me: person, other: person })

  async function tryTo(name: string, by: Person | null, input: Input): Promise<Reply> {
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
