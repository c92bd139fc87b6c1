import { join, resolve } from 'node:path'
import { createLogger, readConfig, runningPostgresUrl, type Environment } from '@stellr/kit'
import { openProvider, payments } from '@stellr/payments'
import { databaseUrl, prepareDatabases } from '../platform/databases.ts'
import { localSecrets } from '../platform/local-secrets.ts'
import { databaseVariable, prepareGround } from '../platform/local.ts'
import { localConfig } from '../platform/settings.ts'
import type { Ledger } from './ledger.ts'

/** What an audit works on. */
export interface AuditDesk {
  databases: { payments: string; enrollments: string }
  provider: Ledger
}

const needed = ['payments', 'enrollments'] as const

/** Opens the databases and the provider that the platform uses: those that are set, else those of the platform that runs here, else its files. */
export async function atAuditDesk<T>(given: Environment, work: (desk: AuditDesk) => Promise<T>): Promise<T> {
  const dataDir = resolve(readConfig({ '': localConfig }, given)[''].dataDir)
  const found = needed.flatMap((name) => {
    const url = given[databaseVariable(name)] || runningPostgresUrl(join(dataDir, 'postgres'), `stellr_${name}`)
    return url ? [[databaseVariable(name), url]] : []
  })
  const ground = found.length === needed.length ? null : await prepareGround(given)
  try {
    const env = ground?.env ?? { ...localSecrets(dataDir), ...set(given), ...Object.fromEntries(found) }
    if (ground) await prepareDatabases(env)
    const urls = { payments: databaseUrl(env, 'payments'), enrollments: databaseUrl(env, 'enrollments') }
    const settings = readConfig({ payments: payments.config }, env).payments
    const log = createLogger({ name: 'payments', level: 'error' })
    const { provider, close } = await openProvider({ settings, databaseUrl: urls.payments, log })
    try {
      return await work({ databases: urls, provider })
    } finally {
      await close()
    }
  } finally {
    await ground?.stop()
  }
}

// A setting that is empty is not set.
function set(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value))
}
