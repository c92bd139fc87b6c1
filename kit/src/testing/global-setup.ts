import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { startEmbeddedPostgres } from '../store/embedded-postgres.ts'
import { stopLeftovers } from '../store/leftover-postgres.ts'
import { lockHolder } from '../store/process-lock.ts'

declare module 'vitest' {
  export interface ProvidedContext {
    /** The `postgres` database of the PostgreSQL server that this run of the tests has for itself. */
    testServerUrl: string
  }
}

/** Gives a run of the tests a PostgreSQL server of its own; nothing on it survives a crash of the machine, or the run. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = join(tmpdir(), `stellr-tests-${userInfo().uid}`)
  mkdirSync(home, { recursive: true, mode: 0o711 })
  await sweep(home)
  const dataDir = mkdtempSync(join(home, 'run-'))
  chmodSync(dataDir, 0o711)
  const server = await startEmbeddedPostgres({ dataDir, durable: false })
  project.provide('testServerUrl', server.url('postgres'))
  return async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  }
}

// What runs that were killed left behind. A run that has only just begun may not have taken its lock yet.
async function sweep(home: string): Promise<void> {
  for (const name of readdirSync(home)) {
    const dataDir = join(home, name)
    const found = statSync(dataDir, { throwIfNoEntry: false })
    if (!found || Date.now() - found.ctimeMs < 60_000 || lockHolder(join(dataDir, 'holder'))) continue
    await stopLeftovers(join(dataDir, 'cluster'))
    rmSync(dataDir, { recursive: true, force: true })
  }
}
