import { expect, test } from 'vitest'
import { createTranscript } from './transcript.ts'

const id = (n: number) => `0195d4a8-0000-7000-8000-00000000000${n}`
const said = (...bodies: string[]) => {
  const transcript = createTranscript()
  for (const body of bodies) transcript.add('ask', 200, 'application/json', body)
  return transcript.text()
}

test('what changes from run to run is named by its order, so that mix-ups still show', () => {
  expect(said(`"${id(1)}"`, `"${id(2)}"`)).toBe(said(`"${id(3)}"`, `"${id(4)}"`))
  expect(said(`"${id(1)}"`, `"${id(2)}"`)).not.toBe(said(`"${id(1)}"`, `"${id(1)}"`))
  expect(said('"2026-03-01T00:00:00.000Z"')).toBe(said('"2027-03-01T00:00:00.000Z"'))
})

test('where the platform listens, what opens a payment and what signs a receipt change, too; which payment does not', () => {
  const shown = (port: number, n: number, end: string) =>
    `"http://127.0.0.1:${port}/receipts?payment=${id(n)}&expires=1790000${port}&signature=${end}" "sandbox_${id(n)}_secret_${end}-_" "${id(1)}"`
  expect(said(shown(4001, 1, 'abc'))).toBe(said(shown(4002, 1, 'xyz')))
  expect(said(shown(4001, 1, 'abc'))).not.toBe(said(shown(4001, 2, 'abc')))
})

test('everything else must be the same to the byte', () => {
  expect(said('{"a":1,"b":2}')).not.toBe(said('{"b":2,"a":1}'))
  expect(said('{"a":1}')).not.toBe(said('{"a": 1}'))
})
