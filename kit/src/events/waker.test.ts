import { expect, test, vi } from 'vitest'
import { backoffMs, createWaker } from './waker.ts'

const LONG = 60_000

test('a sleep ends when it is woken, and says so', async () => {
  const waker = createWaker()
  const sleeping = waker.sleep(LONG)
  waker.wake()
  expect(await sleeping).toBe(true)
})

test('a wake that comes before the sleep is not lost, and counts once', async () => {
  const waker = createWaker()
  waker.wake()
  waker.wake()
  await waker.sleep(LONG)
  const second = vi.fn()
  const sleeping = waker.sleep(LONG).then(second)
  await Promise.resolve()
  expect(second).not.toHaveBeenCalled()
  waker.wake()
  await sleeping
})

test('a sleep ends by itself, and says so', async () => {
  expect(await createWaker().sleep(1)).toBe(false)
})

test('a pause is not cut short by a wake, but the wake is kept for the next sleep', async () => {
  const waker = createWaker()
  const before = performance.now()
  const pausing = waker.pause(30)
  waker.wake()
  await pausing
  expect(performance.now() - before).toBeGreaterThan(20)
  await waker.sleep(LONG)
})

test('stopping ends every sleep and every pause, also those to come', async () => {
  const waker = createWaker()
  const pausing = waker.pause(LONG)
  waker.stop()
  await pausing
  await waker.sleep(LONG)
  await waker.pause(LONG)
  expect(waker.stopped).toBe(true)
})

test('waits after failures double up to a bound, and are never quite the same', () => {
  for (let failures = 1; failures <= 40; failures += 1) {
    const full = Math.min(2_000, 100 * 2 ** (failures - 1))
    const waits = Array.from({ length: 20 }, () => backoffMs(failures))
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(full / 2)
    expect(Math.max(...waits)).toBeLessThanOrEqual(full)
    expect(new Set(waits).size).toBeGreaterThan(10)
  }
})
