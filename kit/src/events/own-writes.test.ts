import { expect, test, vi } from 'vitest'
import { v7 } from 'uuid'
import { manualClock } from '../testing/manual-clock.ts'
import { createOwnWrites } from './own-writes.ts'

function setup() {
  const clock = manualClock()
  const naps: number[] = []
  const ownWrites = createOwnWrites({
    clock,
    async sleep(ms) {
      naps.push(ms)
      clock.advance(ms / 1000)
    },
  })
  return { clock, naps, ownWrites, fresh: () => v7({ msecs: clock.now().getTime() }) }
}

/** Finds nothing the first `misses` times. */
function appearing(misses: number) {
  let reads = 0
  return vi.fn(async () => (reads++ < misses ? null : 'there'))
}

test('what is there is read once, without waiting', async () => {
  const { naps, ownWrites, fresh } = setup()
  const read = appearing(0)
  expect(await ownWrites.wait('ann', fresh(), read)).toBe('there')
  expect([read.mock.calls.length, naps]).toEqual([1, []])
})

test('what is on its way is waited for, in steps that grow from 25 to 200 ms', async () => {
  const { naps, ownWrites, fresh } = setup()
  expect(await ownWrites.wait('ann', fresh(), appearing(6))).toBe('there')
  expect(naps).toEqual([25, 50, 100, 200, 200, 200])
})

test('what does not come is given up after two seconds', async () => {
  const { naps, ownWrites, fresh } = setup()
  expect(await ownWrites.wait('ann', fresh(), appearing(99))).toBeNull()
  const waited = naps.reduce((sum, ms) => sum + ms, 0)
  expect(waited).toBeGreaterThanOrEqual(2_000)
  expect(waited).toBeLessThanOrEqual(2_200)
})

test('an id that was not made just now is not waited for', async () => {
  const { clock, naps, ownWrites, fresh } = setup()
  const old = fresh()
  clock.advance(10.1)
  const future = v7({ msecs: clock.now().getTime() + 60_000 })
  for (const id of [old, future, '7a3f6f2e-8f0e-4a5e-9d5c-2f1a4f1f1c11', 'nonsense', ''])
    expect(await ownWrites.wait('ann', id, appearing(1))).toBeNull()
  expect(naps).toEqual([])
})

test('a miss is remembered, for this viewer and this id, until something of the viewer arrives', async () => {
  const { naps, ownWrites, fresh } = setup()
  const id = fresh()
  await ownWrites.wait('ann', id, appearing(99))
  naps.length = 0
  expect(await ownWrites.wait('ann', id, appearing(1))).toBeNull()
  expect(naps).toEqual([])
  expect(await ownWrites.wait('bob', id, appearing(1))).toBe('there')
  expect(await ownWrites.wait('ann', fresh(), appearing(1))).toBe('there')
  ownWrites.arrived('bob')
  expect(await ownWrites.wait('ann', id, appearing(1))).toBeNull()
  ownWrites.arrived('ann')
  expect(await ownWrites.wait('ann', id, appearing(1))).toBe('there')
})

test('one polls for a viewer and an id; others wait for it and then read once', async () => {
  let naps = 0
  const ownWrites = createOwnWrites({
    async sleep() {
      naps += 1
    },
  })
  const id = v7()
  const first = vi.fn(async () => (naps > 4 ? 'there' : null))
  const second = vi.fn(async () => (naps > 4 ? 'there too' : null))
  expect(await Promise.all([ownWrites.wait('ann', id, first), ownWrites.wait('ann', id, second)])).toEqual(['there', 'there too'])
  expect([naps, first.mock.calls.length, second.mock.calls.length]).toEqual([5, 6, 2])
})

test('a viewer with many made-up ids waits for a few of them only', async () => {
  const ownWrites = createOwnWrites({ sleep: () => new Promise((resolve) => setTimeout(resolve, 1)) })
  const reads = Array.from({ length: 50 }, () => appearing(999))
  await Promise.all(reads.map((read) => ownWrites.wait('mallory', v7(), read)))
  expect(reads.filter((read) => read.mock.calls.length > 1)).toHaveLength(10)
})

test('a read that fails fails for the one who asked, and the next one waits anew', async () => {
  const { ownWrites, fresh } = setup()
  const id = fresh()
  const failing = vi.fn().mockResolvedValueOnce(null).mockRejectedValueOnce(new Error('database'))
  await expect(ownWrites.wait('ann', id, failing)).rejects.toThrow('database')
  expect(await ownWrites.wait('ann', id, appearing(2))).toBe('there')
})

test('what has no date of its own is waited for however old its name is, after a miss for a quarter of a second', async () => {
  const { naps, ownWrites } = setup()
  const course = '7a3f6f2e-8f0e-4a5e-9d5c-2f1a4f1f1c11'
  expect(await ownWrites.wait('ann', course, appearing(2), { undated: true })).toBe('there')
  expect(await ownWrites.wait('ann', course, appearing(99), { undated: true })).toBeNull()
  naps.length = 0
  expect(await ownWrites.wait('ann', course, appearing(2), { undated: true })).toBe('there')
  expect(await ownWrites.wait('ann', course, appearing(99), { undated: true })).toBeNull()
  expect(naps.reduce((sum, ms) => sum + ms, 0)).toBeLessThan(500)
})
