import DataLoader from 'dataloader'
import type { Batching } from './store.ts'

/** Batching whose caches can be emptied: what was loaded before a change must not be served after it. */
export interface BatchingScope extends Batching {
  clear(): void
}

/**
 * The tools with which a store batches (DataLoader). With `cache` a key is asked for once in the scope's life, which fits a
 * fetch; a transaction reads its own writes, so there every tick asks anew.
 */
export function createBatching({ cache }: { cache: boolean }): BatchingScope {
  const clears: (() => void)[] = []
  const loader = <Found>(find: (keys: readonly string[]) => Promise<(key: string) => Found>): ((key: string) => Promise<Found>) => {
    const loads = new DataLoader<string, Found>(
      async (keys) => {
        const found = await find([...new Set(keys)])
        return keys.map(found)
      },
      { cache },
    )
    clears.push(() => loads.clearAll())
    return (key) => loads.load(key)
  }

  return {
    batch(rows, keyOf) {
      return loader(async (keys) => {
        const byKey = new Map((await rows(keys)).map((row) => [keyOf(row), row]))
        return (key) => byKey.get(key) ?? null
      })
    },
    batchMany(rows, keyOf) {
      const load = loader(async (keys) => {
        const byKey = Map.groupBy(await rows(keys), keyOf)
        return (key) => byKey.get(key) ?? []
      })
      // A copy for each caller: one that sorts its rows must not sort another's.
      return async (key) => [...(await load(key))]
    },
    clear() {
      for (const clear of clears) clear()
    },
  }
}
