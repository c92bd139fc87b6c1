import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyPostgres, installedPostgres } from './postgres-binaries.ts'

test('a copy of PostgreSQL is whole, runs for everybody, and is made once', () => {
  const parent = mkdtempSync(join(tmpdir(), 'postgres copy '))
  onTestFinished(() => rmSync(parent, { recursive: true, force: true }))
  // What a copy that was interrupted leaves behind.
  mkdirSync(join(parent, `postgres-1-abc/native`), { recursive: true })
  const { native } = installedPostgres()
  const copy = copyPostgres(parent, native, '1')
  const program = join(copy, 'bin/postgres')
  expect(spawnSync(program, ['--version'], { env: {}, encoding: 'utf8' }).stdout).toContain('(PostgreSQL) 18')
  expect(statSync(program).mode & 0o005).toBe(0o005)
  expect(statSync(join(copy, 'share')).mode & 0o005).toBe(0o005)
  expect(copyPostgres(parent, native, '1')).toBe(copy)
  expect(readdirSync(parent).toSorted()).toEqual(['postgres-1', 'postgres-1-abc'])
})
