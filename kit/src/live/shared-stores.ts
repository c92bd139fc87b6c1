/** Stores for those who hear the same entry. */
export interface SharedStores<Store> {
  /** The store of one entry: what one listener has loaded of it, the next need not load again. */
  of(entry: object): Store
  /** Remembers out of which entry an event was made. */
  made(event: unknown, entry: object): void
  /** The store of the entry that an event was made of. */
  storeFor(event: unknown): Store | undefined
}

/**
 * A thousand who hear of one change ask the same of the database: whether somebody may still hear it is each one's own
 * question, but what it is decided by is read once. What is shared is `freshMs` old at most, so that somebody who comes to an
 * entry later is judged by what is true then.
 */
export function shareStores<Store>(make: () => Store, freshMs = 500): SharedStores<Store> {
  const stores = new WeakMap<object, { store: Store; until: number }>()
  const entries = new WeakMap<object, object>()
  const of = (entry: object): Store => {
    const known = stores.get(entry)
    const now = performance.now()
    if (known && now < known.until) return known.store
    const store = make()
    stores.set(entry, { store, until: now + freshMs })
    return store
  }
  return {
    of,
    made(event, entry) {
      if (typeof event === 'object' && event !== null) entries.set(event, entry)
    },
    storeFor(event) {
      const entry = typeof event === 'object' && event !== null ? entries.get(event) : undefined
      return entry && of(entry)
    },
  }
}
