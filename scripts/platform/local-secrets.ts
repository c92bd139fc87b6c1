import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const names = ['AUTH_SECRET', 'PASSPORT_SECRET', 'PAYMENTS_SECRET'] as const

const stored = z.partialRecord(z.enum(names), z.string())

/**
 * Secrets that nobody set: made up once and kept in the data folder, readable by its owner only. Losing the file ends every
 * session and makes stored signing keys useless.
 */
export function localSecrets(dataDir: string): Record<(typeof names)[number], string> {
  const file = join(dataDir, 'secrets.json')
  const known = existsSync(file) ? stored.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const fresh = () => randomBytes(32).toString('base64url')
  const secrets = {
    AUTH_SECRET: known.AUTH_SECRET ?? fresh(),
    PASSPORT_SECRET: known.PASSPORT_SECRET ?? fresh(),
    PAYMENTS_SECRET: known.PAYMENTS_SECRET ?? fresh(),
  }
  if (names.some((name) => known[name] === undefined)) {
    mkdirSync(dataDir, { recursive: true })
    writeFileSync(file, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  }
  return secrets
}
