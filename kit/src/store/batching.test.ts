import { expect, test } from 'vitest'
import { createBatching } from './batching.ts'

const people = [
  { id: 'a', team: 'red' },
  { id: 'b', team: 'red' },
  { id: 'c', team: 'blue' },
]

function counted(cache: boolean) {
  const calls: (readonly string[])[] = []
  const { batch, batchMany, clear } = createBatching({ cache })
  const person = batch(
    async (ids) => {
      calls.push(ids)
      return people.filter(({ id }) => ids.includes(id)).toReversed()
    },
    ({ id }) => id,
  )
  const team = batchMany(
    async (teams) => {
      calls.push(teams)
      return people.filter((found) => teams.includes(found.team))
    },
    (found) => found.team,
  )
  return { calls, person, team, clear }
}

test('the keys of one tick are one call, each once, and a key without a row loads null', async () => {
  const { calls, person } = counted(true)
  expect(await Promise.all([person('a'), person('z'), person('c'), person('a')])).toEqual([people[0], null, people[2], people[0]])
  expect(calls).toEqual([['a', 'z', 'c']])
})

test('a key with many rows loads them all, in their order', async () => {
  const { calls, team } = counted(true)
  const [red, none] = await Promise.all([team('red'), team('green')])
  expect([red, none]).toEqual([[people[0], people[1]], []])
  expect(calls).toEqual([['red', 'green']])
})

test('who changes what was loaded changes it for nobody else', async () => {
  const { team } = counted(true)
  const [first, second] = await Promise.all([team('red'), team('red')])
  first.reverse()
  expect(second.map(({ id }) => id)).toEqual(['a', 'b'])
})

test('what is cached is asked for once, until it is cleared', async () => {
  const { calls, person, clear } = counted(true)
  await person('a')
  await person('a')
  expect(calls).toHaveLength(1)
  clear()
  await person('a')
  expect(calls).toHaveLength(2)
})

test('without a cache every tick asks anew, still once for each key', async () => {
  const { calls, person } = counted(false)
  await Promise.all([person('a'), person('a')])
  await person('a')
  expect(calls).toEqual([['a'], ['a']])
})
