import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { Environment } from '@stellr/kit'

const MODULE = 'github.com/stripe/stripe-mock'
/** Its specification is Stripe's API of 2026-08-26, one version before the one that is asked for. */
const VERSION = 'v0.203.0'

/** stripe-mock cannot be run here. The message says what is missing and what to do. */
export class StripeMockMissingError extends Error {
  override name = 'StripeMockMissingError'
}

/** Why Stripe's stripe-mock cannot be run on this machine; null when it can, perhaps after it has been built. */
export async function whyNoStripeMock(env: Environment): Promise<string | null> {
  if (existsSync(programIn(cache(env)))) return null
  try {
    await promisify(execFile)('go', ['version'])
    return null
  } catch {
    return 'there is no Go to build stripe-mock with'
  }
}

/**
 * Stripe's own stand-in for its API, which checks each request against its specification: built by Go from wherever Go is told
 * to fetch modules from, once, and kept outside of the repository. Says where it is. Throws StripeMockMissingError.
 */
export async function stripeMockProgram(env: Environment, say: (what: string) => void = () => {}): Promise<string> {
  const reason = await whyNoStripeMock(env)
  if (reason !== null) throw new StripeMockMissingError(`stripe-mock cannot be started: ${reason}. ${REMEDY}`)
  const folder = cache(env)
  if (!existsSync(programIn(folder))) await build(folder, env, say)
  return programIn(folder)
}

const REMEDY = 'Install Go 1.20 or newer (https://go.dev/dl).'

// Two may build at once: each into a folder of its own, and the first to be done stays.
async function build(folder: string, env: Environment, say: (what: string) => void): Promise<void> {
  say(`Building ${MODULE}@${VERSION} (once, about 35 MB)`)
  const parent = join(folder, '..')
  mkdirSync(parent, { recursive: true })
  const draft = mkdtempSync(join(parent, 'stripe-mock-draft-'))
  try {
    const goEnv = { ...env, GOBIN: draft, CGO_ENABLED: '0' }
    await promisify(execFile)('go', ['install', `${MODULE}@${VERSION}`], { env: goEnv, cwd: draft })
    if (!existsSync(folder)) renameSync(draft, folder)
  } catch (error) {
    if (existsSync(programIn(folder))) return
    const { stderr = '', message } = error as Error & { stderr?: string }
    throw new StripeMockMissingError(`Go could not build stripe-mock: ${stderr.trim().split('\n').at(-1) || message}. ${REMEDY}`)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

function cache(env: Environment): string {
  return join(env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'stellr', `stripe-mock-${VERSION}`)
}

function programIn(folder: string): string {
  return join(folder, 'stripe-mock')
}
