import { expect, test } from 'vitest'
import { renderReceipt } from './document.ts'
import type { ReceiptFacts } from './facts.ts'
import { paidAt, textOf } from './testing.ts'

const facts: ReceiptFacts = {
  number: 'R-000042',
  issuer: ['Example School', '1 Long Street', '10115 Berlin'],
  issuedAt: '2026-09-05 10:02 UTC',
  issuedAtMs: paidAt.getTime(),
  payer: 'Ada Lovelace',
  account: '0199a4c0-0001-7011-8011-000100000011',
  course: 'Drawing from life',
  price: 'EUR 49.00',
  refunded: 'EUR 19.00',
  left: 'EUR 30.00',
  payment: '0199a4c0-0007-7081-8081-000700000081',
}

test('says who issued it, its number, when, to whom, for what, and how much of it went back', async () => {
  const text = await textOf(await renderReceipt(facts))
  const { issuedAtMs: _, issuer, ...shown } = facts
  for (const part of [...issuer, ...Object.values(shown)]) expect(text).toContain(part)
})

test('the same receipt is the same to the byte, whenever it is drawn; another is not', async () => {
  const first = await renderReceipt(facts)
  // What a PDF takes from the clock has seconds.
  const second = Math.floor(Date.now() / 1000)
  await expect.poll(() => Math.floor(Date.now() / 1000), { interval: 20, timeout: 3_000 }).toBeGreaterThan(second)
  expect((await renderReceipt(facts)).equals(first)).toBe(true)
  expect((await renderReceipt({ ...facts, refunded: 'EUR 20.00' })).equals(first)).toBe(false)
})

test.each(['Łukasz Żółć', 'Nguyễn Văn Ế', 'Ελένη Παπαδοπούλου', 'Дмитрий Іваненко', 'דוד לוי', 'محمد علي', 'Հայկ', 'დავით', 'A\u0301gnes'])(
  'the name %s can be read',
  async (payer) => {
    const text = await textOf(await renderReceipt({ ...facts, payer }))
    expect(text).toContain(payer.normalize('NFC'))
    expect(text).not.toContain('stands for a letter')
  },
)

test.each(['李小龙', '김민준', 'नरेन्द्र', 'สมชาย'])(
  'of the name %s, whose letters it lacks, it shows no others and says so',
  async (payer) => {
    const text = await textOf(await renderReceipt({ ...facts, payer: `${payer} Ω` }))
    expect(text).toContain('□ Ω')
    expect(text).toContain('stands for a letter that this typeface lacks')
    expect(text).toContain(facts.account)
  },
)

test('the longest names and titles stay on one page', async () => {
  const long = { ...facts, payer: 'W'.repeat(200), course: 'Mmmmmmmm '.repeat(40).trim() }
  const pdf = await renderReceipt(long)
  expect(pdf.toString('latin1').match(/\/Type \/Page\b/g)).toHaveLength(1)
  expect((await textOf(pdf)).replaceAll(/[\s-]/g, '')).toContain('W'.repeat(200))
})
