import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { lockHolder, LockHeldError, takeProcessLock } from './process-lock.ts'

const home = mkdtempSync(join(tmpdir(), 'process-lock-'))
const file = join(home, 'holder')
const write = (pid: number, startedAt: string) => writeFileSync(file, JSON.stringify({ pid, startedAt, since: '2026-01-01T00:00:00.000Z' }))

afterAll(() => rmSync(home, { recursive: true, force: true }))

function expectTakeover(): void {
  expect(lockHolder(file)).toBeNull()
  const lock = takeProcessLock(file)
  expect(lockHolder(file)?.pid).toBe(process.pid)
  lock.release()
}

test('a lock is held until it is released, and leaves nothing behind', () => {
  const lock = takeProcessLock(file)
  expect(() => takeProcessLock(file)).toThrow(LockHeldError)
  expect(lockHolder(file)?.pid).toBe(process.pid)
  lock.release()
  expect(lockHolder(file)).toBeNull()
  expect(readdirSync(home)).toEqual([])
})

test('the lock of a process that is gone is taken over', () => {
  write(spawnSync(process.execPath, ['--version']).pid, '1')
  expectTakeover()
})

test('the lock of a process whose number somebody else has by now is taken over', () => {
  write(process.pid, 'long ago')
  expectTakeover()
})

test('a lock file that makes no sense is taken over', () => {
  writeFileSync(file, '{ "pid":')
  expectTakeover()
})
