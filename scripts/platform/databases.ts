import { createDatabaseIfMissing, migrate, usesKafka, type Environment } from '@stellr/kit'
import { domains } from '@stellr/schema'
import { databaseVariable } from './local.ts'
import { subgraphs } from './subgraphs.ts'

/** Creates the databases that are missing and brings them all up to date, side by side. Says which migrations it applied. */
export async function prepareDatabases(env: Environment): Promise<string[]> {
  const applied = await Promise.all([
    usesKafka(env) ? [] : createDatabaseIfMissing(databaseUrl(env, 'events')).then(() => []),
    ...domains.map(async (domain) => {
      const url = databaseUrl(env, domain)
      await createDatabaseIfMissing(url)
      const names = await migrate(url, subgraphs[domain].migrations)
      return names.map((name) => `${domain}/${name}`)
    }),
  ])
  return applied.flat()
}

/** The address of a domain's database, or of `events`. */
export function databaseUrl(env: Environment, name: string): string {
  const url = env[databaseVariable(name)]
  if (url === undefined) throw new Error(`${databaseVariable(name)} is not set`)
  return url
}
