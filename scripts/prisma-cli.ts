import { execFile } from 'node:child_process'
import { fromRoot } from '../kit/src/paths.ts'

/** Runs Prisma's command line for a domain, with our schema engine. Returns what it printed; throws with it when it fails. */
export async function prisma(domain: string, urls: { url?: string; shadowUrl?: string }, args: readonly string[]): Promise<string> {
  const env = {
    ...process.env,
    PATH: `${fromRoot('node_modules/.bin')}:${process.env['PATH'] ?? ''}`,
    PRISMA_SCHEMA_ENGINE_BINARY: fromRoot('scripts/schema-engine.mjs'),
    CHECKPOINT_DISABLE: '1',
    PRISMA_HIDE_UPDATE_MESSAGE: '1',
    PRISMA_DOMAIN: domain,
    ...(urls.url && { MIGRATE_URL: urls.url }),
    ...(urls.shadowUrl && { SHADOW_URL: urls.shadowUrl }),
  }
  const cli = [fromRoot('node_modules/prisma/build/index.js'), ...args, '--config', fromRoot('scripts/prisma.config.ts')]
  return new Promise((resolve, reject) => {
    execFile(process.execPath, cli, { env, cwd: fromRoot('.') }, (error, stdout, stderr) => {
      if (error) reject(new Error(`prisma ${args.join(' ')} failed:\n${stdout}${stderr}`))
      else resolve(stdout)
    })
  })
}
