import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startEmbeddedPostgres } from '@stellr/kit'
import { onTestFinished } from 'vitest'

/** A PostgreSQL server of a test's own, which can be restarted under those who use it. */
export interface OwnPostgres {
  url(database: string): string
  /** Ends it at once, as a crash would: nothing is finished, and the next start recovers. Resolves when it serves again. */
  restart(): Promise<void>
}

/** `durable` is whether a commit is on disk before it is acknowledged. Ends with the test. */
export async function openOwnPostgres({ durable }: { durable: boolean }): Promise<OwnPostgres> {
  const dataDir = mkdtempSync(join(tmpdir(), 'stellr-restarted-'))
  chmodSync(dataDir, 0o711)
  let server = await startEmbeddedPostgres({ dataDir, durable })
  onTestFinished(async () => {
    await server.stop()
    rmSync(dataDir, { recursive: true, force: true })
  })
  return {
    url: (database) => server.url(database),
    async restart() {
      process.kill(server.pid, 'SIGQUIT')
      await server.ended
      await server.stop()
      server = await startEmbeddedPostgres({ dataDir, durable, port: server.port })
    },
  }
}
