import { join, resolve } from 'node:path'
import {
  createLogger,
  openEventLog,
  readConfig,
  runningPostgresUrl,
  systemRandom,
  type DomainEvents,
  type Environment,
  type EventLog,
  type Random,
} from '@stellr/kit'
import { domains } from '@stellr/schema'
import { databaseUrl, prepareDatabases } from '../platform/databases.ts'
import { databaseNames, databaseVariable, prepareGround } from '../platform/local.ts'
import { localConfig } from '../platform/settings.ts'
import { subgraphs } from '../platform/subgraphs.ts'

/** What an operator's commands work on. */
export interface Desk {
  /** Every domain, in the order in which they are shown. */
  domains: readonly DomainEvents[]
  /** Opened when it is first asked for. */
  eventLog(): Promise<EventLog>
  random: Random
}

/**
 * Opens the databases and the event log that the platform uses: those that are set, else those of the platform that is
 * running here, else its files. Nothing of the platform is started.
 */
export async function atDesk<T>(given: Environment, work: (desk: Desk) => Promise<T>): Promise<T> {
  const { dataDir } = readConfig({ '': localConfig }, given)['']
  const log = createLogger({ name: 'events', level: 'fatal' })
  const running = runningDatabases(given, join(resolve(dataDir), 'postgres'))
  const ground = running ? null : await prepareGround(given)
  const closing: (() => Promise<void>)[] = []
  try {
    const env = ground?.env ?? { ...given, ...running }
    if (ground) await prepareDatabases(env)
    const opened: DomainEvents[] = []
    for (const domain of domains) {
      const events = await subgraphs[domain].openEvents({ databaseUrl: databaseUrl(env, domain), log })
      closing.push(events.close)
      opened.push(events)
    }
    let eventLog: Promise<EventLog> | undefined
    closing.push(async () => (await eventLog?.catch(() => undefined))?.close())
    return await work({ domains: opened, eventLog: () => (eventLog ??= openEventLog(env, log)), random: systemRandom })
  } finally {
    for (const close of closing.toReversed()) await close()
    await ground?.stop()
  }
}

// What is not set is with the PostgreSQL of the platform that is running here. Null when there is none, and one would be needed.
function runningDatabases(given: Environment, folder: string): Record<string, string> | null {
  const found: Record<string, string> = {}
  for (const name of databaseNames(given)) {
    const url = given[databaseVariable(name)] || runningPostgresUrl(folder, `stellr_${name}`)
    if (!url) return null
    found[databaseVariable(name)] = url
  }
  return found
}
