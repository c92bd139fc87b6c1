import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, onTestFinished, test } from 'vitest'
import { runSteps, staleOutputs, type Step } from './steps.ts'

let root = ''

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'steps-'))
  onTestFinished(() => rmSync(root, { recursive: true, force: true }))
  mkdirSync(join(root, 'sources'))
  write('sources/a.txt', 'a')
})

const write = (path: string, text: string) => writeFileSync(join(root, path), text)
const shout: Step = {
  name: 'shout',
  inputs: ['sources'],
  outputs: ['made/loud.txt'],
  run: async () => ({ 'made/loud.txt': readFileSync(join(root, 'sources/a.txt'), 'utf8').toUpperCase() }),
}
const names = async (steps: Step[]) => (await runSteps(root, steps)).map(({ name }) => name)

test('a step runs once, and again when an input changes or appears', async () => {
  expect(await names([shout])).toEqual(['shout'])
  expect(await names([shout])).toEqual([])
  write('sources/a.txt', 'b')
  expect(await names([shout])).toEqual(['shout'])
  expect(readFileSync(join(root, 'made/loud.txt'), 'utf8')).toBe('B')
  write('sources/new.txt', '')
  expect(await names([shout])).toEqual(['shout'])
})

test('an output that was edited or deleted by hand is made again', async () => {
  await runSteps(root, [shout])
  write('made/loud.txt', 'edited')
  expect(await names([shout])).toEqual(['shout'])
  rmSync(join(root, 'made/loud.txt'))
  expect(await names([shout])).toEqual(['shout'])
  expect(existsSync(join(root, 'made/loud.txt'))).toBe(true)
})

test('a step that failed is named, does not keep the others from being remembered, and is tried again', async () => {
  let broken = true
  const fragile: Step = {
    name: 'fragile',
    inputs: ['sources'],
    outputs: [],
    async run() {
      if (broken) throw new Error('it does not fit')
    },
  }
  await expect(runSteps(root, [fragile, shout])).rejects.toThrow('fragile: it does not fit')
  broken = false
  expect(await names([fragile, shout])).toEqual(['fragile'])
})

test('stale outputs are found without touching them', async () => {
  await runSteps(root, [shout])
  expect(await staleOutputs(root, [shout])).toEqual([])
  write('sources/a.txt', 'changed')
  expect(await staleOutputs(root, [shout])).toEqual(['made/loud.txt'])
  expect(readFileSync(join(root, 'made/loud.txt'), 'utf8')).toBe('A')
})
