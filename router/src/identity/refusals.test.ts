import { systemRandom, type UserViewer } from '@stellr/kit'
import { expect, onTestFinished, test, vi } from 'vitest'
import { refusalsDropped } from '../metrics.ts'
import { fakeAuth } from '../testing/fake-auth.ts'
import { fakeSubgraph, silent } from '../testing/fake-subgraph.ts'
import { platform, topologies } from '../testing/platform.ts'
import { ada, authResolvers, usersResolvers } from '../testing/school.ts'
import { createRefusals } from './refusals.ts'

interface Sent {
  id: string
  userId: string
  role: string
  action: string
  count: number
}

const person = (changes: Partial<UserViewer> = {}): UserViewer => ({
  kind: 'user',
  id: systemRandom.id(),
  role: 'STUDENT',
  scopes: ['learn'],
  sessionId: systemRandom.id(),
  ...changes,
})

/** Auth that keeps what it hears; `lose` makes it answer nothing although it has heard, `away` makes it hear nothing. */
function setUp() {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  onTestFinished(() => void vi.useRealTimers())
  const heard: Sent[][] = []
  const state = { away: false, lose: false }
  const refusals = createRefusals(async (_operation, variables) => {
    if (state.away) throw new Error('away')
    heard.push(structuredClone(variables['refusals'] as Sent[]))
    if (state.lose) throw new Error('the answer was lost')
    return { recordRefusals: { recorded: true } }
  }, silent)
  onTestFinished(() => refusals.close())
  return { refusals, heard, state, second: () => vi.advanceTimersByTimeAsync(1000) }
}

test('S19 a second’s refusals are sent once, counted by person and mutation; a quiet second sends nothing', async () => {
  const { refusals, heard, second } = setUp()
  const [one, other] = [person(), person({ role: 'INSTRUCTOR' })]
  for (const action of ['setRole', 'setRole', 'blockUser', 'setRole']) refusals.add(one, action)
  refusals.add(other, 'setRole')
  await second()
  await second()
  expect(heard).toMatchObject([
    [
      { userId: one.id, role: 'STUDENT', action: 'setRole', count: 3 },
      { userId: one.id, action: 'blockUser', count: 1 },
      { userId: other.id, role: 'INSTRUCTOR', action: 'setRole', count: 1 },
    ],
  ])
  refusals.add(one, 'setRole')
  await second()
  expect(heard[1]).toMatchObject([{ action: 'setRole', count: 1 }])
  expect(new Set(heard.flat().map(({ id }) => id)).size).toBe(4)
})

test('S19 when the answer is lost the very same is sent again, and what came since goes after it', async () => {
  const { refusals, heard, state, second } = setUp()
  const one = person()
  state.lose = true
  refusals.add(one, 'setRole')
  await second()
  refusals.add(one, 'setRole')
  await second()
  state.lose = false
  await second()
  await second()
  const [first, again, third, since] = heard
  expect([again, third]).toEqual([first, first])
  expect(since).toMatchObject([{ action: 'setRole', count: 1 }])
  expect(since?.[0]?.id).not.toBe(first?.[0]?.id)
})

test('S19 while auth is away a thousand kinds wait, those beyond are counted, and all that waited arrives', async () => {
  const { refusals, heard, state, second } = setUp()
  const droppedBefore = (await refusalsDropped.get()).values[0]?.value ?? 0
  state.away = true
  const one = person()
  refusals.add(one, 'first')
  await second()
  for (let i = 0; i < 1500; i += 1) refusals.add(one, `action${i}`)
  for (let i = 0; i < 10; i += 1) refusals.add(one, 'action0')
  await second()
  state.away = false
  await second()
  await second()
  expect((await refusalsDropped.get()).values[0]?.value).toBe(droppedBefore + 500)
  expect(heard.flat()).toHaveLength(1001)
  expect(Math.max(...heard.map(({ length }) => length))).toBe(100)
  expect(heard.flat().find(({ action }) => action === 'action0')?.count).toBe(11)
})

test('S19 closing sends what is still here, also what came while a sending was under way', async () => {
  const { refusals, heard, state } = setUp()
  const one = person()
  refusals.add(one, 'setRole')
  const closing = refusals.close()
  refusals.add(one, 'blockUser')
  await closing
  expect(heard.flat().map(({ action }) => action)).toEqual(['setRole', 'blockUser'])
  state.away = true
  refusals.add(one, 'setRole')
  await expect(refusals.close()).resolves.toBeUndefined()
})

test.each(topologies)(
  'S19 what a person was refused reaches auth from the router itself, by its closing at the latest (%s)',
  async (topology) => {
    const heard: { by: unknown; refusals: Sent[] }[] = []
    const recordRefusals = (_source: unknown, { input }: { input: { refusals: Sent[] } }, { viewer }: { viewer: unknown }) => {
      heard.push({ by: viewer, refusals: input.refusals })
      return { recorded: true }
    }
    const auth = await fakeAuth({ ...authResolvers, Mutation: { ...authResolvers['Mutation'], recordRefusals } })
    const { ask, router } = await platform(topology, [auth.subgraph, fakeSubgraph('users', usersResolvers)])
    const token = await auth.token({ viewer: { id: ada } })
    const setRole = `mutation { setRole(input: { userId: "${ada}", role: ADMIN }) { user { id } } }`
    for (const options of [{ token }, { token }, {}]) expect([401, 403]).toContain((await ask(setRole, options)).status)
    await ask('{ users { edges { cursor } } }', { token })
    // Nobody outside can say so: the field is not there.
    const forged = 'mutation { recordRefusals(input: { refusals: [] }) { recorded } }'
    expect((await ask(forged, { token })).body.errors[0].extensions.code).toBe('GRAPHQL_VALIDATION_FAILED')
    await router.close()
    expect(heard.map(({ by }) => by)).toEqual(heard.map(() => ({ kind: 'service', name: 'router' })))
    const all = heard.flatMap(({ refusals }) => refusals)
    expect(new Set(all.map(({ userId, action }) => `${userId} ${action}`))).toEqual(new Set([`${ada} setRole`]))
    expect(all.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  },
)
