import { join, resolve } from 'node:path'
import { auth, openAuth } from '@stellr/auth'
import { createLogger, DomainError, environment, readConfig, runningPostgresUrl } from '@stellr/kit'
import { databaseUrl, prepareDatabases } from './platform/databases.ts'
import { localSecrets } from './platform/local-secrets.ts'
import { prepareGround } from './platform/local.ts'
import { localConfig } from './platform/settings.ts'

type Backstage = Awaited<ReturnType<typeof openAuth>>['backstage']

/** Runs an operator's command on auth's database: the one that is set, that of the platform that is running here, or its files. */
export async function onAuth(work: (backstage: Backstage) => Promise<void>): Promise<void> {
  const given = environment()
  const dataDir = resolve(readConfig({ '': localConfig }, given)[''].dataDir)
  const url = given['AUTH_DATABASE_URL'] || runningPostgresUrl(join(dataDir, 'postgres'), 'stellr_auth')
  const ground = url ? null : await prepareGround(given)
  try {
    const env = ground?.env ?? { ...localSecrets(dataDir), ...given, AUTH_DATABASE_URL: url ?? undefined }
    if (ground) await prepareDatabases(env)
    const settings = readConfig({ auth: auth.config }, env).auth
    const { backstage, close } = await openAuth({
      settings,
      databaseUrl: databaseUrl(env, 'auth'),
      log: createLogger({ name: 'auth', level: 'warn' }),
    })
    try {
      await work(backstage)
    } finally {
      await close()
    }
  } finally {
    await ground?.stop()
  }
}

/** Says what an operator can put right without a stack. */
export async function command(run: () => Promise<void>): Promise<void> {
  await run().catch((error: unknown) => {
    console.error(explain(error))
    process.exitCode = 1
  })
}

function explain(error: unknown): unknown {
  if (error instanceof DomainError && Array.isArray(error.details)) {
    return error.details.map(({ path, message }) => `${path}: ${message}`).join('\n')
  }
  return error instanceof Error ? error.message : error
}
