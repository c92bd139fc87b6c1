import { manualClock } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import { fakeAuth } from '../testing/fake-auth.ts'
import { silent } from '../testing/fake-subgraph.ts'
import { createSigningKeys } from './signing-keys.ts'

async function setUp() {
  const clock = manualClock()
  const auth = await fakeAuth()
  let asked = 0
  let away = false
  const keys = createSigningKeys(
    async () => {
      asked += 1
      if (away) throw new Error('auth is away')
      return { signingKeys: await auth.keySet() }
    },
    clock,
    silent,
  )
  const kids = async (): Promise<string[]> => JSON.parse(await auth.keySet()).keys.map((key: { kid: string }) => key.kid)
  return { clock, auth, keys, kids, asked: () => asked, goAway: () => (away = true) }
}

test('A11: unknown key ids, however many, cause one question in 30 seconds', async () => {
  const { clock, keys, asked } = await setUp()
  await keys.refresh()
  await Promise.all(Array.from({ length: 100 }, (_, i) => keys.find(`made-up-${i}`)))
  expect(asked()).toBe(2)
  clock.advance(29)
  await keys.find('made-up')
  expect(asked()).toBe(2)
  clock.advance(1)
  await Promise.all(Array.from({ length: 100 }, (_, i) => keys.find(`made-up-${i}`)))
  expect(asked()).toBe(3)
})

test('A11: a key that was published after the last question is found by asking', async () => {
  const { auth, keys, kids } = await setUp()
  await keys.refresh()
  await auth.rotate()
  const [first, second] = await kids()
  expect(await keys.find(second ?? '')).not.toBeNull()
  expect(await keys.find(first ?? '')).not.toBeNull()
})

test('while auth is away the last keys are used', async () => {
  const { keys, kids, goAway, asked } = await setUp()
  await keys.refresh()
  goAway()
  const [kid] = await kids()
  expect(await keys.find(kid ?? '')).not.toBeNull()
  expect(await keys.find('made-up')).toBeNull()
  await expect(keys.refresh()).rejects.toThrow('away')
  expect(await keys.find(kid ?? '')).not.toBeNull()
  expect(asked()).toBe(3)
})

test('A11: a retired key is not found any more', async () => {
  const { auth, keys, kids } = await setUp()
  await keys.refresh()
  const [kid = ''] = await kids()
  const key = await keys.find(kid)
  if (!key) throw new Error('the key must be there')
  expect(keys.holds(kid, key)).toBe(true)
  await auth.rotate({ retire: true })
  await keys.refresh()
  expect(keys.holds(kid, key)).toBe(false)
  expect(await keys.find(kid)).toBeNull()
})

test('keys of other kinds are left out', async () => {
  const answer = {
    keys: [
      { kty: 'oct', k: 'c2VjcmV0', kid: 'a' },
      { kty: 'RSA', n: 'AQAB', e: 'AQAB', kid: 'b' },
      { kty: 'OKP', crv: 'X25519', x: 'AA', kid: 'c' },
    ],
  }
  const keys = createSigningKeys(async () => ({ signingKeys: JSON.stringify(answer) }), manualClock(), silent)
  await keys.refresh()
  expect(await Promise.all(['a', 'b', 'c'].map((kid) => keys.find(kid)))).toEqual([null, null, null])
  expect(keys.known).toBe(true)
})
