import { expect, test } from 'vitest'
import { createLedger, kept } from './ledger.ts'

test('a ledger finds what was lost, what was refused and done all the same, what was done twice, and what nobody asked for', async () => {
  const ledger = createLedger()
  const refused = () => 'fail' as const
  for (const key of ['kept', 'lost', 'twice']) await ledger.record(key, async () => 'done')
  for (const key of ['refused', 'ghost']) await ledger.record(key, async () => 'no', refused)
  for (const key of ['perhaps', 'perhaps not']) await ledger.record(key, () => Promise.reject(new Error('cut off')))
  expect(ledger.compare(['kept', 'twice', 'twice', 'ghost', 'perhaps', 'stranger'])).toEqual({
    lost: ['lost'],
    ghosts: ['ghost'],
    doubled: ['twice'],
    strangers: ['stranger'],
  })
  expect(ledger.compare(['kept', 'lost', 'twice', 'perhaps'])).toEqual(kept)
  expect(ledger.counts()).toEqual({ ok: 3, fail: 2, unknown: 2 })
  expect(String(ledger)).toBe('3 ok, 2 fail, 2 unknown')
})

test('what is still under way is unknown', async () => {
  const ledger = createLedger()
  const answer = Promise.withResolvers<void>()
  const asking = ledger.record('one', () => answer.promise)
  expect(ledger.counts()).toMatchObject({ unknown: 1 })
  answer.resolve()
  await asking
  expect(ledger.counts()).toMatchObject({ ok: 1, unknown: 0 })
  await expect(ledger.record('one', async () => {})).rejects.toThrow('already')
})
