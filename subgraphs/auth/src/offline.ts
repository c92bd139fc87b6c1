import { openDatabase, systemClock, systemRandom, type Logger } from '@stellr/kit'
import { config } from './config.ts'
import type { Backstage } from './context.ts'
import { createServices } from './services.ts'
import { store } from './store.ts'

export interface OfflineOptions {
  /** What `config` made of the environment. */
  settings: unknown
  databaseUrl: string
  log: Logger
}

/** auth's use cases for an operator's command: nobody asks, nothing listens, no job runs. Running replicas publish its events. */
export async function openAuth({
  settings: given,
  databaseUrl,
  log,
}: OfflineOptions): Promise<{ backstage: Backstage; close(): Promise<void> }> {
  const settings = config.parse(given)
  const database = await openDatabase({ name: 'auth', url: databaseUrl, store, log })
  const tools = { settings, store: database.store, clock: systemClock, random: systemRandom, log }
  const services = await createServices(tools)
  const { signal } = new AbortController()
  return { backstage: { ...tools, store: database.store(), services, signal }, close: () => database.close() }
}
