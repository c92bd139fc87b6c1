import { plusSeconds } from '@stellr/kit'
import { manualClock } from '@stellr/kit/testing'
import { expect, test } from 'vitest'
import type { Revocation } from '../testing/fake-auth.ts'
import { createRevocations } from './revocations.ts'

function setUp() {
  const clock = manualClock()
  const list: Revocation[] = []
  const since: unknown[] = []
  const revocations = createRevocations(async (_operation, variables) => {
    since.push(variables['since'])
    return { revocations: { cursor: String(list.length), revocations: list.slice(Number(variables['since'] ?? 0)) } }
  }, clock)
  const inSeconds = (seconds: number) => plusSeconds(clock.now(), seconds).toISOString()
  return { clock, list, since, revocations, inSeconds }
}

const token = { sid: 's', sub: 'u', ver: 3 }

test('A03: a session that was ended refuses its tokens and no others', async () => {
  const { list, revocations, inSeconds } = setUp()
  list.push({ sid: 's', sub: null, minVer: null, expiresAt: inSeconds(300) })
  expect(revocations.includes(token)).toBe(false)
  await revocations.refresh()
  expect(revocations.includes(token)).toBe(true)
  expect(revocations.includes({ ...token, sid: 'another' })).toBe(false)
})

test('A03, A04: a subject’s tokens older than the version are refused, newer ones are not', async () => {
  const { list, revocations, inSeconds } = setUp()
  list.push({ sid: null, sub: 'u', minVer: 4, expiresAt: inSeconds(300) }, { sid: null, sub: 'u', minVer: 2, expiresAt: inSeconds(400) })
  await revocations.refresh()
  expect(revocations.includes(token)).toBe(true)
  expect(revocations.includes({ ...token, ver: 4 })).toBe(false)
  expect(revocations.includes({ ...token, sub: 'another' })).toBe(false)
})

test('A03: an entry is forgotten when the tokens that it concerns have expired', async () => {
  const { clock, list, revocations, inSeconds } = setUp()
  list.push({ sid: 's', sub: null, minVer: null, expiresAt: inSeconds(300) }, { sid: null, sub: 'u', minVer: 9, expiresAt: inSeconds(200) })
  await revocations.refresh()
  clock.advance(299)
  await revocations.refresh()
  expect(revocations.includes({ ...token, sub: 'another' })).toBe(true)
  expect(revocations.includes({ ...token, sid: 'another' })).toBe(false)
  clock.advance(1)
  await revocations.refresh()
  expect(revocations.includes(token)).toBe(false)
})

test('each question goes on where the answer before ended, and the age counts from the question', async () => {
  const { clock, list, since, revocations, inSeconds } = setUp()
  expect(revocations.age()).toBeNull()
  list.push({ sid: 'other', sub: null, minVer: null, expiresAt: inSeconds(300) })
  await revocations.refresh()
  clock.advance(7)
  expect(revocations.age()).toBe(7)
  await revocations.refresh()
  expect(since).toEqual([null, '1'])
  expect(revocations.age()).toBe(0)
})
