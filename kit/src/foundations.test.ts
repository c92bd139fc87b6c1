import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { plusSeconds } from './clock.ts'
import { madeAt, systemRandom } from './ids.ts'
import { createLimiter } from './limits.ts'
import { correlated, createLogger } from './log.ts'
import { add, minorDigits, money } from './money.ts'

test('an id tells when it was made, and sorts by it', () => {
  const before = Date.now()
  const ids = Array.from({ length: 100 }, () => systemRandom.id())
  expect(ids.toSorted()).toEqual(ids)
  const made = madeAt(ids[0] ?? '')?.getTime() ?? 0
  expect(made).toBeGreaterThanOrEqual(before)
  expect(made).toBeLessThanOrEqual(Date.now())
  expect(madeAt('3f0c4ab8-11a8-4b3d-9a4f-0f5be1f1f1f1')).toBeNull()
})

test('minor units are those of ISO 4217, also where Intl has others by custom', () => {
  expect(['EUR', 'JPY', 'KWD', 'HUF', 'IQD', 'CLF'].map(minorDigits)).toEqual([2, 0, 3, 2, 3, 4])
})

test('money adds up in one currency, and only within what is exact', () => {
  expect(add({ amount: 1999, currency: 'EUR' }, { amount: 1, currency: 'EUR' })).toEqual({ amount: 2000, currency: 'EUR' })
  expect(() => add({ amount: 1, currency: 'EUR' }, { amount: 1, currency: 'USD' })).toThrow(RangeError)
  expect(() => add({ amount: Number.MAX_SAFE_INTEGER, currency: 'EUR' }, { amount: 1, currency: 'EUR' })).toThrow(RangeError)
})

test.each([
  { amount: 1.5, currency: 'EUR' },
  { amount: -1, currency: 'EUR' },
  { amount: 1, currency: 'XXZ' },
  { amount: 2 ** 53, currency: 'EUR' },
])('an amount such as %j is refused', (value) => {
  expect(money.safeParse(value).success).toBe(false)
})

test('seconds are added and taken away', () => {
  expect(plusSeconds(new Date(5000), -2)).toEqual(new Date(3000))
})

test('a limit lets its points pass for each key, then says when to come back', async () => {
  const limiter = createLimiter({ login: { points: 2, seconds: 60 } })
  await limiter.spend('login', 'ada')
  await limiter.spend('login', 'ada')
  await limiter.spend('login', 'bob')
  await expect(limiter.spend('login', 'ada')).rejects.toMatchObject({ code: 'RATE_LIMITED', details: { retryAfterSeconds: 60 } })
  await limiter.forgive('login', 'ada')
  await limiter.spend('login', 'ada')
})

test('log lines carry the correlation id and the trace id, and hide secrets, however deep', async () => {
  const lines: string[] = []
  const destination = new Writable({ write: (chunk, _encoding, done) => done(void lines.push(String(chunk))) })
  const log = createLogger({ name: 'test', level: 'info', destination })
  const trace = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  correlated('c-1', () => log.info({ input: { user: { password: 'hunter2' } }, refreshToken: 'hunter2' }, 'hello'), trace)
  const [line = ''] = lines
  expect(JSON.parse(line)).toMatchObject({ name: 'test', correlationId: 'c-1', traceId: trace.slice(3, 35), msg: 'hello' })
  expect(line).not.toContain('hunter2')
})
