import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { localSecrets } from './local-secrets.ts'

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'secrets-'))
  onTestFinished(() => rmSync(made, { recursive: true, force: true }))
  return made
}

test('secrets are made up once, long enough, and for their owner only', () => {
  const dataDir = folder()
  const secrets = localSecrets(dataDir)
  expect(localSecrets(dataDir)).toEqual(secrets)
  expect(localSecrets(folder())).not.toEqual(secrets)
  for (const secret of Object.values(secrets)) expect(Buffer.from(secret, 'base64url')).toHaveLength(32)
  expect(statSync(join(dataDir, 'secrets.json')).mode & 0o077).toBe(0)
})

test('a secret that a later version needs is added to those that are there', () => {
  const dataDir = folder()
  writeFileSync(join(dataDir, 'secrets.json'), '{ "AUTH_SECRET": "kept" }')
  const { AUTH_SECRET, PASSPORT_SECRET } = localSecrets(dataDir)
  expect(AUTH_SECRET).toBe('kept')
  expect(localSecrets(dataDir).PASSPORT_SECRET).toBe(PASSPORT_SECRET)
})
