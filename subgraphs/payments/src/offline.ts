import { openDatabase, systemClock, systemRandom, type Logger } from '@stellr/kit'
import { config } from './config.ts'
import type { Provider } from './providers/provider.ts'
import { createProvider } from './providers.ts'
import { store } from './store.ts'

export interface OfflineOptions {
  /** What `config` made of the environment. */
  settings: unknown
  databaseUrl: string
  log: Logger
}

/** The provider that payments go to, for an operator's command: it can be asked, and does nothing by itself. */
export async function openProvider({
  settings: given,
  databaseUrl,
  log,
}: OfflineOptions): Promise<{ provider: Provider; close(): Promise<void> }> {
  const settings = config.parse(given)
  const database = await openDatabase({ name: 'payments', url: databaseUrl, store, poolSize: 2, log })
  try {
    const provider = createProvider({ settings, store: database.store, clock: systemClock, random: systemRandom, log })
    return {
      provider,
      async close() {
        await provider.close?.()
        await database.close()
      },
    }
  } catch (error) {
    await database.close()
    throw error
  }
}
