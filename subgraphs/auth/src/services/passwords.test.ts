import { hash } from '@node-rs/argon2'
import { systemRandom } from '@stellr/kit'
import { expect, test } from 'vitest'
import { createPasswords } from './passwords.ts'

const passwords = await createPasswords({ concurrency: 2, random: systemRandom })

test('a password fits its own hash only, and is argon2id at 19 MiB, t=2, p=1', async () => {
  const made = await passwords.hash('correct horse')
  expect(made).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/)
  expect(await passwords.matches('correct horse', made)).toBe(true)
  expect(await passwords.matches('correct  horse', made)).toBe(false)
})

test('without a hash nothing fits, after the same work', async () => {
  const made = await passwords.hash('correct horse')
  const known = await timed(() => passwords.matches('wrong horse', made))
  const unknown = await timed(() => passwords.matches('wrong horse', null))
  expect(known.result).toBe(false)
  expect(unknown.result).toBe(false)
  expect(unknown.cpuMs).toBeGreaterThan(known.cpuMs / 3)
})

test('the same letters written in two ways are one password', async () => {
  const made = await passwords.hash('cafe\u0301 au lait')
  expect(await passwords.matches('caf\u00e9 au lait', made)).toBe(true)
})

test('a hash made at another cost is outdated', async () => {
  expect(passwords.outdated(await passwords.hash('correct horse'))).toBe(false)
  expect(passwords.outdated(await hash('correct horse', { memoryCost: 8192, timeCost: 1, parallelism: 1 }))).toBe(true)
})

test('beyond a queue of 200 the rest is told to come back', async () => {
  const narrow = await createPasswords({ concurrency: 1, random: systemRandom })
  const asked = Array.from({ length: 205 }, () => narrow.matches('x', 'not a hash').catch((error: unknown) => error))
  const answers = await Promise.all(asked)
  const refused = answers.filter((answer) => answer instanceof Error && 'code' in answer && answer.code === 'SERVICE_UNAVAILABLE')
  expect(refused).toHaveLength(4)
  expect(await narrow.matches('x', null)).toBe(false)
})

async function timed<T>(work: () => Promise<T>): Promise<{ result: T; cpuMs: number }> {
  const before = process.cpuUsage()
  const result = await work()
  const { user, system } = process.cpuUsage(before)
  return { result, cpuMs: (user + system) / 1000 }
}
